import type { CapChoice } from '../core/caps.ts';

/** What the reports of months are bounded by. */
export interface Caps {
  /** In the order in which they were chosen. */
  caps(): Promise<CapChoice[]>;
}

export interface CapStore extends Caps {
  addCap(choice: CapChoice): Promise<void>;
}
