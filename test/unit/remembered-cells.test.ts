import { expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { rememberingCells } from '../../services/api/counts/remembered-cells.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { CellsQuery, CountPage, CountQuery, CountReader, PeriodCell } from '../../services/ports/count-reader.ts';
import type { Snapshot } from '../../services/ports/snapshot.ts';

const [OCTOBER, NOVEMBER] = ['2026-10', '2026-11'].map(parsePeriod) as [Period, Period];
const snapshot = (period: Period, id: number): Snapshot => ({
  ...{ period, id, takenAt: 0, provisional: false, catalogue: '', sites: 1 },
});
const cell = (period: Period, vendor: string, sites: number): PeriodCell => ({
  ...{ period, view: 'vendor', platform: '', category: 'phone', vendor, model: '', sites, devices: sites },
});

/** A reader that says what it was asked. */
function readerOf(cells: readonly PeriodCell[]) {
  const asked: CellsQuery[] = [];
  const reader: Pick<CountReader, 'cells'> = {
    async cells(query) {
      asked.push(query);
      const periods = query.snapshots.map(({ period }) => period);
      return cells.filter((one) => periods.includes(one.period));
    },
  };
  return { asked, reader: reader as CountReader };
}
const question = (more: Partial<CellsQuery> = {}): CellsQuery => ({
  ...{ snapshots: [snapshot(OCTOBER, 1), snapshot(NOVEMBER, 2)], view: 'vendor', filter: {}, threshold: 10 },
  ...more,
});
const CELLS = [cell(OCTOBER, 'Poly', 12), cell(OCTOBER, 'Yealink', 30), cell(NOVEMBER, 'Yealink', 40)];

test('a month is read once, whatever it is filtered by', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader);
  expect(await cells(question())).toEqual(CELLS);
  expect(await cells(question({ filter: { vendor: 'Yealink' } }))).toEqual(CELLS.slice(1));
  expect(await cells(question({ filter: { category: 'nic' } }))).toEqual([]);
  expect(await cells(question({ snapshots: [snapshot(OCTOBER, 1)] }))).toEqual(CELLS.slice(0, 2));
  expect(asked).toHaveLength(1);
});

test('questions of the same moment share what is read', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader);
  await Promise.all([cells(question()), cells(question()), cells(question({ filter: { vendor: 'Poly' } }))]);
  expect(asked).toHaveLength(1);
});

test('a newer snapshot, another view and another threshold are read, and only the months that are missing', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader);
  await cells(question());
  await cells(question({ snapshots: [snapshot(OCTOBER, 1), snapshot(NOVEMBER, 3)] }));
  expect(asked.at(-1)?.snapshots).toEqual([snapshot(NOVEMBER, 3)]);
  await cells(question({ threshold: 20 }));
  await cells(question({ view: 'model' }));
  expect(asked).toHaveLength(4);
});

test('a number that another moment has is another snapshot: a store that was put back begins them anew', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader);
  await cells(question());
  await cells(question({ snapshots: [{ ...snapshot(OCTOBER, 1), takenAt: 1 }] }));
  expect(asked).toHaveLength(2);
});

test('text and one model are asked of the store itself', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader);
  await cells(question());
  for (const filter of [{ q: 'yea' }, { model: 'T46S' }]) await cells(question({ filter }));
  expect(asked.slice(1).map(({ filter }) => filter)).toEqual([{ q: 'yea' }, { model: 'T46S' }]);
});

const first: CountQuery = {
  ...{ snapshot: snapshot(OCTOBER, 1), view: 'vendor', filter: {}, threshold: 10, limit: 1, offset: 0 },
  sort: { by: 'sites', descending: true },
};

test('pages are made of the months that were read: another page, order or filter is no question to the store', async () => {
  const { asked, reader } = readerOf(CELLS);
  const scopes: Snapshot[] = [];
  const scope = { view: 'vendor', platform: '', category: '', vendor: '' } as const;
  const heldScopes: CountReader['heldScopes'] = async (of) => {
    scopes.push(of);
    return [
      { ...scope, cells: 3 },
      { ...scope, category: 'phone', cells: 2 },
      { ...scope, view: 'model', cells: 9 },
    ];
  };
  const { counts, heldBack } = rememberingCells({ ...reader, heldScopes });
  const vendors = async (more: Partial<CountQuery>) =>
    (await counts({ ...first, ...more })).rows.map((row) => row.vendor);
  expect(await counts(first)).toMatchObject({ more: true, rows: [CELLS[1]], suppressedCells: 3 });
  const before = asked.length;
  expect(await vendors({ offset: 1 })).toEqual(['Poly']);
  expect(await vendors({ limit: 9, sort: { by: 'sites', descending: false } })).toEqual(['Poly', 'Yealink']);
  expect(await vendors({ limit: 1_000_000, sort: { by: 'name', descending: true } })).toEqual(['Yealink', 'Poly']);
  expect(await vendors({ filter: { vendor: 'Poly' } })).toEqual(['Poly']);
  expect(asked).toHaveLength(before);
  expect(await heldBack({ ...first, filter: { category: 'phone', vendor: 'Poly' } })).toBe(2);
  expect(await heldBack({ ...first, filter: { category: 'nic' } })).toBe(0);
  expect(scopes).toEqual([first.snapshot]);
  await counts({ ...first, snapshot: snapshot(OCTOBER, 2) });
  expect(asked.length).toBeGreaterThan(before);
});

test('a page of a text is searched by the store, once; a whole list each time', async () => {
  const asked: CountQuery[] = [];
  const page: CountPage = { rows: [], more: false, totalSites: 1, totalDevices: 1, suppressedCells: 3 };
  const reader: Pick<CountReader, 'counts'> = {
    async counts(query) {
      asked.push(query);
      return page;
    },
  };
  const { counts } = rememberingCells(reader as CountReader);
  const text = { ...first, filter: { q: 'yea' } };
  expect([await counts(text), await counts({ ...text })]).toEqual([page, page]);
  expect(asked).toHaveLength(1);
  const others: Partial<CountQuery>[] = [
    { offset: 50 },
    { limit: 2 },
    { sort: { by: 'sites', descending: false } },
    { filter: { q: 'yeb' } },
    { filter: { q: 'yea', vendor: 'yea' } },
    { snapshot: snapshot(OCTOBER, 2) },
    { threshold: 20 },
  ];
  for (const other of others) await counts({ ...text, ...other });
  expect(asked).toHaveLength(1 + others.length);
  for (let time = 0; time < 2; time++) await counts({ ...text, limit: 1_000_000 });
  expect(asked).toHaveLength(3 + others.length);
});

test('a snapshot that is about to be shown is asked what was last asked of its month; then nobody waits for the store', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { prepare, cells, counts } = rememberingCells({ ...reader, heldScopes: async () => [] });
  await counts({ ...first, snapshot: snapshot(NOVEMBER, 2), filter: { vendor: 'Yealink' } });
  await cells(question({ snapshots: [snapshot(OCTOBER, 1)], threshold: 20 }));
  const before = asked.length;
  const views = new Set(asked.filter(({ threshold }) => threshold === 10).map(({ view }) => view));
  await prepare(snapshot(NOVEMBER, 3));
  const read = asked.slice(before);
  expect(new Set(read.map(({ view }) => view))).toEqual(views);
  expect(read.map(({ snapshots, threshold }) => [snapshots[0]?.id, threshold])).toEqual(read.map(() => [3, 10]));
  await counts({ ...first, snapshot: snapshot(NOVEMBER, 3), filter: { vendor: 'Yealink' } });
  expect(asked).toHaveLength(before + read.length);
});

test('what was asked for longest ago is forgotten first', async () => {
  const { asked, reader } = readerOf(CELLS);
  const { cells } = rememberingCells(reader, 2);
  await cells(question({ snapshots: [snapshot(OCTOBER, 1)] }));
  await cells(question({ snapshots: [snapshot(NOVEMBER, 2)] }));
  await cells(question({ snapshots: [snapshot(NOVEMBER, 2)] }));
  expect(asked).toHaveLength(2);
  await cells(question({ snapshots: [snapshot(OCTOBER, 1)] }));
  expect(asked).toHaveLength(3);
});

test('what could not be read is asked for again', async () => {
  const { asked, reader } = readerOf(CELLS);
  let failing = true;
  const sometimes = {
    ...reader,
    cells: (query: CellsQuery) => (failing ? Promise.reject(new Error('gone')) : reader.cells(query)),
  };
  const { cells } = rememberingCells(sometimes);
  await expect(cells(question())).rejects.toThrow('gone');
  failing = false;
  expect(await cells(question())).toEqual(CELLS);
  expect(asked).toHaveLength(1);
});
