import { createHash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import type { NoisedCell, Transition } from '../../schemas/release.ts';
import { migrate } from '../../services/adapters/clickhouse/client/migrations.ts';
import type { Clients, Connections, SqlClient } from '../../services/adapters/clickhouse/client/sql-client.ts';
import {
  type ClickHouseReleases,
  clickhouseReleases,
} from '../../services/adapters/clickhouse/releases/clickhouse-releases.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { StoredAgreement } from '../../services/ports/agreements.ts';
import type { Decision } from '../../services/ports/decisions.ts';
import type { DeliveryRecord } from '../../services/ports/deliveries.ts';
import type { LedgerEntry } from '../../services/ports/ledger.ts';
import type { NoiseKey } from '../../services/ports/noise-keys.ts';
import type { ReleaseFile } from '../../services/ports/releases.ts';
import { packageRoot } from '../../services/shared/package-root.ts';
import { Thrown } from '../support/failures.ts';
import { piecesOf, textsInFiles } from '../support/scan-files.ts';

export interface ReleaseStoreAdapter {
  /** Stands in the suite's name. */
  readonly name: string;
  /** Connections to one database, as several processes would have them. */
  open(): Promise<Clients>;
  /** Where the engine keeps its bytes; null when that cannot be looked at. */
  directory(): string | null;
}

const [JULY, AUGUST, SEPTEMBER] = ['2026-07', '2026-08', '2026-09'].map(parsePeriod) as [Period, Period, Period];
const AT = Date.parse('2026-10-04T00:10:00Z');
/** What a name or a text may hold and a statement must not stumble over. */
const ODD = `Zoë 'O\\' "Hara" {id:String} -- ; DROP TABLE ledger /* \n\t$\` \\N`;

/** The port's promises, one test each. */
export function describeReleaseStore({ name, open, directory }: ReleaseStoreAdapter): void {
  describe(`the release store (${name})`, () => {
    const thrown = new Thrown();
    let store: ClickHouseReleases;
    /** Another process. */
    let other: ClickHouseReleases;
    let sql: SqlClient;
    /** Every statement that `store` or `other` made, with its parameters. */
    const said: string[] = [];
    const clients: Clients[] = [];

    beforeAll(async () => {
      clients.push(await open(), await open());
      const [one, two] = clients as [Clients, Clients];
      await migrate(one.write, join(packageRoot(), 'schemas', 'clickhouse'));
      sql = one.read;
      store = thrown.watch(clickhouseReleases(overheard(one, said)));
      other = thrown.watch(clickhouseReleases(overheard(two, said)));
    });
    afterAll(async () => {
      for (const one of clients) await one.close();
      thrown.expectOfTheSet('place-taken-twice', 'unknown-row');
    });

    /** Everybody at once; how many were told that the place is theirs. */
    async function race(take: (one: ClickHouseReleases, i: number) => Promise<boolean>): Promise<boolean[]> {
      return Promise.all([store, other, store, other].map(take));
    }

    const transition = (more: Partial<Transition> = {}): Transition => ({
      period: AUGUST,
      seq: 1,
      step: 'CLOSING',
      at: AT,
      nonce: randomBytes(8).toString('hex'),
      detail: { attempt: 2 ** 47 - 1, digest: 'ab', said: ODD, share: 0.5 },
      ...more,
    });

    test('a place in a close is given once, and the others are told', async () => {
      const steps = ['CLOSING', 'DRAINED', 'FROZEN'] as const;
      for (const [i, step] of steps.entries()) {
        const rivals = [0, 1, 2, 3].map(() => transition({ seq: i + 1, step }));
        const taken = await race((one, n) => one.addTransition(rivals[n] as Transition));
        expect(taken.filter(Boolean), step).toHaveLength(1);
        expect((await other.transitions()).filter((one) => one.step === step)).toEqual([rivals[taken.indexOf(true)]]);
      }
    });

    test('a transition that has its place is told so again, and is there once', async () => {
      const mine = transition({ period: JULY });
      expect(await store.addTransition(mine)).toBe(true);
      expect(await other.addTransition(mine)).toBe(true);
      expect(await other.addTransition({ ...mine, nonce: 'another' })).toBe(false);
      expect((await store.transitions()).filter(({ period }) => period === JULY)).toEqual([mine]);
    });

    test('of the failures of a close the newest is told', async () => {
      await store.addCloseFailure({ period: JULY, at: AT, code: 'log-unavailable' });
      await store.addCloseFailure({ period: JULY, at: AT + 1, code: 'clock-skew' });
      expect(await other.closeFailures()).toEqual([{ period: JULY, at: AT + 1, code: 'clock-skew' }]);
    });

    test('transitions come oldest period first, in the order of the steps', async () => {
      await store.addTransition(transition({ period: JULY, seq: 3, step: 'FROZEN' }));
      await store.addTransition(transition({ period: JULY, seq: 2, step: 'DRAINED' }));
      const places = (await other.transitions()).map(({ period, seq }) => `${period} ${seq}`);
      expect(places).toEqual(['2026-07 1', '2026-07 2', '2026-07 3', '2026-08 1', '2026-08 2', '2026-08 3']);
    });

    test('a place that was taken before the engine forgot the token stays taken', async () => {
      const [first] = await store.transitions();
      const window = (size: number) =>
        sql.run(`ALTER TABLE close_transitions MODIFY SETTING non_replicated_deduplication_window = ${size}`);
      const fill = (token: string) =>
        sql.insertLines(`close_transitions SETTINGS insert_deduplication_token = '${token}'`, [FILLER]);
      await window(2);
      for (const token of ['filler-1', 'filler-2', 'filler-3', 'filler-1']) await fill(token);
      expect((await store.transitions()).filter(({ nonce }) => nonce === 'filler')).toHaveLength(4);
      expect(await other.addTransition({ ...(first as Transition), nonce: 'late' })).toBe(false);
      await window(1_000);
      expect((await other.transitions()).filter(({ period, seq }) => period === JULY && seq === 1)).toEqual([first]);
    });

    test('a place that two have in spite of all is nobody’s', async () => {
      await sql.run(
        "INSERT INTO close_transitions SELECT period, seq, step, at, 'forged', detail FROM close_transitions WHERE period = 202607 AND seq = 3",
      );
      const third = transition({ period: JULY, seq: 3, step: 'FROZEN' });
      await expect(store.addTransition(third)).rejects.toMatchObject({ code: 'place-taken-twice', retryable: false });
    });

    const freshKey = (): NoiseKey => ({
      key: randomBytes(32).toString('hex'),
      digest: createHash('sha256').update(randomBytes(8)).digest('hex'),
    });

    test('the first noise key of a period holds for everybody', async () => {
      expect(await store.noiseKey(AUGUST)).toBeUndefined();
      const rivals = [freshKey(), freshKey(), freshKey(), freshKey()];
      const given = await Promise.all(
        [store, other, store, other].map((one, i) => one.ensureNoiseKey(AUGUST, rivals[i] as NoiseKey)),
      );
      expect(rivals).toContainEqual(given[0]);
      for (const key of given) expect(key).toEqual(given[0]);
      expect(await other.ensureNoiseKey(AUGUST, freshKey())).toEqual(given[0]);
      expect(await other.noiseKey(AUGUST)).toEqual(given[0]);
      expect(await store.noiseKey(JULY)).toBeUndefined();
    });

    test('a noise key stands in no statement and in no parameter', async () => {
      const key = await store.ensureNoiseKey(SEPTEMBER, freshKey());
      expect(said.some((statement) => statement.includes('noise_keys'))).toBe(true);
      for (const secret of Object.values(key)) expect(said.filter((one) => one.includes(secret))).toEqual([]);
    });

    test('a destroyed noise key leaves no byte, other periods’ stay, and destroying again is no error', async ({
      skip,
    }) => {
      const [gone, stays] = [await store.noiseKey(AUGUST), await store.noiseKey(SEPTEMBER)];
      const place = directory();
      if (place) expect(textsInFiles(place, piecesOf(gone!.key))).not.toEqual([]);
      await other.destroyNoiseKey(AUGUST);
      await store.destroyNoiseKey(AUGUST);
      await store.destroyNoiseKey(JULY);
      expect(await store.noiseKey(AUGUST)).toBeUndefined();
      expect(await other.noiseKey(SEPTEMBER)).toEqual(stays);
      if (!place) return skip('the data directory of a server elsewhere cannot be looked at');
      expect(textsInFiles(place, [...piecesOf(gone!.key), ...piecesOf(gone!.digest)])).toEqual([]);
      expect(textsInFiles(place, piecesOf(stays!.key))).not.toEqual([]);
    });

    test('after a key was destroyed a given one holds again', async () => {
      const fresh = freshKey();
      expect(await store.ensureNoiseKey(AUGUST, fresh)).toEqual(fresh);
      await store.destroyNoiseKey(AUGUST);
    });

    const cell = (more: Partial<NoisedCell>): NoisedCell => ({
      query: 'phone_model',
      platform: '',
      category: 'phone',
      vendor: 'Yealink',
      model: 'T46S',
      sites: 41,
      phones: null,
      held: null,
      ...more,
    });

    test('noised cells come back as they were, in the order of queries, then by name', async () => {
      const inOrder = [
        cell({ query: 'platform', platform: '3CX 20', category: '', vendor: '', model: '' }),
        cell({ query: 'platform', platform: 'FreePBX 17', category: '', vendor: '', model: '', sites: 2 ** 40 }),
        cell({ query: 'phone_model', vendor: 'Snom', model: 'D785', phones: 0 }),
        cell({ query: 'phone_model', model: 'T46S', phones: 4_150, held: 'equal-steps' }),
        cell({ query: 'phone_model', model: 'T54W' }),
        cell({ query: 'board', category: 'board', vendor: 'ASRock (Rack), Inc.', model: 'E3C246D4U/2' }),
      ];
      await store.writeNoised(AUGUST, 2 ** 47 - 1, inOrder.toReversed());
      expect(await other.noised(AUGUST, 2 ** 47 - 1)).toEqual(inOrder);
      expect(await other.noised(AUGUST, 7)).toEqual([]);
      expect(await other.noised(JULY, 2 ** 47 - 1)).toEqual([]);
    });

    test('an attempt of thousands of cells is one insert and one part; of a second under its id the first holds', async () => {
      const many = Array.from({ length: 5_000 }, (_, i) => cell({ model: `T${String(i).padStart(5, '0')}` }));
      await store.writeNoised(AUGUST, 12, many);
      await other.writeNoised(AUGUST, 12, [cell({ model: 'second' })]);
      expect(await other.noised(AUGUST, 12)).toEqual(many);
      const parts =
        "SELECT count() AS parts FROM system.parts WHERE table = 'noised' AND active AND partition = '(202608,12)'";
      expect(await sql.rows(`${parts} AND database = currentDatabase()`)).toEqual([{ parts: 1 }]);
    });

    test('an attempt that cannot be written whole leaves nothing', async () => {
      const broken = [cell({}), cell({ sites: 'many' as never })];
      await expect(store.writeNoised(AUGUST, 13, broken)).rejects.toMatchObject({ code: 'store-rejected' });
      expect(await other.noised(AUGUST, 13)).toEqual([]);
    });

    test('keeping one attempt drops the others of its period, and only those', async () => {
      await store.writeNoised(JULY, 12, [cell({})]);
      await store.keepNoised(AUGUST, 2 ** 47 - 1);
      await store.keepNoised(AUGUST, 2 ** 47 - 1);
      expect(await other.noised(AUGUST, 12)).toEqual([]);
      expect(await other.noised(AUGUST, 2 ** 47 - 1)).toHaveLength(6);
      expect(await other.noised(JULY, 12)).toHaveLength(1);
    });

    test('a period has one ledger entry, whoever asks and however often; oldest period first', async () => {
      const rivals = [1, 2, 3, 4].map(
        (i): LedgerEntry => ({
          period: AUGUST,
          at: AT + i,
          profile: 'noised',
          rho: 0.245625,
          epsilon: 3.51,
          delta: 1.1e-6,
        }),
      );
      const taken = await race((one, i) => one.addLedgerEntry(rivals[i] as LedgerEntry));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await other.addLedgerEntry(rivals[0] as LedgerEntry)).toBe(false);
      const bare = { rho: null, epsilon: null, delta: null };
      const july: LedgerEntry = { period: JULY, at: AT, profile: 'threshold', ...bare };
      expect(await store.addLedgerEntry(july)).toBe(true);
      expect(await other.ledger()).toEqual([july, rivals[taken.indexOf(true)]]);
    });

    test('profiles come in the order in which they were chosen, whatever period and time they name', async () => {
      const choices = [
        { since: SEPTEMBER, profile: 'threshold', at: AT, by: 'admin' },
        { since: AUGUST, profile: 'noised', at: AT - 5, by: 'aaaaaaa2' },
        { since: SEPTEMBER, profile: 'noised', at: AT, by: 'admin' },
      ] as const;
      for (const [i, choice] of choices.entries()) await (i % 2 === 0 ? store : other).addProfile(choice);
      expect(await store.profiles()).toEqual(choices);
    });

    const agreement = (party: string, more: Partial<StoredAgreement> = {}): StoredAgreement => ({
      party,
      vendors: ['Yealink', 'ASRock (Rack), Inc.'],
      lineage: true,
      platforms: [],
      contact: ODD,
      delivery: { kind: 'webhook', url: 'https://releases.example/hook?a=%27' },
      at: AT,
      by: 'admin',
      ...more,
    });

    test('of a party the newest agreement holds; an ended one is not there until it is made anew', async () => {
      const [snom, poly] = [agreement('Snom'), agreement('Poly & Co. (UK)', { delivery: { kind: 'download' } })];
      for (const one of [snom, poly]) await store.putAgreement(one);
      expect(await other.agreements()).toEqual([poly, snom]);
      const newer = agreement('Snom', { vendors: [], lineage: false, platforms: ['FreePBX 17'] });
      await other.putAgreement(newer);
      expect(await store.agreements()).toEqual([poly, newer]);
      await store.endAgreement('Snom', AT, 'admin');
      await store.endAgreement('Snom', AT, 'admin');
      expect(await other.agreements()).toEqual([poly]);
      await other.putAgreement(snom);
      expect(await store.agreements()).toEqual([poly, snom]);
    });

    test('a word of a newer version is refused, not taken for one of ours', async () => {
      const rows: [string, string, () => Promise<unknown>][] = [
        [
          "agreements (event, party, delivery) VALUES ('made', 'Later', 'carrier-pigeon')",
          "agreements DELETE WHERE party = 'Later'",
          () => store.agreements(),
        ],
        [
          "release_profiles (since, profile) VALUES (209901, 'rounded')",
          "release_profiles DELETE WHERE profile = 'rounded'",
          () => store.profiles(),
        ],
        [
          "ledger (period, profile) VALUES (209901, 'rounded')",
          'ledger DELETE WHERE period = 209901',
          () => store.ledger(),
        ],
        [
          "close_transitions (period, seq, step) VALUES (209901, 1, 'WEIGHED')",
          'close_transitions DELETE WHERE period = 209901',
          () => store.transitions(),
        ],
        [
          "deliveries (period, party, event) VALUES (209901, 'Later', 'sung')",
          'deliveries DELETE WHERE period = 209901',
          () => store.deliveries(),
        ],
        [
          "release_decisions (period, decision) VALUES (209901, 'perhaps')",
          'release_decisions DELETE WHERE period = 209901',
          () => store.decisions(parsePeriod('2099-01')),
        ],
      ];
      for (const [written, gone, read] of rows) {
        await sql.run(`INSERT INTO ${written}`);
        await expect(read(), written).rejects.toMatchObject({ code: 'unknown-row', retryable: false });
        await sql.run(`ALTER TABLE ${gone} SETTINGS mutations_sync = 1`);
        await read();
      }
    });

    test('an address that a party is called at stands in no statement and in no parameter', () => {
      expect(said.some((statement) => statement.includes('agreements'))).toBe(true);
      expect(said.filter((statement) => statement.includes('releases.example'))).toEqual([]);
    });

    const filesOf = (party: string, revision: number, mark: string, period = AUGUST): ReleaseFile[] =>
      ['release.json', 'manifest.sig'].map((name) => ({
        ...{ period, party, revision, name },
        content: `${mark} ${name} ${ODD} ü\r\n`,
      }));

    test('a release is written whole and once, and its files come back byte for byte', async () => {
      const party = "Bob's Phones, Inc. (A/B)!";
      const taken = await race((one, i) => one.addRelease(filesOf(party, 0, `rival ${i}`)));
      expect(taken.filter(Boolean)).toHaveLength(1);
      expect(await other.addRelease(filesOf(party, 0, 'late'))).toBe(false);
      for (const { name, content } of filesOf(party, 0, `rival ${taken.indexOf(true)}`))
        expect(await other.releaseFile(AUGUST, party, 0, name)).toBe(content);
      expect(await store.releaseFile(AUGUST, party, 0, 'other.json')).toBeUndefined();
      expect(await store.releaseFile(AUGUST, party, 1, 'release.json')).toBeUndefined();
      expect(await store.releaseFile(JULY, party, 0, 'release.json')).toBeUndefined();
      expect(await store.releaseFile(AUGUST, 'Bob', 0, 'release.json')).toBeUndefined();
      const [entry] = await store.releases();
      const bytes = (name: string) => Buffer.byteLength(`rival 0 ${name} ${ODD} ü\r\n`);
      expect(entry).toEqual({
        ...{ period: AUGUST, party, revision: 0 },
        files: ['manifest.sig', 'release.json'].map((name) => ({ name, bytes: bytes(name) })),
      });
    });

    test('files of several releases, or of none, are no release', async () => {
      const mixed = [...filesOf('Snom', 5, 'a'), ...filesOf('Poly', 5, 'b')];
      for (const files of [mixed, []])
        await expect(async () => await store.addRelease(files)).rejects.toThrow(RangeError);
    });

    test('releases come newest period first, then by party and revision', async () => {
      await store.addRelease(filesOf('Snom', 1, 'x'));
      await store.addRelease(filesOf('Snom', 0, 'x'));
      await store.addRelease(filesOf('Alcatel', 0, 'x', JULY));
      await store.addRelease(filesOf('Snom', 0, 'x', SEPTEMBER));
      const names = (await other.releases()).map(({ period, party, revision }) => `${period} ${party} ${revision}`);
      expect(names).toEqual([
        '2026-09 Snom 0',
        "2026-08 Bob's Phones, Inc. (A/B)! 0",
        '2026-08 Snom 0',
        '2026-08 Snom 1',
        '2026-07 Alcatel 0',
      ]);
    });

    const decision = (model: string, more: Partial<Decision> = {}): Decision => ({
      period: AUGUST,
      cell: { query: 'phone_model', platform: '', category: 'phone', vendor: 'Snom', model },
      decision: 'approve',
      at: AT,
      by: 'admin',
      ...more,
    });

    test('decisions come oldest first, and of one cell the first holds', async () => {
      const made = [decision('D785'), decision('D735'), decision('D785', { decision: 'suppress', at: AT - 1 })];
      for (const one of made) await store.addDecision(one);
      await store.addDecision(decision('D785', { period: JULY, decision: 'suppress' }));
      expect(await other.decisions(AUGUST)).toEqual(made.slice(0, 2));
      expect((await other.decisions(JULY)).map((one) => one.decision)).toEqual(['suppress']);
      expect(await other.decisions(SEPTEMBER)).toEqual([]);
    });

    test('deliveries come oldest first, each as often as it was told', async () => {
      const record = (event: DeliveryRecord['event'], outcome: string): DeliveryRecord => ({
        ...{ period: AUGUST, party: 'Poly & Co. (UK)', revision: 0, event, at: AT, way: 'webhook', outcome },
      });
      const told = [record('due', ''), record('failed', '503'), record('failed', '503'), record('delivered', '204')];
      for (const [i, one] of told.entries()) await (i % 2 === 0 ? store : other).addDelivery(one);
      expect(await other.deliveries()).toEqual(told);
    });

    test('events of several processes at the same moment are all kept', async () => {
      const before = (await store.deliveries()).length;
      const record: DeliveryRecord = {
        ...{ period: JULY, party: 'Snom', revision: 3, event: 'downloaded', at: AT, way: 'download', outcome: '' },
      };
      await Promise.all([store, other, store, other].map((one) => one.addDelivery(record)));
      expect(await store.deliveries()).toHaveLength(before + 4);
    });
  });
}

const FILLER = Buffer.from('[209901,1,"CLOSING",1,"filler","{}"]\n');

/** The same connections, with a record of what is said over them beside the lines of inserts. */
function overheard({ write, read }: Connections, said: string[]): Connections {
  const hear = (client: SqlClient): SqlClient => ({
    run(statement, parameters) {
      said.push(JSON.stringify([statement, parameters]));
      return client.run(statement, parameters);
    },
    rows(statement, parameters) {
      said.push(JSON.stringify([statement, parameters]));
      return client.rows(statement, parameters);
    },
    insertLines(target, lines) {
      said.push(target);
      return client.insertLines(target, lines);
    },
    close: () => client.close(),
  });
  return { write: hear(write), read: hear(read) };
}
