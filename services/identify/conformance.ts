import type { Catalog } from '../../schemas/catalog.ts';
import { identifyLine } from './identify-lines.ts';
import type { Identifier } from './identity.ts';

/** A raw string and the answer that every implementation of the catalogue must give. */
export interface Conformance {
  readonly kind: 'user-agent' | 'cpu';
  readonly text: string;
  readonly answer: unknown;
}

/** The strings of the catalogue's own examples with their answers: published beside it for agents in other languages. */
export function conformanceOf(catalog: Catalog, identifier: Identifier): Conformance[] {
  return catalog.rules.flatMap(({ scope, rules }) => {
    if (scope !== 'endpoint' && scope !== 'cpu') return [];
    const kind = scope === 'cpu' ? 'cpu' : 'user-agent';
    const texts = rules.flatMap(({ accepts, refuses }) => [...accepts.map(([text]) => text), ...refuses]);
    return [...new Set(texts)].map((text) => ({
      kind,
      text,
      answer: JSON.parse(identifyLine(identifier, kind, text)),
    }));
  });
}
