import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import type { CapChoice } from '../core/caps.ts';
import type { Period } from '../../schemas/period.ts';

/** What one request adds. */
export interface NewMappings {
  readonly rows: readonly { readonly from: DeviceName; readonly to: DeviceName | null }[];
  readonly since: Period;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly addedBy: string;
}

/**
 * The curators' mappings, append-only. The next snapshot relabels the unlisted cells of open periods by the newest mapping of each
 * name. Failures are {@link ../shared/failure.ts Failure}s, as the count store's.
 */
export interface CatalogStore {
  /** The caps of months, in the order in which they were chosen: what a report adds to a release is bounded by them. */
  caps(): Promise<CapChoice[]>;
  /** Every mapping that was ever added, oldest first. */
  mappings(): Promise<Mapping[]>;
  /** Adds them durably, all or none, under one new id that is higher than every one before. Returns them as stored. */
  add(added: NewMappings): Promise<Mapping[]>;
  close(): Promise<void>;
}
