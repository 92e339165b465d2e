import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { Period } from '../../schemas/period.ts';
import { CATEGORIES } from '../../schemas/report.ts';
import { isCleanBlock } from '../../services/adapters/clickhouse/counts/scan-block.ts';
import { parsePeriod, periodNumber } from '../../services/core/period.ts';
import { breakApart, type SiteReport } from '../../services/ingest/break-apart.ts';
import { shuffle } from '../../services/ingest/shuffle.ts';
import type { Block } from '../../services/ports/block.ts';
import { factLine } from '../support/fact-line.ts';
import { fc } from '../support/fast-check.ts';

const NAME_CHARACTERS = 'ABCXYZabcxyz0189 ._+/()-';
const name = fc.string({ unit: fc.constantFrom(...NAME_CHARACTERS), maxLength: 64, size: 'max' });

const sites = fc.record({
  token: fc
    .uint8Array({ minLength: 17, maxLength: 64 })
    .map((bytes) => Buffer.from(Buffer.from(bytes).toString('base64url'))),
  sequence: fc.integer({ min: 1, max: 1_000_000 }),
  platform: name,
  models: fc.uniqueArray(
    fc.record({
      view: fc.constantFrom('model' as const, 'unlisted' as const),
      category: fc.constantFrom(...CATEGORIES),
      vendor: name,
      model: name,
      count: fc.oneof(fc.nat(100), fc.nat(512 * 10_000)),
    }),
    { maxLength: 6, size: 'max', selector: (m) => `${m.view}|${m.category}|${m.vendor}|${m.model}` },
  ),
  withdraw: fc.boolean(),
});

const periods = fc
  .tuple(fc.integer({ min: 2020, max: 2099 }), fc.integer({ min: 1, max: 12 }))
  .map(([year, month]) => parsePeriod(`${year}-${String(month).padStart(2, '0')}`));

/** A block as ingest makes it. */
const blocks: fc.Arbitrary<Block> = fc
  .tuple(periods, fc.array(sites, { minLength: 1, maxLength: 4 }))
  .map(([period, reports]) => blockOf(period, reports));

function blockOf(period: Period, reports: readonly Omit<SiteReport, 'period'>[]): Block {
  const lines = reports.flatMap((site) => breakApart({ ...site, period }).map((fact) => factLine(period, fact)));
  shuffle(lines);
  return { period, facts: lines.length, reports: reports.length, bytes: Buffer.from(lines.join(''), 'latin1') };
}

const Name = z
  .string()
  .regex(/^[A-Za-z0-9 ._+/()!&,-]*$/)
  .max(64);
const whole = (max: number) => z.number().int().min(0).max(max);
const beforeVersion = [
  z.number().int(),
  z.enum(['site', 'platform', 'category', 'vendor', 'platform_vendor', 'model', 'unlisted']),
  Name,
  z.union([z.literal(''), z.enum(CATEGORIES)]),
  Name,
  Name,
  whole(Number.MAX_SAFE_INTEGER),
  whole(5_120_000),
] as const;
const version = whole(Number.MAX_SAFE_INTEGER);
const Row = z.tuple([...beforeVersion, version]);
/** As 0.1 wrote it, with what the site added to releases: a block has one form or the other. */
const RowOfFirstForm = z.tuple([...beforeVersion, whole(50), version]);

/** Reads a block with a JSON parser and a schema, line by line. Throws when it is not what it says. */
function readIndependently(block: Block): void {
  const text = new TextDecoder('ascii', { fatal: true }).decode(block.bytes);
  const lines = text.split('\n');
  expect(lines.pop()).toBe('');
  expect(lines).toHaveLength(block.facts);
  const form = (JSON.parse(lines[0] ?? '[]') as unknown[]).length === 10 ? RowOfFirstForm : Row;
  for (const line of lines) {
    const row = form.parse(JSON.parse(line));
    if (row[0] !== periodNumber(block.period)) throw new Error('a row of another period');
    // One spelling only: no blanks, no escapes, no exponents, no leading zeros.
    if (JSON.stringify(row) !== line) throw new Error('a row that is spelled otherwise');
  }
}

type Change = (bytes: Buffer) => Buffer;
const splice = (bytes: Buffer, at: number, removed: number, put: Uint8Array) =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]);

const HOSTILE = [
  ...['\n', '\n\n', '\n\n; drop table facts', ';', ' ', '\t', '\r\n', '\0', '\\', '"', "'", ',', '[', ']', '[]', '],['],
  ...[
    '0',
    '9',
    '00',
    '4294967297',
    '9007199254740993',
    '-',
    '.',
    'e9',
    'null',
    'NaN',
    '""',
    '"a"',
    'é',
    '\u2028',
    '/**/',
    '--',
  ],
];
const single: fc.Arbitrary<Change> = fc
  .tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('[]",\n0123456789-. \\;')))) // bytes that matter
  .map(
    ([at, byte]) =>
      (bytes) =>
        splice(bytes, at % bytes.length, 1, Uint8Array.of(byte)),
  );
const several: fc.Arbitrary<Change> = fc.oneof(
  single,
  fc.tuple(fc.nat(), fc.constantFrom(...HOSTILE)).map(([at, text]): Change => {
    return (bytes) => splice(bytes, at % (bytes.length + 1), 0, Buffer.from(text));
  }),
  fc.tuple(fc.nat(), fc.integer({ min: 1, max: 80 })).map(([at, length]): Change => {
    return (bytes) => splice(bytes, at % (bytes.length + 1), length, new Uint8Array());
  }),
  fc.tuple(fc.nat(), fc.nat(), fc.integer({ min: 1, max: 120 })).map(([at, from, length]): Change => {
    return (bytes) => {
      const start = from % bytes.length;
      return splice(bytes, at % (bytes.length + 1), 0, bytes.subarray(start, start + length));
    };
  }),
);

describe('a block', () => {
  test('that ingest makes of any reports passes and reads as rows of the facts table', () => {
    fc.assert(
      fc.property(blocks, (block) => {
        expect(isCleanBlock(block)).toBe(true);
        readIndependently(block);
      }),
      { numRuns: 300 },
    );
  });

  test('with one byte changed fails the scan or still reads as rows of the facts table', () => {
    let passed = 0;
    let failed = 0;
    fc.assert(
      fc.property(blocks, fc.array(single, { minLength: 20, maxLength: 20 }), (block, changes) => {
        for (const change of changes) {
          const changed = { ...block, bytes: change(Buffer.from(block.bytes)) };
          if (isCleanBlock(changed)) {
            passed++;
            readIndependently(changed);
          } else failed++;
        }
      }),
      { numRuns: 300 },
    );
    expect(passed).toBeGreaterThan(100);
    expect(failed).toBeGreaterThan(1_000);
  });

  test('with pieces cut, copied and put in fails the scan or still reads as rows of the facts table', () => {
    fc.assert(
      fc.property(
        blocks,
        fc.array(several, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(-1, 0, 0, 0, 1),
        (block, changes, more) => {
          let bytes: Buffer = Buffer.from(block.bytes);
          for (const change of changes) if (bytes.length > 0) bytes = change(bytes);
          const changed = { ...block, bytes, facts: block.facts + more };
          if (isCleanBlock(changed)) readIndependently(changed);
        },
      ),
      { numRuns: 1_500 },
    );
  });

  test('with hostile text put in anywhere never passes', () => {
    // Each is wrong in every place: none can be a part of a name, of a number or of a line.
    const hostile = [
      '\n',
      '\n\n; drop table facts\n',
      ';',
      '\\',
      '\0',
      '\t',
      '\r',
      "'",
      '[',
      ']',
      '{',
      'é',
      '\x7f',
      '"',
    ];
    fc.assert(
      fc.property(blocks, fc.constantFrom(...hostile), fc.nat(), fc.nat(3), (block, text, place, more) => {
        const bytes = splice(Buffer.from(block.bytes), place % (block.bytes.length + 1), 0, Buffer.from(text));
        expect(isCleanBlock({ ...block, bytes, facts: block.facts + more })).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });

  test('of random bytes never passes', () => {
    fc.assert(
      fc.property(periods, fc.uint8Array({ maxLength: 200, size: 'max' }), fc.nat(5), (period, bytes, facts) => {
        expect(isCleanBlock({ period, facts, reports: 1, bytes })).toBe(false);
      }),
      { numRuns: 1_500 },
    );
  });
});
