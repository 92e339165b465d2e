import type { DeviceName, Mapping } from '../../schemas/mapping.ts';
import type { Period } from '../../schemas/period.ts';

/** What one request adds. */
export interface NewMappings {
  readonly rows: readonly { readonly from: DeviceName; readonly to: DeviceName | null }[];
  readonly since: Period;
  /** Milliseconds since 1970. */
  readonly addedAt: number;
  readonly addedBy: string;
}

/** The curators' mappings. */
export interface Mappings {
  /** Every mapping that was ever added, oldest first. */
  mappings(): Promise<Mapping[]>;
}

/** Append-only. The next snapshot relabels the unlisted cells of open periods by the newest mapping of each name. */
export interface MappingStore extends Mappings {
  /** Adds them durably, all or none, under one new id that is higher than every one before. Returns them as stored. */
  add(added: NewMappings): Promise<Mapping[]>;
}
