import type { Period } from '../../schemas/period.ts';
import type { DeliveryEvent } from '../../schemas/release.ts';

/** Who was given what, when: append-only. */
export interface DeliveryRecord {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  readonly event: DeliveryEvent;
  readonly at: number;
  /** `webhook`, `download`; the HTTP status or a failure's code. Never an address. */
  readonly way: string;
  readonly outcome: string;
}

export interface Deliveries {
  /** Oldest first. */
  deliveries(): Promise<DeliveryRecord[]>;
}

export interface DeliveryStore extends Deliveries {
  addDelivery(record: DeliveryRecord): Promise<void>;
}
