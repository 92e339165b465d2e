import { describe, expect, test } from 'vitest';
import { CATEGORIES, type Report } from '../../schemas/report.ts';
import { Refused } from '../../services/ingest/refused.ts';
import { fc } from '../support/fast-check.ts';
import { readReport } from '../support/read-report.ts';

const name = (maxLength: number) =>
  fc
    .string({
      unit: fc.oneof(
        fc.constantFrom('"', '\\', ':', '{', '}', ',', '\n', 'u', '0'),
        fc.string({ unit: 'binary', maxLength: 1 }),
      ),
    })
    .map((text) => text.replaceAll('\0', '').slice(0, maxLength).toWellFormed());

const token = fc.uint8Array({ minLength: 17, maxLength: 64 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

const reports: fc.Arbitrary<Report> = fc.record(
  {
    schema: fc.constant('rollcall.report/1' as const),
    period: fc.tuple(fc.integer({ min: 10, max: 99 }), fc.integer({ min: 1, max: 12 })).map(([year, month]) => {
      return `20${year}-${String(month).padStart(2, '0')}`;
    }),
    token,
    sequence: fc.integer({ min: 1, max: 1_000_000 }),
    platform: fc.record({
      name: name(64).filter((text) => text.length > 0),
      version: fc.oneof(fc.constant(''), fc.nat(999).map(String)),
    }),
    devices: fc.array(
      fc.record({
        category: fc.constantFrom(...CATEGORIES),
        vendor: name(128),
        model: name(256),
        count: fc.integer({ min: 0, max: 10_000 }),
      }),
      { maxLength: 20 },
    ),
    withdraw: fc.boolean(),
  },
  { requiredKeys: ['schema', 'period', 'token', 'sequence', 'platform', 'devices'] },
);

/** `JSON.stringify` with blanks and escapes thrown in wherever JSON allows them. */
function spelled(value: unknown, odd: () => number): string {
  const blank = () => ['', '', '', ' ', '\n', '\t', '\r\n  '][odd() % 7] ?? '';
  if (typeof value === 'string') return spelledText(value, odd);
  if (Array.isArray(value)) return `${blank()}[${value.map((item) => spelled(item, odd)).join(',')}${blank()}]`;
  if (typeof value === 'object' && value !== null)
    return `${blank()}{${Object.entries(value)
      .map(([key, inner]) => `${blank()}${spelledText(key, odd)}${blank()}:${blank()}${spelled(inner, odd)}${blank()}`)
      .join(',')}}${blank()}`;
  return `${blank()}${JSON.stringify(value)}`;
}

function spelledText(text: string, odd: () => number): string {
  const units = Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  const escaped = units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`);
  // Either every unit is escaped or none: half an escaped surrogate pair beside a raw half is not UTF-8.
  return odd() % 4 === 0 ? `"${escaped.join('')}"` : JSON.stringify(text);
}

/** What came of a body: a report or a refusal of status 400. Anything else is thrown on. */
function outcome(raw: Uint8Array): Report | Refused {
  try {
    return readReport(raw);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    expect(thrown.status).toBe(400);
    expect(['invalid-encoding', 'invalid-json', 'invalid-report']).toContain(thrown.type);
    expect(thrown.errors === undefined).toBe(thrown.type !== 'invalid-report');
    for (const { pointer, reason } of thrown.errors ?? []) {
      expect(pointer).toMatch(/^(\/(devices|platform|[0-9]{1,6}|[a-z]{4,9}))*$/);
      expect(reason).toMatch(/^[a-z-]{1,30}$/);
    }
    return thrown;
  }
}

const mutation = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), at: fc.nat(), byte: fc.nat(255) }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), length: fc.integer({ min: 1, max: 40 }) }),
  fc.record({
    kind: fc.constant('copy' as const),
    at: fc.nat(),
    from: fc.nat(),
    length: fc.integer({ min: 1, max: 60 }),
  }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    text: fc.constantFrom(
      ...[
        '"',
        '\\',
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\0',
        '\\u0000',
        '\\ud800',
        '\ufeff',
        '-',
        '0',
        '1e400',
        'null',
        '12',
      ],
      ...[
        '"a":1,',
        '"__proto__":{},',
        '"count":1,',
        '"token":"x",',
        '\\u0074',
        '[[[[',
        '{"a":{"a":',
        '"constructor":1,',
      ],
    ),
  }),
);
type Mutation = typeof mutation extends fc.Arbitrary<infer M> ? M : never;

function mutated(raw: Buffer, change: Mutation): Buffer {
  const at = change.at % (raw.length + 1);
  const join = (middle: Uint8Array, resume: number) =>
    Buffer.concat([raw.subarray(0, at), middle, raw.subarray(resume)]);
  switch (change.kind) {
    case 'set':
      return join(Uint8Array.of(change.byte), at + 1);
    case 'cut':
      return join(new Uint8Array(), at + change.length);
    case 'copy': {
      const from = change.from % (raw.length + 1);
      return join(raw.subarray(from, from + change.length), at);
    }
    case 'insert':
      return join(Buffer.from(change.text), at);
  }
}

describe('whatever its content', () => {
  test('a valid report is taken as it was sent', () => {
    fc.assert(
      fc.property(reports, (report) => {
        expect(readReport(Buffer.from(JSON.stringify(report)))).toEqual(report);
      }),
      { numRuns: 500 },
    );
  });

  test('a valid report is taken however it is spelled', () => {
    fc.assert(
      fc.property(reports, fc.array(fc.nat(1000), { minLength: 40, maxLength: 80 }), (report, oddities) => {
        let turn = 0;
        const odd = () => oddities[turn++ % oddities.length] as number;
        expect(readReport(Buffer.from(spelled(report, odd)))).toEqual(report);
      }),
      { numRuns: 300 },
    );
  });

  test('a valid report with one key written twice is refused', () => {
    fc.assert(
      fc.property(reports, fc.nat(), fc.boolean(), fc.boolean(), (report, which, escaped, last) => {
        const objects: object[] = [report, report.platform, ...report.devices];
        const object = objects[which % objects.length] as object;
        const entries = Object.entries(object);
        const [key, value] = entries[which % entries.length] as [string, unknown];
        const spelling = escaped ? `\\u${key.charCodeAt(0).toString(16).padStart(4, '0')}${key.slice(1)}` : key;
        const pair = `"${spelling}":${JSON.stringify(value)}`;
        const marker = '"twice":0';
        const marked = JSON.stringify(report, (_, inner: unknown) => {
          if (inner !== object) return inner;
          return last ? { ...object, twice: 0 } : { twice: 0, ...object };
        });
        const raw = Buffer.from(marked.replace(marker, () => pair));
        expect(outcome(raw)).toMatchObject({ errors: [{ pointer: '', reason: 'duplicate-key' }] });
      }),
      { numRuns: 500 },
    );
  });
});

describe('a damaged report', () => {
  test('is a report all the same or is refused with 400, and nothing else is thrown', () => {
    let taken = 0;
    let refused = 0;
    fc.assert(
      fc.property(reports, fc.array(mutation, { minLength: 1, maxLength: 4 }), (report, changes) => {
        const raw = changes.reduce(mutated, Buffer.from(JSON.stringify(report)));
        const result = outcome(raw);
        if (result instanceof Refused) {
          refused++;
          return;
        }
        taken++;
        // What was taken says what was sent, no more and no less: an independent reader agrees with it.
        expect(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(raw))).toEqual(
          JSON.parse(JSON.stringify(result)),
        );
        expect(readReport(Buffer.from(JSON.stringify(result)))).toEqual(result);
      }),
      { numRuns: 4_000 },
    );
    // The damage must not be so heavy that only one of the two outcomes is ever seen.
    expect(taken).toBeGreaterThan(20);
    expect(refused).toBeGreaterThan(1_000);
  });

  test('of random bytes is refused with 400', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300, size: 'max' }), (raw) => {
        expect(outcome(raw)).toBeInstanceOf(Refused);
      }),
      { numRuns: 500 },
    );
  });

  test('of any JSON value is refused with 400', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), (text) => {
        expect(outcome(Buffer.from(text))).toBeInstanceOf(Refused);
      }),
      { numRuns: 500 },
    );
  });

  test('with any JSON value in the place of a field never breaks the parser', () => {
    const fields = ['schema', 'period', 'token', 'sequence', 'platform', 'devices', 'withdraw'];
    fc.assert(
      fc.property(reports, fc.constantFrom(...fields), fc.json({ maxDepth: 4 }), (report, key, value) => {
        outcome(Buffer.from(JSON.stringify({ ...report, [key]: JSON.parse(value) })));
      }),
      { numRuns: 500 },
    );
  });

  test('never finds its token or its names again in the refusal', () => {
    fc.assert(
      fc.property(reports, fc.array(mutation, { minLength: 1, maxLength: 3 }), (report, changes) => {
        const canary = 'c4n4ryMODEL';
        const devices = [
          { category: 'phone' as const, vendor: canary, model: `${canary}9`, count: 1 },
          ...report.devices,
        ];
        const raw = changes.reduce(mutated, Buffer.from(JSON.stringify({ ...report, devices })));
        const result = outcome(raw);
        if (!(result instanceof Refused)) return;
        const said = `${result.message}${result.detail}${JSON.stringify(result.errors)}${JSON.stringify(result.extra)}${result.stack}`;
        expect(said).not.toContain(canary);
        expect(said).not.toContain(report.token);
      }),
      { numRuns: 1_000 },
    );
  });
});
