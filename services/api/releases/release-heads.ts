import type { ReleasesAnswer } from '../../../schemas/answers/releases.ts';
import type { Profile, Transition } from '../../../schemas/release.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { Decisions } from '../../ports/decisions.ts';
import type { Deliveries, DeliveryRecord } from '../../ports/deliveries.ts';
import type { ReleaseEntry, ReleaseId, Releases } from '../../ports/releases.ts';
import { timeOf } from './release-deps.ts';

type Row = ReleasesAnswer['releases'][number];
type Head = Pick<Row, 'profile' | 'cells' | 'sample'>;
type Store = Releases & CloseProgress & Decisions & Deliveries;

/** What lists say of releases besides their files. A release never changes: each is read once in a process's life. */
export class ReleaseHeads {
  readonly #store: Store;
  readonly #heads = new Map<string, Promise<Head>>();

  constructor(store: Store) {
    this.#store = store;
  }

  async rows(entries: readonly ReleaseEntry[]): Promise<Row[]> {
    const [transitions, deliveries] = await Promise.all([this.#store.transitions(), this.#store.deliveries()]);
    return Promise.all(
      entries.map(async ({ files, ...entry }) => ({
        ...entry,
        ...(await this.#headOf(entry)),
        at: timeOf(await this.#madeAt(entry, transitions)),
        fetchedAt: fetchedAt(entry, deliveries),
        files: [...files],
      })),
    );
  }

  #headOf(entry: ReleaseId): Promise<Head> {
    const key = JSON.stringify([entry.period, entry.party, entry.revision]);
    const head = this.#heads.get(key) ?? this.#read(entry);
    this.#heads.set(key, head);
    head.catch(() => this.#heads.delete(key));
    return head;
  }

  async #read({ period, party, revision }: ReleaseId): Promise<Head> {
    return headOf((await this.#store.releaseFile(period, party, revision, 'release.json')) ?? '{}');
  }

  /** Amendments follow what was decided. */
  async #madeAt({ period, revision }: ReleaseId, transitions: readonly Transition[]): Promise<number> {
    const released = transitions.find((one) => one.period === period && one.step === 'RELEASED')?.at ?? 0;
    const decisions = revision === 0 ? [] : await this.#store.decisions(period);
    return Math.max(released, ...decisions.filter(({ decision }) => decision === 'approve').map(({ at }) => at));
  }
}

interface Sample {
  readonly sites: number | null;
  readonly sitesMargin: number | null;
}

/** Of both forms: the first has the sample apart, the second among the cells. */
function headOf(content: string): Head {
  const read = JSON.parse(content) as {
    readonly profile?: Profile;
    readonly sample?: Sample;
    readonly cells?: readonly (Sample & { readonly query: string })[];
  };
  const cells = read.cells ?? [];
  const { sites = null, sitesMargin = null } = read.sample ?? cells.find(({ query }) => query === 'all') ?? {};
  return { profile: read.profile ?? 'noised', cells: cells.length, sample: { sites, sitesMargin } };
}

/** When its party had it for the first time. */
function fetchedAt(entry: ReleaseId, deliveries: readonly DeliveryRecord[]): string | null {
  const had = deliveries.find(
    ({ period, party, revision, event }) =>
      period === entry.period &&
      party === entry.party &&
      revision === entry.revision &&
      (event === 'downloaded' || event === 'delivered'),
  );
  return had ? timeOf(had.at) : null;
}
