import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { QUERY_NAMES } from '../../schemas/release.ts';
import { ReleaseDocument, releaseJsonSchema } from '../../schemas/release-file.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { deltaText, epsilonText } from '../../services/releases/files/notice.ts';
import { releaseCsv } from '../../services/releases/files/release-csv.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { releaseDocument, releaseJson } from '../../services/releases/files/release-json.ts';
import type { ReleaseOrder } from '../../services/releases/files/release-order.ts';
import { csvText } from '../../services/shared/csv.ts';
import { madeUpOrder, UNBOUNDED, withoutNoise } from '../support/made-up-release.ts';

describe('release.json', () => {
  test('says what it holds and what it costs before any number', () => {
    const text = releaseJson(releaseDocument(madeUpOrder()));
    expect(text.split('\n').slice(0, 2)).toEqual([
      '{',
      '  "notice": "Every number carries random noise and holds within its margin; about whether any one site took part in the month this release reveals at most epsilon = 3.54 (delta = 1.0e-6).",',
    ]);
    expect(text.endsWith('\n}\n')).toBe(true);
  });

  test('says in its first lines that it carries no noise, when it carries none', () => {
    const document = releaseDocument(withoutNoise());
    expect(releaseJson(document).split('\n')[1]).toContain('NO NOISE AND GIVES NO FORMAL GUARANTEE');
    expect(document.method).toMatchObject({ rho: null, epsilon: 'unbounded', delta: null });
  });

  test.each([
    ['no noise and a bound', () => ({ ...withoutNoise(), cost: madeUpOrder().cost })],
    ['noise and no bound', () => madeUpOrder({ cost: UNBOUNDED })],
    ['noise and no delta', () => madeUpOrder({ cost: { ...madeUpOrder().cost, delta: null } })],
  ])('is refused with %s', (_, order) => {
    expect(() => releaseFiles(order())).toThrow('document-malformed');
  });

  test('holds each cell with its margins, its share and what became of it', () => {
    const { cells } = releaseDocument(madeUpOrder());
    expect(cells.find(({ model }) => model === 'SIP-T46S')).toMatchObject({
      ...{ sites: 1_875, sitesMargin: 16 },
      change: { beforeSites: 1_815, sites: 'up' },
    });
  });

  test('holds the cells in the order of queries and names, whatever order they came in', () => {
    const order = madeUpOrder();
    const backwards = { ...order, slice: { ...order.slice, cells: [...order.slice.cells].reverse() } };
    expect(releaseFiles(backwards)).toEqual(releaseFiles(order));
    const { cells } = releaseDocument(backwards);
    const places = cells.map(({ query }) => QUERY_NAMES.indexOf(query));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  test.each([
    ['a number of devices that is not published', { devices: 7 }],
    ['fewer than no sites', { sites: -5 }],
    ['a name that no catalogue has', { model: '<b>' }],
  ])('is refused with %s', (_, change) => {
    const order = madeUpOrder();
    const cells = order.slice.cells.map((cell) => ({ ...cell, ...change }));
    expect(() => releaseFiles({ ...order, slice: { ...order.slice, cells } })).toThrow('document-malformed');
  });
});

describe('the same release has the same bytes', () => {
  test('made twice', () => {
    expect(releaseFiles(madeUpOrder())).toEqual(releaseFiles(madeUpOrder()));
  });

  test('whatever order its inputs have their keys in', () => {
    expect(releaseFiles(upsideDown(madeUpOrder()))).toEqual(releaseFiles(madeUpOrder()));
  });

  test('and another revision has others', () => {
    const [first, second] = [0, 1].map((revision) => releaseFiles(madeUpOrder({ revision })));
    for (const [index, { name, content }] of (first ?? []).entries())
      if (name !== 'verify.mjs') expect(second?.[index]?.content, name).not.toBe(content);
  });
});

/** The same order with the keys of its objects the other way round. */
function upsideDown(order: ReleaseOrder): ReleaseOrder {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([key, inner]) => [key, turned(inner)]),
    );
  };
  const { key, ...rest } = order;
  return { key, ...(turned(rest) as Omit<ReleaseOrder, 'key'>) };
}

describe('release.csv', () => {
  const document = releaseDocument(madeUpOrder());
  const [header, ...lines] = releaseCsv(document)
    .trimEnd()
    .split('\r\n')
    .map((line) => line.split(','));
  const rows = lines.map((line) => Object.fromEntries((header ?? []).map((column, n) => [column, line[n] ?? ''])));
  const text = (value: string | number | null) => (value === null ? '' : String(value));

  test('has a line for each cell, that of all sites first', () => {
    expect(rows.map(({ row }) => row)).toEqual(document.cells.map(({ query }) => query));
    expect(rows[0]?.sites).toBe('8125');
  });

  test('has the numbers of release.json', () => {
    const cells = rows;
    expect(cells.map((row) => [row.sites, row.sites_margin, row.share, row.phones, row.phones_margin])).toEqual(
      document.cells.map((cell) =>
        [cell.sites, cell.sitesMargin, cell.share, cell.phones, cell.phonesMargin].map(text),
      ),
    );
    expect(cells.map((row) => [row.sites_before, row.sites_change, row.phones_before, row.phones_change])).toEqual(
      document.cells.map(({ change }) =>
        [change.beforeSites, change.sites, change.beforePhones, change.phones].map(text),
      ),
    );
  });

  test('says in every line which release it is from, and that it carries no noise when it carries none', () => {
    const loud = releaseCsv(releaseDocument(withoutNoise())).trimEnd().split('\r\n').slice(1);
    expect(loud.length).toBeGreaterThan(10);
    for (const line of loud) expect(line).toMatch(/^\w+,2026-11,Yealink,0,threshold,unbounded,,/);
  });

  test('tells a spreadsheet that a name is text, and quotes what needs it', () => {
    expect(csvText([['=1+1', '+1', '-1', '@x', -1]])).toBe("'=1+1,'+1,'-1,'@x,-1\r\n");
    const odd = { ...document, party: 'Smith, Jones' };
    expect(releaseCsv(odd).split('\r\n')[1]).toContain(',"Smith, Jones",');
    const [first, ...rest] = document.cells;
    const formula = { ...document, cells: [{ ...first, model: '+1+cmd' }, ...rest] } as ReleaseDocument;
    expect(releaseCsv(formula)).toContain(",'+1+cmd,");
  });
});

describe('a bound is never printed smaller than it is', () => {
  test.each([
    [3.5066, '3.51'],
    [3.5, '3.50'],
    [3.51, '3.51'],
    [3.5100001, '3.52'],
    [14.8, '14.80'],
  ])('epsilon %f as %s', (epsilon, text) => {
    expect(epsilonText(epsilon)).toBe(text);
  });

  test.each([
    [1.0337e-6, '1.1e-6'],
    [1e-6, '1.0e-6'],
    [9.95e-7, '1.0e-6'],
    [0.05, '5.0e-2'],
  ])('delta %f as %s', (delta, text) => {
    expect(deltaText(delta)).toBe(text);
  });
});

test('every document that is made is one of its schema', () => {
  const document = releaseDocument(madeUpOrder());
  expect(ReleaseDocument.parse(document)).toEqual(document);
});

test('what earlier months were is in the document and behind its own lines in release.csv, each with its own caps', () => {
  const cells = madeUpOrder()
    .slice.cells.slice(0, 3)
    .map(({ share: _, change: __, ...rest }) => rest);
  const order = madeUpOrder({ earlier: [{ period: parsePeriod('2026-10'), caps: [24, 12], cells }] });
  const document = releaseDocument(order);
  expect(ReleaseDocument.parse(document).earlier[0]?.cells).toHaveLength(3);
  const lines = releaseCsv(document).trimEnd().split('\r\n').slice(-3);
  for (const line of lines) expect(line).toMatch(/^\w+,2026-10,Yealink,0,noised,.*,24\+12,,,,$/);
});

describe('the published schema, read by a JSON Schema validator that knows nothing of ours,', () => {
  const schema = releaseJsonSchema() as { $schema: string; required: string[]; properties: Record<string, unknown> };
  const validate = new Ajv2020({ strict: true, formats: { 'date-time': true } }).compile(schema);
  const plain = (order: ReleaseOrder) => JSON.parse(releaseJson(releaseDocument(order))) as Record<string, unknown>;

  test('takes every document that is made', () => {
    expect(schema.$schema).toContain('2020-12');
    const earlier = [{ period: parsePeriod('2026-10'), caps: [24, 12], cells: [] }];
    for (const order of [madeUpOrder(), withoutNoise(), madeUpOrder({ earlier })])
      expect(validate(plain(order)), JSON.stringify(validate.errors)).toBe(true);
  });

  test('refuses what no release holds', () => {
    const document = plain(madeUpOrder());
    const [first, ...rest] = document.cells as Record<string, unknown>[];
    const { notice: _, ...without } = document;
    for (const odd of [
      without,
      { ...document, digest: '0' },
      { ...document, schema: 'rollcall.release/1' },
      { ...document, cells: [{ ...first, sites: -5 }, ...rest] },
      { ...document, cells: [{ ...first, devices: 7 }, ...rest] },
      { ...document, cells: [{ ...first, model: '<b>' }, ...rest] },
    ])
      expect(validate(odd)).toBe(false);
  });

  test('names every field of a document, in its order', () => {
    expect(Object.keys(schema.properties)).toEqual(Object.keys(releaseDocument(madeUpOrder())));
    expect(schema.required).toEqual(Object.keys(releaseDocument(madeUpOrder())));
  });
});
