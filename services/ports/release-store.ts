import type { Period } from '../../schemas/period.ts';
import type { Agreement, CloseStep, DeliveryEvent, NoisedCell, Profile, QueryName } from '../../schemas/release.ts';

/** One step of a period's close that was finished. */
export interface Transition {
  readonly period: Period;
  /** 1 for CLOSING, 2 for DRAINED and so on: a place that is taken once. */
  readonly seq: number;
  readonly step: CloseStep;
  /** Milliseconds since 1970, as all times here. */
  readonly at: number;
  /** Random: tells apart two workers that finished the same step. */
  readonly nonce: string;
  /** What the next steps need to know: ids, digests of published bytes, counts of cells. Never a fact. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/** The finished steps of a period by name, in their order. */
export function stepsOf(all: readonly Transition[], period: Period): ReadonlyMap<CloseStep, Transition> {
  return new Map(all.filter((one) => one.period === period).map((one) => [one.step, one]));
}

/** The newest released period before `period`, with the attempt that its noised cube lies under. */
export function lastReleased(
  all: readonly Transition[],
  period: Period,
): { readonly period: Period; readonly attempt: number } | undefined {
  const released = new Set(all.filter(({ step }) => step === 'RELEASED').map((one) => one.period));
  const noised = all.filter((one) => one.step === 'NOISED' && one.period < period && released.has(one.period)).at(-1);
  return noised && { period: noised.period, attempt: Number(noised.detail.attempt) };
}

/** A close that ended in a failure. */
export interface CloseFailure {
  readonly period: Period;
  readonly at: number;
  /** The failure's code. */
  readonly code: string;
}

/** What noise is drawn from: destroyed with the facts. */
export interface NoiseKey {
  /** 32 random bytes, hexadecimal. */
  readonly key: string;
  /** Of the frozen cube, hexadecimal: the same snapshot gives the same noise, another is refused. Never leaves the server. */
  readonly digest: string;
}

/** What a period's release cost: one entry a period, ever. */
export interface LedgerEntry {
  readonly period: Period;
  readonly at: number;
  readonly profile: Profile;
  /** zCDP; null when the release carries no noise. */
  readonly rho: number | null;
  /** At {@link delta}; null for unbounded. */
  readonly epsilon: number | null;
  readonly delta: number | null;
}

/** The profile of periods from `since` on, until another one is chosen. */
export interface ProfileChoice {
  readonly since: Period;
  readonly profile: Profile;
  readonly at: number;
  /** Id of the key that chose. */
  readonly by: string;
}

export interface StoredAgreement extends Agreement {
  readonly at: number;
  readonly by: string;
}

/** One file of a party's release. */
export interface ReleaseFile {
  readonly period: Period;
  readonly party: string;
  /** 0 for the first, one more for each amendment. */
  readonly revision: number;
  /** Such as `release.json`. */
  readonly name: string;
  readonly content: string;
}

/** A release of one party. */
export type ReleaseId = Pick<ReleaseFile, 'period' | 'party' | 'revision'>;

/** The files of one release without their content. */
export interface ReleaseEntry {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** A reviewer's word on a cell that was held. */
export interface Decision {
  readonly period: Period;
  readonly cell: {
    readonly query: QueryName;
    readonly platform: string;
    readonly vendor: string;
    readonly model: string;
    readonly category: string;
  };
  readonly decision: 'approve' | 'suppress';
  readonly at: number;
  readonly by: string;
}

/** Who was given what, when: append-only. */
export interface DeliveryRecord {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  readonly event: DeliveryEvent;
  readonly at: number;
  /** `webhook`, `download`; the HTTP status or a failure's code. Never an address. */
  readonly way: string;
  readonly outcome: string;
}

/**
 * What closes and releases leave behind. Rows are only ever added, but for {@link destroyNoiseKey} and
 * {@link keepNoised}. Every process of an installation shares one, and what one has written, a later read of any other
 * finds. Failures are those of the count store, and `place-taken-twice` where two rows have a place that only one can.
 */
export interface ReleaseStore {
  /** Oldest period first, in the order of the steps. */
  transitions(): Promise<Transition[]>;
  /**
   * True when the transition has its place, also when it took it before; false, and nothing is written, when another
   * has it.
   */
  addTransition(transition: Transition): Promise<boolean>;

  addCloseFailure(failure: CloseFailure): Promise<void>;
  /** The newest of each period. */
  closeFailures(): Promise<CloseFailure[]>;

  /**
   * The key that holds for the period: the given one unless there is one already. After {@link destroyNoiseKey} there
   * is none, so a given one holds again.
   */
  ensureNoiseKey(period: Period, fresh: NoiseKey): Promise<NoiseKey>;
  noiseKey(period: Period): Promise<NoiseKey | undefined>;
  /** Leaves no byte of it. A period without one is no error. */
  destroyNoiseKey(period: Period): Promise<void>;

  /** All or nothing, under an attempt's id (a safe integer). Of an attempt that is written again the first holds. */
  writeNoised(period: Period, attempt: number, cells: readonly NoisedCell[]): Promise<void>;
  /** In the order of queries, then by name. */
  noised(period: Period, attempt: number): Promise<NoisedCell[]>;
  /** Drops what other attempts have left. */
  keepNoised(period: Period, attempt: number): Promise<void>;

  /** Oldest period first. */
  ledger(): Promise<LedgerEntry[]>;
  /** False, and nothing is written, when the period has an entry. */
  addLedgerEntry(entry: LedgerEntry): Promise<boolean>;

  /** In the order in which they were made. */
  profiles(): Promise<ProfileChoice[]>;
  addProfile(choice: ProfileChoice): Promise<void>;

  /** The newest of each party, by name; those that were ended are not there. */
  agreements(): Promise<StoredAgreement[]>;
  putAgreement(agreement: StoredAgreement): Promise<void>;
  endAgreement(party: string, at: number, by: string): Promise<void>;

  /** Writes a release whole. False, and nothing is written, when the party has this revision of the period. */
  addRelease(files: readonly ReleaseFile[]): Promise<boolean>;
  /** Newest period first, then by party and revision; files by name. */
  releases(): Promise<ReleaseEntry[]>;
  releaseFile(period: Period, party: string, revision: number, name: string): Promise<string | undefined>;

  /** Oldest first, of each cell the first that was made: it holds. */
  decisions(period: Period): Promise<Decision[]>;
  addDecision(decision: Decision): Promise<void>;

  /** Oldest first. */
  deliveries(): Promise<DeliveryRecord[]>;
  addDelivery(record: DeliveryRecord): Promise<void>;
}
