import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { encrypted, idsOf, keyIn, offsetIn } from './cell-cipher.ts';
import { knownCell } from './known-cell.ts';
import { forgetSecrets, secretsOf } from './site-secrets.ts';

export interface FactKey {
  /** 53 bits. */
  readonly key: number;
  /** 48 bits, added to the report's sequence to give the version. */
  readonly offset: number;
}

/** The keys that one site's facts of the cells have, if it has any. */
export function factKeys(token: Uint8Array, period: Period, cells: readonly Cell[]): FactKey[] {
  const secrets = secretsOf(token, period);
  try {
    const blocks = encrypted(idsOf(cells.map(knownCell)), secrets.ofFacts);
    return cells.map((_, i) => ({ key: keyIn(blocks, i), offset: offsetIn(blocks, i) }));
  } finally {
    forgetSecrets(secrets);
  }
}
