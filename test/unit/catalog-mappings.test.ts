import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';
import { CATEGORIES } from '../../schemas/report.ts';
import type { CapChoice } from '../../services/core/caps.ts';
import { catalogueVersion, completeFor, firstPeriodOf, MAPPING_LEAD_MS } from '../../services/core/mapping.ts';
import { parsePeriod, periodStart } from '../../services/core/period.ts';
import { conformanceDocument } from '../../services/identify/conformance.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { judgeMapping, type WantedMapping } from '../../services/identify/judge-mapping.ts';
import { withMappings } from '../../services/identify/mapped.ts';
import { KnownMappings, ownMappings } from '../../services/ingest/known-mappings.ts';
import type { Caps } from '../../services/ports/caps.ts';
import type { Mappings } from '../../services/ports/mappings.ts';
import { pause, SetClock } from '../../services/shared/clock.ts';
import { Failure } from '../../services/shared/failure.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { silentLog } from '../../services/shared/log.ts';
import { SOON } from '../support/patience.ts';

const [NOVEMBER, DECEMBER, JANUARY] = ['2026-11', '2026-12', '2027-01'].map(parsePeriod) as [Period, Period, Period];
const MID_NOVEMBER = Date.parse('2026-11-15T12:00:00Z');
const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, NOVEMBER);

const phone = (vendor: string, model: string): DeviceName => ({ category: 'phone', vendor, model });
const OLD = phone('Acme', 'Phone-1');
const ODD = phone('Acme', 'Phone One');
const MODEL = phone('Acme', 'Phone 1');
const KNOWN = phone('Yealink', 'SIP-T46S');

let id = 0;
const mapping = (from: DeviceName, to: DeviceName | null, more: Partial<Mapping> = {}): Mapping => ({
  id: ++id,
  from,
  to,
  since: DECEMBER,
  addedAt: MID_NOVEMBER,
  addedBy: 'test',
  ...more,
});

describe('a mapping applies from the next period on', () => {
  const named = (mappings: Mapping[], period: Period, name: DeviceName) =>
    withMappings(buildIdentifier(catalog, period), mappings, period).line(name);

  test('not before, so that a line is taken back under the name that it was counted under', () => {
    const mappings = [mapping(OLD, MODEL)];
    expect(named(mappings, NOVEMBER, OLD)).toEqual({ kind: 'unlisted', ...OLD });
    expect(named(mappings, DECEMBER, OLD)).toEqual({ kind: 'listed', ...MODEL });
    expect(named(mappings, JANUARY, OLD)).toEqual({ kind: 'listed', ...MODEL });
  });

  test('and one that replaces it or takes it back, from the period after that', () => {
    const replaced = [mapping(OLD, MODEL), mapping(OLD, KNOWN, { since: JANUARY })];
    expect(named(replaced, DECEMBER, OLD)).toEqual({ kind: 'listed', ...MODEL });
    expect(named(replaced, JANUARY, OLD)).toEqual({ kind: 'listed', ...KNOWN });
    const takenBack = [mapping(OLD, MODEL), mapping(OLD, null, { since: JANUARY })];
    expect(named(takenBack, DECEMBER, OLD)).toEqual({ kind: 'listed', ...MODEL });
    expect(named(takenBack, JANUARY, OLD)).toEqual({ kind: 'unlisted', ...OLD });
  });

  test('whatever a rule names is none of its business, nor is what is refused', () => {
    const mapped = withMappings(identifier, [mapping(KNOWN, MODEL, { since: NOVEMBER })], NOVEMBER);
    expect(mapped.line(KNOWN)).toEqual({ kind: 'listed', ...KNOWN });
    expect(mapped.line(phone('Acme', '0004f2aabbcc'))).toEqual({ kind: 'refused', reason: 'personal-data' });
    expect(mapped.raw('user-agent', 'Acme Phone-1/1.2.3')).toEqual(identifier.raw('user-agent', 'Acme Phone-1/1.2.3'));
  });

  test('in the last hour of a month it waits for the month after', () => {
    expect(firstPeriodOf(MID_NOVEMBER)).toBe('2026-12');
    expect(firstPeriodOf(periodStart(DECEMBER) - MAPPING_LEAD_MS - 1)).toBe('2026-12');
    expect(firstPeriodOf(periodStart(DECEMBER) - MAPPING_LEAD_MS)).toBe('2027-01');
    expect(firstPeriodOf(periodStart(DECEMBER))).toBe('2027-01');
  });

  test('a list read once no more can come holds all of a period: every instant, clocks apart by less than half an hour', () => {
    const apart = MAPPING_LEAD_MS / 2 - 1;
    for (let at = periodStart(NOVEMBER); at < periodStart(JANUARY); at += 7 * 60_000)
      // Added now by a server whose clock is off; the list was read just before, and lacks it.
      for (const period of [DECEMBER, JANUARY])
        if (completeFor(period, at))
          for (const off of [-apart, apart]) expect(firstPeriodOf(at + off) > period).toBe(true);
  });

  test('the version counts additions, not rows', () => {
    expect(catalogueVersion('2026-11.1', [])).toBe('2026-11.1');
    expect(catalogueVersion('2026-11.1', [mapping(OLD, MODEL, { id: 5 }), mapping(MODEL, MODEL, { id: 5 })])).toBe(
      '2026-11.1+1',
    );
    expect(catalogueVersion('2026-11.1', [mapping(OLD, MODEL), mapping(OLD, null)])).toBe('2026-11.1+2');
  });
});

describe('a mapping is judged', () => {
  const judge = (wanted: Partial<WantedMapping>, mappings: Mapping[] = []) =>
    judgeMapping({ from: OLD, to: MODEL, newVendor: true, ...wanted }, { identifier, catalog, mappings });
  const reason = (wanted: Partial<WantedMapping>, mappings: Mapping[] = []) => {
    const judged = judge(wanted, mappings);
    return 'fault' in judged ? `${judged.fault.pointer} ${judged.fault.reason}` : judged.rows;
  };

  test('to a name that a rule gives: one row', () => {
    expect(reason({ to: KNOWN, newVendor: false })).toEqual([{ from: OLD, to: KNOWN }]);
  });

  test('to a name that no rule gives: that name means itself from then on', () => {
    expect(reason({})).toEqual([
      { from: OLD, to: MODEL },
      { from: MODEL, to: MODEL },
    ]);
    expect(reason({ to: OLD })).toEqual([{ from: OLD, to: OLD }]);
  });

  test('and names that were mapped to it before go along, so that one look-up is always enough', () => {
    const before = [mapping(ODD, OLD), mapping(OLD, OLD)];
    expect(reason({ to: KNOWN }, before)).toEqual([
      { from: OLD, to: KNOWN },
      { from: ODD, to: KNOWN },
    ]);
  });

  test('a maker that the catalogue does not know has to be said to be new, once', () => {
    expect(reason({ newVendor: false })).toBe('/to/vendor unknown-vendor');
    expect(reason({ newVendor: false }, [mapping(ODD, MODEL)])).toHaveLength(2);
    expect(reason({ to: phone('ACME', 'Phone 1') }, [mapping(ODD, MODEL)])).toBe('/to/vendor not-canonical');
  });

  test('with what is wrong, when it is', () => {
    expect(reason({ from: KNOWN })).toBe('/model already-listed');
    expect(reason({ from: phone('Acme', '0004f2aabbcc') })).toBe('/model personal-data');
    expect(reason({ from: phone('Acme', ' Phone-1') })).toBe('/model not-as-unlisted');
    expect(reason({ to: phone('Acme', "Bob's phone") })).toBe('/to personal-data');
    expect(reason({ to: phone('Acme', '0004f2aabbcc') })).toBe('/to personal-data');
    expect(reason({ to: phone('Acme', 'x'.repeat(41)) })).toBe('/to bad-name');
    expect(reason({ to: phone('Yealink Inc.', 'SIP-T46S') })).toBe('/to not-canonical');
    expect(reason({ to: phone('Yealink', 'T46S') })).toBe('/to not-canonical');
    expect(reason({ to: phone('', 'Phone1') })).toBe('/to bad-name');
    expect(reason({ to: phone('Yealink', '') })).toBe('/to/model model-needed');
    expect(reason({ to: ODD }, [mapping(ODD, MODEL)])).toBe('/to is-mapped');
    expect(reason({ to: null })).toBe('/model not-mapped');
    expect(reason({ from: MODEL, to: null }, [mapping(OLD, MODEL), mapping(MODEL, MODEL)])).toBe(
      '/model others-map-to-it',
    );
  });

  test('a mapping that is there can be taken back', () => {
    expect(reason({ to: null }, [mapping(OLD, MODEL)])).toEqual([{ from: OLD, to: null }]);
  });

  test('whatever curators do, in any order: a name is looked up once, and what it gives means itself', () => {
    const names = [OLD, ODD, MODEL, phone('Acme', 'P1'), KNOWN];
    let mappings: Mapping[] = [];
    let added = 0;
    // Every pair, in an order that comes back to each name after others were mapped to it.
    for (let turn = 0; turn < 500; turn++) {
      const from = names[(turn * 7) % 4]!;
      const to = turn % 11 === 0 ? null : names[(turn * 13 + Math.floor(turn / 5)) % 5]!;
      const judged = judge({ from, to }, mappings);
      if ('fault' in judged) continue;
      added++;
      mappings = [...mappings, ...judged.rows.map((row) => mapping(row.from, row.to, { id: 1_000_000 + turn }))];
      const now = withMappings(identifier, mappings, JANUARY);
      for (const name of names) {
        const once = now.line(name);
        if (once.kind === 'listed') expect(now.line(once)).toEqual(once);
      }
    }
    expect(added).toBeGreaterThan(50);
  });
});

describe('a process that takes reports', () => {
  let directory: string;
  let path: string;
  let stored: Mapping[];
  let up: boolean;
  let caps: CapChoice[];
  const closing: KnownMappings[] = [];
  const store: Mappings & Caps = {
    caps: async () => caps,
    mappings: async () => {
      if (!up) throw new Failure('store-unavailable');
      return stored;
    },
  };
  const known = (clock: SetClock) => {
    const list = new KnownMappings({ store, clock, journal: silentLog, path, everyMs: 5, againMs: 5 });
    closing.push(list);
    return list;
  };
  const unavailable = expect.objectContaining({ code: 'catalog-unavailable', retryable: true });

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-mappings-'));
    path = join(directory, 'catalog-mappings.json');
    stored = [mapping(OLD, MODEL)];
    up = true;
    caps = [];
  });
  afterEach(async () => {
    for (const list of closing.splice(0)) await list.close();
    rmSync(directory, { recursive: true, force: true });
  });

  test('has no list before it looked, then the one that is there, and learns of more', async () => {
    const list = known(new SetClock(MID_NOVEMBER));
    expect(() => list.completeFor(NOVEMBER)).toThrow(unavailable as Error);
    await vi.waitFor(() => expect(list.completeFor(NOVEMBER)).toEqual(stored), SOON);
    stored = [...stored, mapping(ODD, MODEL)];
    await vi.waitFor(() => expect(list.completeFor(NOVEMBER)).toHaveLength(2), SOON);
  });

  test('goes on without the store within a month, and not into the next: that has to be looked up first', async () => {
    const clock = new SetClock(MID_NOVEMBER);
    const list = known(clock);
    await vi.waitFor(() => list.completeFor(NOVEMBER), SOON);
    up = false;
    await pause(30);
    clock.moveTo(periodStart(DECEMBER));
    expect(list.completeFor(NOVEMBER)).toEqual(stored);
    expect(() => list.completeFor(DECEMBER)).toThrow(unavailable as Error);
    up = true;
    await vi.waitFor(() => expect(list.completeFor(DECEMBER)).toEqual(stored), SOON);
  });

  test('is restarted without the store: the last list is in a file', async () => {
    const clock = new SetClock(MID_NOVEMBER);
    await vi.waitFor(() => known(clock).completeFor(NOVEMBER), SOON);
    up = false;
    expect(known(clock).completeFor(NOVEMBER)).toEqual(stored);
  });

  test('does without a file that is broken or cannot be written', async () => {
    writeFileSync(path, '{"readAt":17');
    const list = known(new SetClock(MID_NOVEMBER));
    expect(() => list.completeFor(NOVEMBER)).toThrow(unavailable as Error);
    await vi.waitFor(() => list.completeFor(NOVEMBER), SOON);
    // Below a file there is no directory.
    path = join(path, 'catalog-mappings.json');
    const other = known(new SetClock(MID_NOVEMBER));
    await vi.waitFor(() => expect(other.completeFor(NOVEMBER)).toEqual(stored), SOON);
  });

  test('embedded: knows all from the start, and what is added at once', async () => {
    const list = await ownMappings(store);
    expect(list.completeFor(JANUARY)).toEqual(stored);
    stored = [...stored, mapping(ODD, MODEL)];
    await list.refresh();
    expect(list.completeFor(JANUARY)).toHaveLength(2);
  });
});

describe('the conformance file', () => {
  const document = conformanceDocument(catalog, identifier, NOVEMBER);
  const ofKind = (kind: string) => document.cases.filter((one) => one.kind === kind);

  test('names its catalogue and period, and has each string once', () => {
    expect([document.catalogue, document.period]).toEqual([catalog.version, '2026-11']);
    expect(new Set(document.cases.map(({ kind, text }) => `${kind}|${text}`)).size).toBe(document.cases.length);
    expect(document.cases.every(({ text }) => !/[\r\n]/.test(text))).toBe(true);
  });

  test('has strings of every raw kind, and every refusal', () => {
    expect(Object.fromEntries(['user-agent', 'pci', 'cpu', 'board'].map((k) => [k, ofKind(k).length > 10]))).toEqual({
      'user-agent': true,
      pci: true,
      cpu: true,
      board: true,
    });
    const refused = new Set(document.cases.map(({ answer }) => (answer as { refused?: string }).refused));
    for (const why of ['personal-data', 'not-a-device', 'bad-name', 'empty']) expect(refused).toContain(why);
    expect(document.cases.some(({ answer }) => 'unlisted' in (answer as object))).toBe(true);
  });

  test('gives every card that has a name that name', () => {
    const answers = new Map(ofKind('pci').map(({ text, answer }) => [text, answer]));
    for (const card of catalog.pci.cards.filter(
      ({ since, id, model }) => since <= '2026-11' && model !== '' && !id.includes('*'),
    ))
      expect([card.id, answers.get(card.id)]).toEqual([
        card.id,
        expect.objectContaining({ model: expect.any(String) }),
      ]);
  });

  test('gives answers that mean themselves when they are sent as lines', () => {
    for (const { text, answer } of document.cases) {
      if (!('category' in (answer as object))) continue;
      const { proposed, ...name } = answer as DeviceName & { readonly proposed?: true };
      expect(CATEGORIES).toContain(name.category);
      expect([text, identifier.line(name)]).toEqual([text, { kind: proposed ? 'proposed' : 'listed', ...name }]);
    }
  });
});
