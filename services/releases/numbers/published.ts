import type { Profile, QueryName, ReleaseCell } from '../../../schemas/release.ts';
import type { ReleasedCell } from '../../../schemas/release-file.ts';
import type { PhonesPerSite } from './shown.ts';

/** A cell as manufacturers see it: rounded numbers, each with its margin (95 %). */
export type PublishedCell = Readonly<ReleasedCell>;

/** What is published of a period, for all parties together: every slice is cut from it. */
export interface Published {
  readonly profile: Profile;
  readonly cap: number;
  /** Of each query: its part of the public list, and from how many sites on a cell of it is published. */
  readonly coverage: readonly {
    readonly query: QueryName;
    readonly listed: readonly ReleaseCell[];
    readonly from: number;
  }[];
  /** False where fewer sites report than a release needs: no cell is published but the number of all sites. */
  readonly largeEnough: boolean;
  /** In the order of a release. */
  readonly cells: readonly PublishedCell[];
  /** For the gates of the month after. */
  readonly perSite: PhonesPerSite;
}
