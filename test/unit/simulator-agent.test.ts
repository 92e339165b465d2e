import { describe, expect, it } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { Agent } from '../../services/simulator/agent.ts';
import { foundSite } from '../../services/simulator/fleet.ts';
import { PHONE_MAKERS } from '../../services/simulator/phone-makers.ts';
import { Random } from '../../services/simulator/random.ts';

const agent = new Agent(buildIdentifier(loadCatalog(), parsePeriod('2026-11')));
const sites = Array.from({ length: 600 }, (_, id) =>
  foundSite(id, { month: 0, makers: PHONE_MAKERS }, new Random(3, id)),
);
const userAgents = (oldAgent: boolean) =>
  sites.flatMap((site) => site.items.filter(({ raw }) => site.oldAgent === oldAgent && raw.kind === 'user-agent'));
const ADDRESS = /(?:[0-9a-f]{2}[:-]){5}[0-9a-f]{2}|(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/i;

describe('a simulated agent', () => {
  const lines = sites
    .filter(({ oldAgent }) => !oldAgent)
    .flatMap((site) => [...agent.inventory({ ...site, oldAgent: false })].map(([line]) => line));

  it('reads addresses and names of persons, and sends none', () => {
    const texts = userAgents(false).map(({ raw }) => raw.text);
    expect(texts.filter((text) => ADDRESS.test(text)).length).toBeGreaterThan(100);
    expect(texts.filter((text) => text.includes('iPhone')).length).toBeGreaterThan(5);
    const sent = lines.map(({ vendor, model }) => `${vendor} ${model}`);
    expect(sent.filter((name) => ADDRESS.test(name) || /Anna|Chloe|Serial/.test(name))).toEqual([]);
  });

  it('sends no raw string, unless all of it is a name', () => {
    const raw = new Set(userAgents(false).map(({ raw }) => raw.text));
    const sent = lines.filter(({ model }) => raw.has(model)).map(({ model }) => model);
    expect(sent.filter((model) => /\d+\.\d+\.\d+/.test(model))).toEqual([]);
  });

  it('recognises nearly all phones', () => {
    const unknown = lines.filter(({ category, vendor }) => category === 'phone' && vendor === '');
    expect(unknown.length).toBeLessThan(0.25 * lines.filter(({ category }) => category === 'phone').length);
  });

  it('knows nothing when it is an old one: it sends the raw string as the model', () => {
    const old = sites.filter(({ oldAgent }) => oldAgent);
    expect(old.length).toBeGreaterThan(10);
    expect(old.length).toBeLessThan(50);
    for (const site of old) {
      const texts = [...agent.inventory(site)].map(([{ vendor, model }]) => `${vendor}${model}`);
      expect(texts.sort()).toEqual(site.items.map(({ raw }) => raw.text).sort());
    }
  });

  it('sends one line for a model, whatever firmware and address its devices have', () => {
    const site = sites.find(
      ({ items, oldAgent }) => !oldAgent && new Set(items.map(({ raw }) => raw.make)).size < items.length,
    )!;
    const counts = agent.inventory(site);
    expect(new Set([...counts.keys()].map((line) => JSON.stringify(line))).size).toBe(counts.size);
    expect(counts.size).toBeLessThan(site.items.length);
  });
});
