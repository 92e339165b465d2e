/** Which rows of a table are carried from one installation to another, by its name. */
export type CarriedTables = Readonly<Record<string, string>>;

const ALL = '1';
/** The last snapshot of a closed month: the others are counts of open months, and gone within minutes anyway. */
const FINAL = `(period, snapshot) IN (SELECT period, snapshot FROM snapshots WHERE state = 'final')`;

export const CARRIED_TABLES: CarriedTables = {
  access_keys: ALL,
  agreements: ALL,
  arrivals: ALL,
  audit: ALL,
  catalog_mappings: ALL,
  close_failures: ALL,
  close_transitions: ALL,
  cube: FINAL,
  deliveries: ALL,
  ledger: ALL,
  noised: ALL,
  pins: ALL,
  release_caps: ALL,
  release_decisions: ALL,
  release_files: ALL,
  release_profiles: ALL,
  snapshots: `state = 'final'`,
  suppressed: FINAL,
  view_links: ALL,
};

/**
 * Tables that stay where they are, and why. facts, slots and slot_sums, which every month has its own of, are of open
 * months: their facts travel as blocks when they travel at all.
 */
export const LEFT_TABLES: Readonly<Record<string, string>> = {
  facts: 'of an open month, or destroyed',
  migrations: 'each store has its own',
  noise_keys: 'whoever has one can take the noise of a month away',
  sessions: 'browsers sign in again',
  sign_in_links: 'each signs in once, and soon',
  times_seen: 'of hosts that are not the new ones',
};
