import { describe, expect, test } from 'vitest';
import { VIEWS } from '../../schemas/fact.ts';
import { QUERY_NAMES } from '../../schemas/release.ts';
import { CATEGORIES, type Category } from '../../schemas/report.ts';
import { rhoOf, rhoOfPeriod } from '../../services/releases/numbers/accountant.ts';
import { isOfModels, MEASURES, QUERIES, queryNamed, queryOf } from '../../services/releases/numbers/queries.ts';

/** PRIVACY.md section 4, written down again. */
const SPECIFIED = [
  ['sites by platform', 1, 50, 0.01],
  ['sites by platform and phone vendor', 4, 100, 0.02],
  ['sites by phone vendor', 4, 200, 0.01],
  ['sites by phone model', 8, 64, 0.0625],
  ['phones by model', 8 * 50 ** 2, 160_000, 0.0625],
  ['sites by model of other endpoints', 8, 100, 0.04],
  ['sites by telephony card (PCI) model', 4, 128, 0.015625],
  ['sites by network card model', 2, 100, 0.01],
  ['sites by CPU', 1, 100, 0.005],
  ['sites by memory size', 1, 100, 0.005],
  ['sites by motherboard', 1, 100, 0.005],
] as const;

const ENDPOINTS: Category[] = ['softphone', 'mobile', 'dect', 'ata', 'gateway', 'doorphone', 'conference', 'headset'];

describe('the queries of a release', () => {
  test('have the bounds, the noise and the cost that are specified', () => {
    expect(MEASURES.map((m) => [m.title, m.boundSquared, m.variance, rhoOf(m)])).toEqual(SPECIFIED);
    expect(rhoOfPeriod()).toBe(0.245625);
  });

  test('come in the order of a release, each once', () => {
    expect(QUERIES.map(({ name }) => name)).toEqual(QUERY_NAMES);
  });

  test('count phones for phone models alone, rounded to 50, and sites for all, rounded to 5', () => {
    expect(QUERIES.filter(({ phones }) => phones !== null).map(({ name }) => name)).toEqual(['phone_model']);
    expect(queryNamed('phone_model').phones?.rounding).toBe(50);
    for (const { sites } of QUERIES) expect(sites.rounding).toBe(5);
  });

  test.each([
    ['platform', '', 'platform'],
    ['platform_vendor', '', 'platform_vendor'],
    ['vendor', 'phone', 'phone_vendor'],
    ['model', 'phone', 'phone_model'],
    ['model', 'pci', 'pci_model'],
    ['model', 'nic', 'nic_model'],
    ['model', 'cpu', 'cpu'],
    ['model', 'memory', 'memory'],
    ['model', 'board', 'board'],
    ...ENDPOINTS.map((category) => ['model', category, 'endpoint_model'] as const),
  ] as const)('read the view %s with category %j as %s', (view, category, name) => {
    expect(queryOf({ view, category })?.name).toBe(name);
  });

  test('read nothing else: no hypervisor, no unlisted device, no category, no vendor of other devices, no sites', () => {
    const read = VIEWS.flatMap((view) =>
      (['', ...CATEGORIES] as const).filter((category) => queryOf({ view, category })).map((c) => `${view}|${c}`),
    );
    const anything = (view: string) => ['', ...CATEGORIES].map((category) => `${view}|${category}`);
    expect(read.sort()).toEqual(
      [
        ...anything('platform'),
        ...anything('platform_vendor'),
        'vendor|phone',
        ...CATEGORIES.filter((category) => category !== 'virtual').map((category) => `model|${category}`),
      ].sort(),
    );
  });

  test('are of models or of coarser things', () => {
    expect(QUERY_NAMES.filter((name) => !isOfModels(name))).toEqual(['platform', 'platform_vendor', 'phone_vendor']);
  });

  test('are found by name, and none by another', () => {
    for (const name of QUERY_NAMES) expect(queryNamed(name).name).toBe(name);
    expect(() => queryNamed('virtual' as never)).toThrow(RangeError);
  });
});
