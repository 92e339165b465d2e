import type { BecameLine, Category, Receipt, ReportLine } from '../../schemas/report.ts';
import { LISTED_VIEW, UNLISTED_VIEW } from '../core/view-rules.ts';
import type { Identifier, Identity } from '../identify/identity.ts';
import type { SealedName, SealedNames } from '../shared/sealed-names.ts';

/** What the site has of one model, after identification: lines that are the same model are summed. */
export interface CountedModel {
  readonly view: typeof LISTED_VIEW | typeof UNLISTED_VIEW;
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
  /** What facts carry in place of an unlisted name. */
  readonly sealed?: SealedName | undefined;
  /** An unlisted name of a maker that the catalogue knows: it counts for its category and vendor. */
  readonly proposed?: boolean;
  count: number;
}

export interface IdentifiedLines {
  readonly models: readonly CountedModel[];
  readonly receipt: Receipt;
}

export interface LineRules {
  readonly identifier: Identifier;
  /** Devices of one model that a site counts for at most. */
  readonly most: number;
  /** What names that no list has are sealed with before anything is made of them. */
  readonly seal: Pick<SealedNames, 'seal'>;
}

/**
 * Catalogue names for a report's lines. One odd line never costs the rest. A site counts for `most` devices of a model,
 * however many it says: no site is most of a model.
 */
export function identifyLines(lines: readonly ReportLine[], { identifier, most, seal }: LineRules): IdentifiedLines {
  const models = new Map<string, CountedModel>();
  const refused: { index: number; reason: Receipt['refused'][number]['reason'] }[] = [];
  const became: BecameLine[] = [];
  let accepted = 0;
  let unlisted = 0;
  for (const [index, line] of lines.entries()) {
    const { identity, sealed } = sealedOrShortened(identifier.line(line), seal);
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
        sealed,
        count: Math.min(most, line.count),
      });
  }
  return { models: [...models.values()], receipt: { accepted, unlisted, refused, lines: became } };
}

/** A name for the lane with what it is sealed in. One that is too long for that is its maker's alone, or refused. */
function sealedOrShortened(
  identity: Identity,
  seal: Pick<SealedNames, 'seal'>,
): { readonly identity: Identity; readonly sealed?: SealedName } {
  if (identity.kind === 'listed' || identity.kind === 'refused') return { identity };
  const sealed = seal.seal(identity.vendor, identity.model);
  if (sealed) return { identity, sealed };
  if (identity.kind === 'proposed') return { identity: { ...identity, kind: 'listed', model: '' } };
  return { identity: { kind: 'refused', reason: 'bad-name' } };
}
