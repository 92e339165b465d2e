import { drawUint32s } from '../shared/random.ts';

/** Fisher-Yates with random bits from the system: the order of a block says nothing about which report a line is of. */
export function shuffle<T>(items: { readonly length: number; [index: number]: T }): void {
  const random = drawUint32s(items.length);
  for (let i = items.length - 1; i > 0; i--) {
    // The bias of the multiplication is below items.length / 2^32.
    const j = Math.floor(((random[i] ?? 0) / 2 ** 32) * (i + 1));
    const held = items[i] as T;
    items[i] = items[j] as T;
    items[j] = held;
  }
}
