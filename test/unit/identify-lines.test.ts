import { describe, expect, test } from 'vitest';
import type { Catalog } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { identifiersOf } from '../../services/identify/identifiers.ts';
import type { Identifier, Identity } from '../../services/identify/identity.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2026-11'));
const line = (category: Category, vendor: string, model: string) => identifier.line({ category, vendor, model });
const shown = (identity: Identity) =>
  identity.kind === 'refused'
    ? identity.reason
    : `${identity.kind} ${identity.category}/${identity.vendor}/${identity.model}`;

describe('a line whose names are canonical', () => {
  test.each<[Category, string, string]>([
    ['phone', 'Yealink', 'SIP-T46S'],
    ['phone', 'Yealink', 'SIP-T54W'],
    ['phone', 'Polycom', 'VVX 450'],
    ['phone', 'Grandstream', 'GXP2170'],
    ['phone', 'Snom', 'D785'],
    ['phone', 'Fanvil', 'X5U'],
    ['phone', 'Cisco', 'SPA504G'],
    ['phone', 'Cisco', 'CP-8841'],
    ['dect', 'Yealink', 'W60B'],
    ['ata', 'Grandstream', 'HT802'],
    ['gateway', 'Patton', 'SN4112'],
    ['softphone', 'Zoiper', 'Zoiper'],
    ['headset', 'Jabra', 'Evolve2 65'],
    ['conference', 'Polycom', 'Trio 8800'],
    ['mobile', 'Apple', 'iOS'],
    ['doorphone', '2N', 'IP Verso'],
    ['pci', 'Digium', 'TE410P'],
    ['nic', 'Intel', 'I210'],
    ['cpu', 'Intel', 'Xeon E3-1220'],
    ['memory', '', '16 GiB'],
    ['board', 'Supermicro', 'X11SSL-F'],
    ['virtual', 'VMware', 'Virtual Platform'],
  ])('%s/%s/%s comes back as it is', (category, vendor, model) => {
    expect(line(category, vendor, model)).toEqual({ kind: 'listed', category, vendor, model });
  });

  test('every name that the catalogue gives is its own name', () => {
    const wrong: unknown[] = [];
    // A platform is no line of a report.
    for (const { scope, rules } of catalog.rules.filter(({ scope }) => scope !== 'platform'))
      for (const rule of rules)
        for (const [text] of rule.accepts) {
          const first =
            scope === 'endpoint'
              ? identifier.raw('user-agent', text)
              : identifier.line({
                  category: rule.category as Category,
                  vendor: rule.vendor === '*' ? 'ASUS' : rule.vendor,
                  model: text,
                });
          if (first.kind !== 'listed') continue;
          const again = identifier.line(first);
          if (shown(again) !== shown(first)) wrong.push([text, shown(first), shown(again)]);
        }
    for (const { vendor, model, category } of catalog.pci.cards) {
      if (model === '') continue;
      const first = identifier.line({ category, vendor, model });
      if (first.kind !== 'listed' || shown(identifier.line(first)) !== shown(first))
        wrong.push([vendor, model, shown(first)]);
    }
    expect(wrong).toEqual([]);
  });
});

describe('a line spelled in another way', () => {
  test.each<[Category, string, string, string]>([
    ['phone', 'yealink', 't46s', 'phone/Yealink/SIP-T46S'],
    ['phone', '', 'yealink t46s', 'phone/Yealink/SIP-T46S'],
    ['phone', 'YEALINK', 'sip_t46s', 'phone/Yealink/SIP-T46S'],
    ['phone', 'Yealink', 'Yealink SIP-T46S 66.86.0.15 00:15:65:12:34:56', 'phone/Yealink/SIP-T46S'],
    ['gateway', 'Yealink', 'SIP-T46S', 'phone/Yealink/SIP-T46S'],
    ['phone', 'Poly', 'VVX 450', 'phone/Polycom/VVX 450'],
    ['cpu', 'Intel', 'Intel(R) Xeon(R) CPU E3-1220 v3 @ 3.10GHz', 'cpu/Intel/Xeon E3-1220 v3'],
    ['memory', '80AD000080AD', '16GB', 'memory//16 GiB'],
    ['memory', '', '12 GB', 'memory//16 GiB'],
    ['nic', 'Intel Corporation', 'I210 Gigabit Network Connection', 'nic/Intel/I210'],
    ['board', 'ASUSTeK COMPUTER INC.', 'PRIME B450M-A', 'board/ASUS/PRIME B450M-A'],
    ['board', 'VMware, Inc.', 'VMware Virtual Platform', 'virtual/VMware/Virtual Platform'],
    ['virtual', '', 'KVM', 'virtual/QEMU/KVM'],
    ['mobile', 'Samsung', 'Galaxy S21', 'mobile/Samsung/Android'],
  ])('%s | %s | %s', (category, vendor, model, name) => {
    expect(shown(line(category, vendor, model))).toBe(`listed ${name}`);
  });
});

describe('a line that is not to be counted', () => {
  test.each<[Category, string, string, string]>([
    ['phone', 'Yealink', 'SIP-T46S 00:15:65:12:34:56', 'personal-data'],
    ['phone', 'Yealink', '001565123456', 'personal-data'],
    ['phone', '001565', '123456', 'personal-data'],
    ['phone', 'Acme', '+49 30 1234567', 'personal-data'],
    ['phone', 'pbx.exam', 'ple.com', 'personal-data'],
    ['mobile', 'Apple', "Bob's iPhone", 'personal-data'],
    ['phone', 'Asterisk', 'PBX', 'not-a-device'],
    ['phone', '', '', 'bad-name'],
    ['phone', 'Acme', '<script>', 'bad-name'],
    ['board', 'To Be Filled By O.E.M.', 'To Be Filled By O.E.M.', 'bad-name'],
    ['memory', '', 'plenty', 'bad-name'],
  ])('%s | %s | %s is refused: %s', (category, vendor, model, reason) => {
    expect(shown(line(category, vendor, model))).toBe(reason);
  });

  test('an unknown brand is unlisted, under its own name', () => {
    expect(line('phone', 'Acme', 'K-3000')).toEqual({
      kind: 'unlisted',
      category: 'phone',
      vendor: 'Acme',
      model: 'K-3000',
    });
  });
});

describe('a name that the list does not hold', () => {
  test('is proposed under a known maker, as far as it is shaped like a model', () => {
    expect(shown(line('phone', 'Yealink', 'SIP-T99Z'))).toBe('proposed phone/Yealink/SIP-T99Z');
    expect(shown(line('phone', 'Yealink', 'Desk Set T99'))).toBe('proposed phone/Yealink/Desk Set T99');
    expect(shown(line('board', 'Supermicro', 'X9SECRET-JOHN-SMITH'))).toBe('proposed board/Supermicro/X9SECRET');
    expect(shown(line('phone', 'Yealink', 'Peter Mueller'))).toBe('listed phone/Yealink/');
  });

  test.each<[Category, string, string]>([
    ['phone', 'Mueller', 'Peter Mueller'],
    ['phone', '', 'CornwallEstate'],
    ['phone', '', 'Mueller T46S'],
    ['phone', 'Acme', 'K-3000|4001'],
    ['phone', 'Acme', 'K3000 2023-01-19'],
    ['phone', 'Acme', 'Reception'],
  ])('of nobody that the catalogue knows is refused when it is not: %s | %s | %s', (category, vendor, model) => {
    expect(shown(line(category, vendor, model))).toMatch(/^(?:bad-name|personal-data)$/);
  });
});

describe('rules are pinned per period', () => {
  const rule = catalog.rules.flatMap(({ rules }) => rules).find(({ vendor }) => vendor === 'Yealink')!;
  const dated: Catalog = {
    ...catalog,
    rules: [
      {
        scope: 'endpoint',
        rules: [{ ...rule, since: '2026-12', vendor: 'Newcomer', pattern: '^newcomer (?P<m>n[0-9]{3})', model: '{m}' }],
      },
    ],
  };
  const inPeriod = (period: string) =>
    buildIdentifier(dated, parsePeriod(period)).line({ category: 'phone', vendor: 'Newcomer', model: 'N100' });

  test('a rule is used from its period on and not before', () => {
    expect(inPeriod('2026-11').kind).toBe('unlisted');
    expect(inPeriod('2026-12').kind).toBe('proposed');
    expect(inPeriod('2027-01').kind).toBe('proposed');
  });

  test('a name is a model from its period on, and only proposed before', () => {
    const listed: Catalog = {
      ...catalog,
      models: [
        {
          groups: [{ category: 'phone', vendor: 'Yealink', since: '2026-12', source: 'yealink', models: ['SIP-T99Z'] }],
        },
      ],
    };
    const kindIn = (period: string) =>
      buildIdentifier(listed, parsePeriod(period)).line({ category: 'phone', vendor: 'Yealink', model: 'T99Z' });
    const name = { category: 'phone', vendor: 'Yealink', model: 'SIP-T99Z' };
    expect(kindIn('2026-11')).toEqual({ kind: 'proposed', ...name });
    expect(kindIn('2026-12')).toEqual({ kind: 'listed', ...name });
  });

  test('months between two changes of the catalogue share an identifier; a new rule, name or card begins another', () => {
    const group = catalog.models[0]!.groups[0]!;
    const card = catalog.pci.cards[0]!;
    const identifierOf = identifiersOf({
      ...dated,
      models: [...catalog.models, { groups: [{ ...group, since: '2027-02' }] }],
      pci: { ...catalog.pci, cards: [...catalog.pci.cards, { ...card, since: '2027-04' }] },
    });
    const editions: Identifier[] = [];
    for (const period of ['2026-10', '2026-11', '2026-12', '2027-01', '2027-02', '2027-03', '2027-04', '2029-01']) {
      const identifier = identifierOf(parsePeriod(period));
      if (identifier !== editions.at(-1)) editions.push(identifier);
      const line = { category: 'phone', vendor: 'Newcomer', model: 'N100' } as const;
      expect(identifier.line(line)).toEqual(buildIdentifier(dated, parsePeriod(period)).line(line));
    }
    expect(new Set(editions).size).toBe(4);
    expect(editions).toHaveLength(4);
    expect(identifierOf(parsePeriod('2026-10'))).toBe(editions[0]);
  });
});

test('platforms are named with their major version, whatever the case', () => {
  expect(identifier.platform('freepbx', '17')).toBe('FreePBX 17');
  expect(identifier.platform('3CX', '')).toBe('3CX');
  expect(identifier.platform('FreePBX Distro', '16')).toBe('FreePBX 16');
  expect(identifier.platform('My own PBX', '1')).toBe('other');
});
