import { createHash } from 'node:crypto';
import type { Period } from '../../../../schemas/period.ts';
import { type NoisedCell, QUERY_NAMES } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type {
  CloseFailure,
  Decision,
  DeliveryRecord,
  LedgerEntry,
  NoiseKey,
  ProfileChoice,
  ReleaseEntry,
  ReleaseFile,
  ReleaseStore,
  StoredAgreement,
  Transition,
} from '../../../ports/release-store.ts';
import { Failure } from '../../../shared/failure.ts';
import { drawNonce } from '../../../shared/random.ts';
import type { Clients, SqlClient } from '../client/open-client.ts';
import { appendEvent, insertRows, takePlace } from './inserts.ts';
import * as rows from './release-rows.ts';
import * as sql from './release-sql.ts';

/** In the tables of `0005_releases.sql`, in the process or on a server. Migrating and closing are the count store's. */
export class ClickHouseReleaseStore implements ReleaseStore {
  readonly #write: SqlClient;
  readonly #read: SqlClient;

  constructor(clients: Clients) {
    this.#write = clients.write;
    this.#read = clients.read;
  }

  async transitions(): Promise<Transition[]> {
    return (await this.#read.rows<rows.TransitionRow>(sql.TRANSITIONS)).map(rows.transitionOf);
  }

  addTransition({ period, seq, step, at, nonce, detail }: Transition): Promise<boolean> {
    const place = {
      token: `close-${period}-${seq}`,
      holders: sql.TRANSITION_HOLDERS,
      parameters: { period: periodNumber(period), seq },
      target: sql.TRANSITION_COLUMNS,
    };
    const row = [periodNumber(period), seq, step, at, nonce, JSON.stringify(detail)];
    return takePlace(this.#write, place, nonce, [row]);
  }

  async addCloseFailure({ period, at, code }: CloseFailure): Promise<void> {
    await appendEvent(this.#write, 'close_failures', 'period, at, code', [periodNumber(period), at, code]);
  }

  async closeFailures(): Promise<CloseFailure[]> {
    const found = await this.#read.rows<{ period: number; at: number; code: string }>(sql.CLOSE_FAILURES);
    return found.map((row) => ({ ...row, period: periodFromNumber(row.period) }));
  }

  async ensureNoiseKey(period: Period, fresh: NoiseKey): Promise<NoiseKey> {
    const before = await this.noiseKey(period);
    if (before) return before;
    const row = [periodNumber(period), fresh.key, fresh.digest];
    await insertRows(this.#write, sql.NOISE_KEY_COLUMNS, `noise-${period}`, [row]);
    const holds = await this.noiseKey(period);
    // Dropped between the insert and this look: which key it was that held, nobody can say any more.
    if (!holds) throw new Failure('noise-key-gone');
    return holds;
  }

  async noiseKey(period: Period): Promise<NoiseKey | undefined> {
    const there = await this.#write.rows<NoiseKey>(sql.NOISE_KEY, { period: periodNumber(period) });
    if (there.length > 1) throw new Failure('place-taken-twice');
    return there[0];
  }

  async destroyNoiseKey(period: Period): Promise<void> {
    await this.#write.run(sql.DROP_NOISE_KEY, { period: periodNumber(period) });
  }

  /** Some thousand rows: one block of the engine, so that it is there whole or not at all. */
  async writeNoised(period: Period, attempt: number, cells: readonly NoisedCell[]): Promise<void> {
    if (cells.length === 0) return;
    const lines = cells.map((cell) => rows.noisedLine(periodNumber(period), attempt, cell));
    await insertRows(this.#write, sql.NOISED_COLUMNS, `noised-${period}-${attempt}`, lines);
  }

  noised(period: Period, attempt: number): Promise<NoisedCell[]> {
    return this.#read.rows<NoisedCell>(sql.NOISED, { period: periodNumber(period), attempt, queries: QUERY_NAMES });
  }

  async keepNoised(period: Period, attempt: number): Promise<void> {
    const parameters = { period: periodNumber(period) };
    const stored = await this.#write.rows<{ attempt: number }>(sql.NOISED_ATTEMPTS, parameters);
    for (const other of stored)
      if (other.attempt !== attempt) await this.#write.run(sql.DROP_NOISED, { ...parameters, attempt: other.attempt });
  }

  async ledger(): Promise<LedgerEntry[]> {
    return (await this.#read.rows<rows.LedgerRow>(sql.LEDGER)).map(rows.ledgerEntryOf);
  }

  addLedgerEntry({ period, at, profile, rho, epsilon, delta }: LedgerEntry): Promise<boolean> {
    const nonce = drawNonce();
    const place = {
      token: `ledger-${period}`,
      holders: sql.LEDGER_HOLDERS,
      parameters: { period: periodNumber(period) },
      target: sql.LEDGER_COLUMNS,
    };
    return takePlace(this.#write, place, nonce, [[periodNumber(period), at, profile, rho, epsilon, delta, nonce]]);
  }

  async profiles(): Promise<ProfileChoice[]> {
    return (await this.#read.rows<rows.ProfileRow>(sql.PROFILES)).map(rows.profileChoiceOf);
  }

  async addProfile({ since, profile, at, by }: ProfileChoice): Promise<void> {
    const row = [periodNumber(since), profile, at, by];
    await appendEvent(this.#write, 'release_profiles', 'since, profile, at, by', row);
  }

  async agreements(): Promise<StoredAgreement[]> {
    return (await this.#read.rows<rows.AgreementRow>(sql.AGREEMENTS)).map(rows.agreementOf);
  }

  async putAgreement(agreement: StoredAgreement): Promise<void> {
    await appendEvent(this.#write, 'agreements', rows.AGREEMENT_COLUMNS, rows.agreementLine(agreement));
  }

  async endAgreement(party: string, at: number, by: string): Promise<void> {
    await appendEvent(this.#write, 'agreements', rows.AGREEMENT_COLUMNS, rows.agreementEnd(party, at, by));
  }

  async addRelease(files: readonly ReleaseFile[]): Promise<boolean> {
    const { period, party, revision } = onlyRelease(files);
    const nonce = drawNonce();
    const place = {
      token: `release-${period}-${revision}-${wordOf(party)}`,
      holders: sql.RELEASE_HOLDERS,
      parameters: { period: periodNumber(period), party, revision },
      target: sql.RELEASE_COLUMNS,
    };
    const lines = files.map(({ name, content }) => [periodNumber(period), party, revision, name, content, nonce]);
    return takePlace(this.#write, place, nonce, lines);
  }

  async releases(): Promise<ReleaseEntry[]> {
    return (await this.#read.rows<rows.ReleaseRow>(sql.RELEASES)).map(rows.releaseEntryOf);
  }

  async releaseFile(period: Period, party: string, revision: number, name: string): Promise<string | undefined> {
    const parameters = { period: periodNumber(period), party, revision, name };
    const [file] = await this.#read.rows<{ content: string }>(sql.RELEASE_FILE, parameters);
    return file?.content;
  }

  async decisions(period: Period): Promise<Decision[]> {
    const found = await this.#read.rows<rows.DecisionRow>(sql.DECISIONS, { period: periodNumber(period) });
    return found.map((row) => rows.decisionOf(period, row));
  }

  async addDecision(decision: Decision): Promise<void> {
    await appendEvent(this.#write, 'release_decisions', rows.DECISION_COLUMNS, rows.decisionLine(decision));
  }

  async deliveries(): Promise<DeliveryRecord[]> {
    return (await this.#read.rows<rows.DeliveryRow>(sql.DELIVERIES)).map(rows.deliveryOf);
  }

  async addDelivery(record: DeliveryRecord): Promise<void> {
    await appendEvent(this.#write, 'deliveries', rows.DELIVERY_COLUMNS, rows.deliveryLine(record));
  }
}

/** A party's name may hold blanks and such, a token may not. */
function wordOf(party: string): string {
  return createHash('sha256').update(party).digest('hex').slice(0, 32);
}

function onlyRelease(files: readonly ReleaseFile[]): ReleaseFile {
  const [first] = files;
  const same = (one: ReleaseFile) =>
    one.period === first?.period && one.party === first.party && one.revision === first.revision;
  if (!first || !files.every(same)) throw new RangeError('not the files of one release');
  return first;
}
