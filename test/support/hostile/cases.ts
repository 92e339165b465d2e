import { CATEGORIES, type Report } from '../../../schemas/report.ts';
import { Random } from '../../../services/simulator/random.ts';

/** A body, and whether it is an honest one: those are always taken. */
export interface Case {
  readonly bytes: Buffer;
  readonly honest: boolean;
}

const NAMES = [
  'SIP-T46S',
  'D785',
  'VVX 411',
  'CP-8841-3PCC-K9',
  'TDM400P',
  'Intel Core i5-8500',
  'GXP2170',
  'T46',
  '',
] as const;
const VENDORS = ['Yealink', 'Snom', 'Polycom', 'Cisco', 'Grandstream', 'Digium', 'yealink inc.', 'x', ''] as const;
const PIECES = [
  ...[
    '\u0000',
    '\\u0000',
    '\\ud800',
    '\ud83d\ude00',
    '中',
    'é',
    '０',
    '\u202e',
    '\ufeff',
    '\\',
    '"',
    '\\"',
    '\u2028',
    '\t',
    '%00',
  ],
  ...[
    "'; DROP TABLE facts; --",
    '{{7*7}}',
    '$(id)',
    '../../etc/passwd',
    '<script>',
    '=cmd()',
    'sip:1001@pbx.example.org',
  ],
  ...['00:15:65:aa:bb:cc', '192.0.2.7', 'Alice Example', 's/n 1234567890', '__proto__', 'constructor', 'NaN', '1e309'],
] as const;
const VALUES = [
  ...[
    'null',
    'true',
    '-0',
    '-1',
    '0',
    '1.5',
    '1e3',
    '1e400',
    '9007199254740993',
    '99999999999999999999',
    '""',
    '[]',
    '{}',
  ],
  ...['"x"', '[[[[[[]]]]]]', '{"a":1}', '"\\ud800"', '" "', '01', '.5', 'NaN', "'x'", 'undefined', '/**/1'],
] as const;
const KEYS = [
  ...[
    'schema',
    'period',
    'token',
    'sequence',
    'platform',
    'devices',
    'withdraw',
    'category',
    'vendor',
    'model',
    'count',
  ],
  ...['name', 'version', '__proto__', 'constructor', 'toString', 'Token', 'token ', '', 'x'],
] as const;

/** As many cases as wanted, each by its seed and number alone. */
export function caseOf(seed: number, n: number): Case {
  const random = new Random(seed, n & 0xffff, n >>> 16);
  const honest = JSON.stringify(reportBy(random));
  if (random.chance(0.05)) return { bytes: Buffer.from(honest), honest: true };
  let bytes = Buffer.from(random.chance(0.5) ? structural(honest, random) : honest, 'utf8');
  for (let left = random.int(0, 4); left > 0; left--) bytes = mutated(bytes, random);
  return { bytes, honest: false };
}

function reportBy(random: Random): Report {
  const lines = random.int(0, random.chance(0.02) ? 200 : 6);
  return {
    schema: 'rollcall.report/1',
    period: '2026-11',
    token: random.token(),
    sequence: random.int(1, 1_000),
    platform: {
      name: random.pick(['FreePBX', 'Asterisk', 'FusionPBX', 'other']),
      version: random.pick(['', '17', '16']),
    },
    devices: Array.from({ length: lines }, () => ({
      category: random.pick(CATEGORIES),
      vendor: random.pick(VENDORS),
      model: random.pick(NAMES),
      count: random.int(0, 9_999),
    })),
  } as Report;
}

/** Another value, another key, a key twice, something odd inside a string. */
function structural(text: string, random: Random): string {
  const spots = [...text.matchAll(/"([^"]*)":("[^"]*"|\d+|\[|\{)/g)];
  if (spots.length === 0) return text;
  const spot = random.pick(spots);
  const [whole, key = '', value = ''] = spot;
  const at = spot.index;
  const instead = (other: string) => text.slice(0, at) + other + text.slice(at + whole.length);
  switch (random.int(0, 5)) {
    case 0:
      return instead(`"${key}":${random.pick(VALUES)}${value === '[' || value === '{' ? `,"x":${value}` : ''}`);
    case 1:
      return instead(`"${random.pick(KEYS)}":${value}`);
    case 2:
      return instead(`"${random.pick(KEYS)}":${random.pick(VALUES)},${whole}`);
    case 3:
      return instead(`${whole.slice(0, -1)}${random.pick(PIECES)}${whole.slice(-1)}`);
    case 4:
      return instead(`"${key}":"${random.pick(PIECES).repeat(random.int(1, 60))}"`);
    default:
      return '['.repeat(random.int(1, 500)) + text;
  }
}

/** Bytes that are turned, taken out, put in, doubled or cut off. */
function mutated(bytes: Buffer, random: Random): Buffer<ArrayBuffer> {
  const at = random.int(0, Math.max(0, bytes.length - 1));
  const to = Math.min(bytes.length, at + random.int(1, 24));
  switch (random.int(0, 4)) {
    case 0: {
      const copy = Buffer.from(bytes);
      if (copy.length > 0) copy[at] = random.int(0, 255);
      return copy;
    }
    case 1:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(to)]);
    case 2:
      return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(PIECES)), bytes.subarray(at)]);
    case 3:
      return Buffer.concat([bytes.subarray(0, to), bytes.subarray(at)]);
    default:
      return Buffer.from(bytes.subarray(0, at));
  }
}
