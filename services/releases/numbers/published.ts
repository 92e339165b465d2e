import type { Profile } from '../../../schemas/release.ts';
import type { ReleasedCell } from '../../../schemas/release-file.ts';

/** A cell as manufacturers see it: rounded numbers, each with its margin (95 %). */
export type PublishedCell = Readonly<ReleasedCell>;

/** What is published of a period, for all parties together: every slice is cut from it. */
export interface Published {
  readonly profile: Profile;
  /** The sum of the published platform cells; null without any. */
  readonly sampleSites: number | null;
  readonly sampleMargin: number | null;
  readonly modelsReleased: boolean;
  /** In the order of a release. */
  readonly cells: readonly PublishedCell[];
}
