import { PROFILES } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { ProfileChoice, ReleaseProfileStore } from '../../../ports/release-profiles.ts';
import { known } from '../client/known.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent } from './inserts.ts';

const CHOICES = `SELECT since, profile, at, by FROM release_profiles ORDER BY seq, nonce`;

type ProfileRow = Omit<ProfileChoice, 'since' | 'profile'> & { readonly since: number; readonly profile: string };

export function releaseProfileStore({ write, read }: Connections): ReleaseProfileStore {
  return {
    async profiles() {
      const rows = await read.rows<ProfileRow>(CHOICES);
      return rows.map(({ since, profile, ...row }) => ({
        ...row,
        since: periodFromNumber(since),
        profile: known(PROFILES, profile),
      }));
    },
    addProfile: async ({ since, profile, at, by }) =>
      appendEvent(write, 'release_profiles', 'since, profile, at, by', [periodNumber(since), profile, at, by]),
  };
}
