import { describe, expect, test } from 'vitest';
import type { Rule } from '../../schemas/catalog.ts';
import { NAME_PATTERN } from '../../schemas/fact.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { conformanceOf } from '../../services/identify/conformance.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { nameOf } from '../../services/identify/name.ts';
import { findPersonalData } from '../../services/identify/personal-data.ts';
import { RuleSet } from '../../services/identify/rules.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const catalog = loadCatalog();
const everyRule = catalog.rules.flatMap(({ scope, rules }) => rules.map((rule) => ({ scope, rule })));
/** A rule of any vendor, as it is tried: under some vendor. */
const vendorOf = (rule: Rule) => (rule.vendor === '*' ? 'Any' : rule.vendor);

describe('the catalogue', () => {
  test('every accepted example gives its model by its own rule', () => {
    const wrong = everyRule.flatMap(({ rule }) => {
      const alone = new RuleSet([rule]);
      return rule.accepts
        .map(([text, model]) => ({ text, model: nameOf(model), got: alone.match(text, vendorOf(rule))?.model }))
        .filter(({ model, got }) => model !== got);
    });
    expect(wrong).toEqual([]);
  });

  test('no refused example is matched by its rule', () => {
    const wrong = everyRule.flatMap(({ rule }) => {
      const alone = new RuleSet([rule]);
      return rule.refuses
        .filter((text) => alone.match(text, vendorOf(rule)) !== undefined)
        .map((text) => [rule.pattern, text]);
    });
    expect(wrong).toEqual([]);
  });

  test('in the whole set the accepted examples still end at the same model', () => {
    const wrong = catalog.rules.flatMap(({ scope }) => {
      const rules = everyRule.filter((entry) => entry.scope === scope).map(({ rule }) => rule);
      const all = new RuleSet(rules);
      return catalog.rules
        .filter((file) => file.scope === scope)
        .flatMap((file) => file.rules)
        .flatMap((rule) =>
          rule.accepts
            .map(([text, model]) => ({
              text,
              model: nameOf(model),
              category: rule.category,
              got: all.match(text, scope === 'board' || scope === 'nic' ? vendorOf(rule) : undefined),
            }))
            .filter(({ model, category, got }) => got?.model !== model || got.category !== category),
        );
    });
    expect(wrong).toEqual([]);
  });

  test('no name that comes out breaks the pattern of names or looks like personal data', () => {
    const names = [
      ...everyRule
        .filter(({ scope }) => scope !== 'cpu' && scope !== 'board')
        .flatMap(({ rule }) => rule.accepts.map(([, model]) => [vendorOf(rule), model] as const)),
      ...catalog.pci.cards.map(({ vendor, model }) => [vendor, model] as const),
    ].map(([vendor, model]) => [nameOf(vendor === '*' ? '' : vendor), nameOf(model)] as const);
    for (const [vendor, model] of names) {
      expect(vendor).toMatch(NAME_PATTERN);
      expect(model).toMatch(NAME_PATTERN);
      expect([vendor, model, findPersonalData(`${vendor} ${model}`)]).toEqual([vendor, model, undefined]);
    }
  });

  test('every vendor of a rule or a card is in the list of vendors', () => {
    const known = new Set(catalog.vendors.map(({ name }) => name));
    const used = [
      ...everyRule.filter(({ rule }) => rule.category !== 'not-a-device').map(({ rule }) => rule.vendor),
      ...catalog.pci.cards.map(({ vendor }) => vendor),
    ];
    expect([...new Set(used)].filter((vendor) => vendor !== '' && vendor !== '*' && !known.has(vendor))).toEqual([]);
  });

  test('publishes its strings with one answer each', () => {
    const cases = conformanceOf(catalog, buildIdentifier(catalog, parsePeriod('2099-01')));
    expect(cases.length).toBeGreaterThan(500);
    expect(cases.find(({ text }) => text === 'Yealink-T27P 45.71.0.81')?.answer).toEqual({
      category: 'phone',
      vendor: 'Yealink',
      model: 'SIP-T27P',
    });
  });
});
