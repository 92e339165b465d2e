import type { BecameLine, Category, Receipt, ReportLine } from '../../schemas/report.ts';
import { LISTED_VIEW, UNLISTED_VIEW } from '../core/view-rules.ts';
import type { Identifier } from '../identify/identity.ts';

/** What the site has of one model, after identification: lines that are the same model are summed. */
export interface CountedModel {
  readonly view: typeof LISTED_VIEW | typeof UNLISTED_VIEW;
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
  /** An unlisted name of a maker that the catalogue knows: it counts for its category and vendor. */
  readonly proposed?: boolean;
  count: number;
}

export interface IdentifiedLines {
  readonly models: readonly CountedModel[];
  readonly receipt: Receipt;
}

/**
 * Catalogue names for a report's lines. One odd line never costs the rest. A site counts for `most` devices of a model,
 * however many it says: no site is most of a model.
 */
export function identifyLines(lines: readonly ReportLine[], identifier: Identifier, most: number): IdentifiedLines {
  const models = new Map<string, CountedModel>();
  const refused: { index: number; reason: Receipt['refused'][number]['reason'] }[] = [];
  const became: BecameLine[] = [];
  let accepted = 0;
  let unlisted = 0;
  for (const [index, line] of lines.entries()) {
    const identity = identifier.line(line);
    if (identity.kind === 'refused') {
      const reason = identity.reason === 'empty' ? 'bad-name' : identity.reason;
      refused.push({ index, reason });
      became.push({ index, outcome: 'refused', reason });
      continue;
    }
    if (identity.kind === 'listed') accepted++;
    else unlisted++;
    // The catalogue's name is told; what nobody knows is not repeated.
    const { category, vendor, model } = identity;
    if (identity.kind === 'listed') became.push({ index, outcome: 'listed', as: { category, vendor, model } });
    else became.push({ index, outcome: 'proposed' });
    const view = identity.kind === 'listed' ? LISTED_VIEW : UNLISTED_VIEW;
    const cell = `${view}|${identity.category}|${identity.vendor}|${identity.model}`;
    const known = models.get(cell);
    if (known) known.count = Math.min(most, known.count + line.count);
    else
      models.set(cell, {
        view,
        category: identity.category,
        vendor: identity.vendor,
        model: identity.model,
        proposed: identity.kind === 'proposed',
        count: Math.min(most, line.count),
      });
  }
  return { models: [...models.values()], receipt: { accepted, unlisted, refused, lines: became } };
}
