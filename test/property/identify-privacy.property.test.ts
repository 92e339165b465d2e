import { describe, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import type { Identity } from '../../services/identify/identity.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const identifier = buildIdentifier(loadCatalog(), parsePeriod('2026-11'));
const STRINGS = 100_500;

/** mulberry32: the same strings in every run. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

const next = random(20261101);
const pick = <T>(items: readonly T[]): T => items[next(items.length)]!;
const digits = (n: number) => Array.from({ length: n }, () => next(10)).join('');
const hex = (n: number) => Array.from({ length: n }, () => '0123456789abcdef'[next(16)]).join('');
const pairs = (text: string, by: string) => text.match(/../g)!.join(by);

/** An identifier as it may be written, and what must not be found of it in any output: its telling part. */
interface Secret {
  readonly text: string;
  /** Without its dots a host name is a word like any other. */
  readonly needsDots?: true;
  readonly trace: string;
}
const SECRETS: readonly (() => Secret)[] = [
  () => {
    const mac = pick(['001565', '805ec0', '000b82', '0004f2', '7c2f80']) + hex(6);
    const written = [pairs(mac, pick([':', '-', '.', '_', ' '])), mac, mac.match(/..../g)!.join('.')];
    return { text: pick(written), trace: mac.slice(6) };
  },
  () => {
    const id = `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
    return { text: id, trace: id.slice(-12) };
  },
  () => {
    const number = `49${pick(['30', '89', '211'])}${digits(8)}`;
    const written = [
      `+${number}`,
      number,
      `+49 30 ${number.slice(-8, -4)} ${number.slice(-4)}`,
      `030-${number.slice(-8)}`,
    ];
    return { text: pick(written), trace: number.slice(-8) };
  },
  () => {
    const ip = [10 + next(200), next(256), next(256), 1 + next(254)];
    return { text: ip.join('.'), trace: ip.join('.') };
  },
  () => ({
    text: `pbx${next(99)}.kunde-${next(999)}.example.${pick(['com', 'de', 'local'])}`,
    trace: 'kunde',
    needsDots: true,
  }),
  () => ({ text: `anna.kunde${next(999)}@example.org`, trace: 'kunde' }),
  () => {
    const serial = pick(['VI', 'CBT', 'FCH', '20EZ']) + digits(8);
    return { text: `${pick(['SN/', 'SN:', 'S/N ', 'Serial:', 'DevId '])}${serial}`, trace: serial.slice(-8) };
  },
  () => ({
    text: `${pick(['Annegret', 'Zacharias', 'Friedrun'])}'s ${pick(['iPhone', 'Galaxy S21', 'MacBook'])}`,
    trace: 'name',
  }),
];
const NAMES = /annegret|zacharias|friedrun/i;

const AROUND: readonly ((id: string) => string)[] = [
  (id) => `Yealink SIP-T46S 66.86.0.15 ${id}`,
  (id) => `${id} Linksys/SPA942-6.1.5(a)`,
  (id) => `LinphoneiOS/4.3.0 (${id}) LinphoneSDK/4.4.0`,
  (id) => `PolycomVVX-VVX_450-UA/6.4.3.5018_${id}`,
  (id) => `AUDC-IPPhone/2.0.0_build_15 (420HD; ${id})`,
  (id) => `Cisco/SPA508G-7.4.4 (${id})(CBT)`,
  (id) => `Nobody X1 ${id}`,
  (id) => `Nobody-${id}`,
  (id) => `Nobody_${id}`,
  (id) => `Nobody/1.0 (${id})`,
  (id) => `Nobody;${id}`,
  (id) => id,
];

const LOOK_ALIKE: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', o: 'о', A: 'А', B: 'В', C: 'С', E: 'Е' };
const ZEROS = [0x660, 0x966, 0xff10, 0x1d7ce, 0x6f0];

const MUTATIONS: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
  (text) => Array.from(text, (c) => (next(2) ? c.toUpperCase() : c.toLowerCase())).join(''),
  (text) => {
    const zero = pick(ZEROS);
    return text.replace(/[0-9]/g, (d) => String.fromCodePoint(zero + Number(d)));
  },
  (text) => text.replace(/[aceoABCE]/g, (c) => LOOK_ALIKE[c] ?? c),
  (text) => text.replace(/0/g, pick(['O', 'o', '0'])),
  (text) => Array.from(text).join(pick(['', '\u200b', '\u00ad', '\u2060'])),
  (text) => insert(text, pick(['\u200b', '\ufeff', '\u0000', '\u0007', '\u202e', '\u0301'])),
  (text) => text.replace(/[:._-]/g, () => pick([':', '-', '.', '_', ' ', ''])),
  (text) => text.replace(/[-:]/g, pick(['\u2010', '\u2013', '\uff1a', '\u2236', '\ufe55'])),
  (text) => text.replace(/ /g, pick(['\u00a0', '\u3000', '  ', '\t', '_'])),
];
/** Mutations that take dots away come last in the list's order of harm. */
const UNDOTTING = new Set([MUTATIONS[9]]);

const insert = (text: string, what: string) => {
  const letters = Array.from(text);
  letters.splice(next(letters.length + 1), 0, what);
  return letters.join('');
};

/** An output as a reader who wants to find something would read it. */
const bare = (text: string) =>
  text
    .toLowerCase()
    .replace(/o/g, '0')
    .replace(/[li]/g, '1')
    .replace(/[^a-z0-9]/g, '');

function leaks(identity: Identity, secret: Secret): boolean {
  if (identity.kind === 'refused') return false;
  const out = `${identity.vendor} ${identity.model}`;
  if (secret.trace === 'name') return NAMES.test(out);
  if (/^[0-9]+(\.[0-9]+){3}$/.test(secret.trace)) return out.includes(secret.trace);
  return bare(out).includes(bare(secret.trace));
}

describe('whatever an identifier is hidden in', () => {
  test(`no output holds it: ${STRINGS} mutated strings, as a whole and split across vendor and model`, () => {
    const found: unknown[] = [];
    for (let i = 0; i < STRINGS; i++) {
      const secret = pick(SECRETS)();
      const allowed = secret.needsDots ? MUTATIONS.filter((mutation) => !UNDOTTING.has(mutation)) : MUTATIONS;
      const mutated = pick(allowed)(pick(allowed)(pick(AROUND)(secret.text)));
      const letters = Array.from(mutated);
      const cut = next(letters.length + 1);
      const [vendor, model] = [letters.slice(0, cut).join(''), letters.slice(cut).join('')];
      const answers =
        i % 2 ? [identifier.raw('user-agent', mutated)] : [identifier.line({ category: 'phone', vendor, model })];
      if (i % 10 === 0)
        answers.push(
          identifier.raw('board', `Manufacturer="${vendor}" Product="${model}"`),
          identifier.raw('cpu', mutated),
          identifier.raw('pci', mutated),
          identifier.line({ category: 'nic', vendor, model }),
          identifier.line({ category: 'board', vendor, model }),
        );
      for (const answer of answers) if (leaks(answer, secret)) found.push({ secret: secret.text, mutated, answer });
    }
    expect(found.slice(0, 12), `${found.length} leaks`).toEqual([]);
  });
});
