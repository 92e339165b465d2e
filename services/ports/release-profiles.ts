import type { Period } from '../../schemas/period.ts';
import type { Profile } from '../../schemas/release.ts';

/** The profile of periods from `since` on, until another one is chosen. */
export interface ProfileChoice {
  readonly since: Period;
  readonly profile: Profile;
  readonly at: number;
  /** Id of the key that chose. */
  readonly by: string;
}

export interface ReleaseProfiles {
  /** In the order in which they were made. */
  profiles(): Promise<ProfileChoice[]>;
}

export interface ReleaseProfileStore extends ReleaseProfiles {
  addProfile(choice: ProfileChoice): Promise<void>;
}
