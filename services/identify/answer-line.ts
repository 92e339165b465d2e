import type { Identifier, Identity, RawKind } from './identity.ts';

/** One line of `rollcall identify`: a raw string in, one JSON object out. */
export function answerLine(identifier: Identifier, kind: RawKind, text: string): string {
  return JSON.stringify(answerOf(identifier.raw(kind, text)));
}

function answerOf(identity: Identity): Record<string, string | true> {
  switch (identity.kind) {
    case 'listed':
      return { category: identity.category, vendor: identity.vendor, model: identity.model };
    case 'proposed':
      return { category: identity.category, vendor: identity.vendor, model: identity.model, proposed: true };
    case 'unlisted':
      return { unlisted: `${identity.vendor} ${identity.model}`.trim() };
    case 'refused':
      return { refused: identity.reason };
  }
}
