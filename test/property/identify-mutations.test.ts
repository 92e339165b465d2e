import { describe, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import type { Identity } from '../../services/identify/identity.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { MUTATIONS, type Mutation, SECRETS } from '../support/identify/mutations.ts';

const catalog = loadCatalog();
const identifier = buildIdentifier(catalog, parsePeriod('2026-11'));

interface Example {
  readonly text: string;
  readonly answer: Identity & { readonly kind: 'listed' };
}

/** Every User-Agent among the rules' examples and in the form of the list that is a listed model. */
const examples: readonly Example[] = [
  ...catalog.rules
    .filter(({ scope }) => scope === 'endpoint')
    .flatMap(({ rules }) => rules.flatMap(({ accepts }) => accepts.map(([text]) => text))),
  ...catalog.models
    .flatMap(({ groups }) => groups)
    .filter(({ category }) => ['phone', 'ata', 'dect', 'gateway', 'doorphone'].includes(category))
    .flatMap(({ vendor, models }) => models.filter((_, i) => i % 5 === 0).map((model) => `${vendor} ${model}/1.20.3`)),
].flatMap((text) => {
  const answer = identifier.raw('user-agent', text);
  return answer.kind === 'listed' && answer.model !== '' ? [{ text, answer }] : [];
});

type Verdict = 'same' | 'safe' | 'other model' | 'leak';

function verdictOf({ text, answer }: Example, mutation: Mutation): Verdict {
  const got = identifier.raw('user-agent', mutation.of(text, answer.vendor));
  if (got.kind === 'refused') return 'safe';
  const out = `${got.vendor} ${got.model}`.toLowerCase();
  if (
    SECRETS.some((secret) => out.includes(secret) && !`${answer.vendor} ${answer.model}`.toLowerCase().includes(secret))
  )
    return 'leak';
  if (got.vendor === answer.vendor && got.model === answer.model) return 'same';
  return got.kind === 'listed' && got.model !== '' ? 'other model' : 'safe';
}

describe(`${MUTATIONS.length} kinds of mutation over ${examples.length} examples`, () => {
  const tally = new Map(
    MUTATIONS.map((mutation) => {
      const counts = { same: 0, safe: 0, 'other model': 0, leak: 0 };
      for (const example of examples) counts[verdictOf(example, mutation)]++;
      return [mutation, counts];
    }),
  );

  test('there are forty kinds and a thousand examples', () => {
    expect(MUTATIONS.length).toBeGreaterThanOrEqual(40);
    expect(examples.length).toBeGreaterThan(1_000);
  });

  test.each(MUTATIONS)('$kind $name: nothing that stood around a name comes out', (mutation) => {
    expect(tally.get(mutation)!.leak).toBe(0);
  });

  test.each(MUTATIONS.filter(({ kind }) => kind !== 'truncation'))(
    '$kind $name: the same model, or none',
    (mutation) => {
      expect(tally.get(mutation)!['other model'] / examples.length).toBeLessThanOrEqual(0.01);
    },
  );

  test.each(MUTATIONS.filter(({ kind }) => kind === 'tail' || kind === 'letters'))(
    '$kind $name: a recognised name stays recognised',
    (mutation) => {
      expect(tally.get(mutation)!.same / examples.length).toBeGreaterThan(0.95);
    },
  );
});
