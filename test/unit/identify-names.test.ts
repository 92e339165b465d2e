import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Catalog, ModelGroup } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { checkNames, countNames, tooFew } from '../../services/identify/names-check.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2026-11'));
type Name = readonly [category: Category, vendor: string, model: string];

/** What counted before the list was closed, by the catalogue 2026-11.1: cards, names that rules spell out, a made-up fleet. */
const before = JSON.parse(
  readFileSync(new URL('../fixtures/identify/names-2026-11.1.json', import.meta.url), 'utf8'),
) as readonly Name[];

/** Of these the earlier name was wrong: what it is now, or that nothing is called so. */
const CORRECTED: Readonly<Record<string, string>> = {
  'AVM Fritz!Card DSL': 'FRITZ!Card DSL',
  'AVM Fritz!Card Fon': 'FRITZ!Card Fon',
  'AVM Fritz!Card PCI': 'FRITZ!Card PCI',
  'AVM Fritz!Card PCI v2.0': 'FRITZ!Card PCI v2.0',
  'Dialogic Diva 20': '',
  'Dialogic Diva 20PRO': '',
  'Dialogic Diva Server 4BRI': '',
  'Dialogic Diva Server BRI S/T': 'Diva Server BRI',
  'Dialogic Diva Server BRI-2M/-2F': '',
  'Dialogic Diva Server IPM-300': '',
  'Dialogic Diva Server IPM-600': '',
  'Dialogic Diva Server PRI-9': '',
  'Gigaset Maxwell BASIC': 'Maxwell Basic',
  'OpenVox D161': '',
  'beroNet BN1E1+': '',
};

describe('the list of models', () => {
  test('has no name twice and none that is misspelt', () => {
    expect(checkNames(catalog, identifier)).toEqual([]);
  });

  test('is long enough', () => {
    expect(tooFew(catalog)).toEqual([]);
    expect(countNames(catalog).get('endpoints')).toBeGreaterThan(1_500);
  });

  test('says where each name comes from, and where each end of life', () => {
    const groups = catalog.models.flatMap((file) => file.groups);
    for (const { source, eol = {} } of groups)
      for (const key of [source, ...Object.values(eol).map(([, from]) => from)])
        expect(catalog.sources[key]).toMatch(/\w/);
    expect(groups.some(({ eol }) => eol !== undefined)).toBe(true);
  });

  test('holds everything that counted before it was closed, but for names that were wrong', () => {
    const shrunk = before.flatMap(([category, vendor, model]) => {
      const now = identifier.line({ category, vendor, model });
      const wanted = CORRECTED[`${vendor} ${model}`] ?? model;
      const counts =
        now.kind === 'listed' && now.vendor === vendor && now.model === wanted && now.category === category;
      return counts || wanted === '' ? [] : [[category, vendor, model, now]];
    });
    expect(before.length).toBeGreaterThan(400);
    expect(shrunk).toEqual([]);
  });

  test('the check finds what is doubled, misspelt, without a vendor or a source', () => {
    const groups = [
      {
        category: 'phone',
        vendor: 'Yealink',
        since: '2020-01',
        source: 'yealink',
        models: ['SIP-T46S', 'sip t46s', 'SIP-T46S '],
      },
      { category: 'phone', vendor: 'Nobody', since: '2020-01', source: 'nowhere', models: ['N-1'] },
      { category: 'phone', vendor: 'Cisco', since: '2020-01', source: 'cisco', models: ['CP8841'] },
      {
        category: 'phone',
        vendor: 'Snom',
        since: '2020-01',
        source: 'snom',
        models: ['D785'],
        eol: { D785: ['2020-02', 'snom', '2019-12-31'], D9999: ['2020-02', 'nowhere'] },
      },
    ] satisfies ModelGroup[];
    const broken: Catalog = {
      ...catalog,
      models: [{ groups }],
    };
    const faults = checkNames(broken, buildIdentifier(broken, parsePeriod('2026-11'))).map(({ fault }) => fault);
    expect(faults.join('\n')).toMatch(
      /doubled[\s\S]*not in the list of vendors[\s\S]*no source nowhere[\s\S]*not listed[\s\S]*its support ends before its sale/,
    );
    expect(faults.length).toBeGreaterThanOrEqual(4);
  });
});
