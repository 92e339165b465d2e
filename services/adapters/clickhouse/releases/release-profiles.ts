import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { ProfileChoice, ReleaseProfileStore } from '../../../ports/release-profiles.ts';
import type { Connections } from '../client/open-client.ts';
import { appendEvent } from './inserts.ts';

const PROFILES = `SELECT since, profile, at, by FROM release_profiles ORDER BY seq, nonce`;

type ProfileRow = Omit<ProfileChoice, 'since'> & { readonly since: number };

export function releaseProfileStore({ write, read }: Connections): ReleaseProfileStore {
  return {
    async profiles() {
      const rows = await read.rows<ProfileRow>(PROFILES);
      return rows.map(({ since, ...row }) => ({ since: periodFromNumber(since), ...row }));
    },
    addProfile: async ({ since, profile, at, by }) =>
      appendEvent(write, 'release_profiles', 'since, profile, at, by', [periodNumber(since), profile, at, by]),
  };
}
