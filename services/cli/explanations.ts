/** What an operator does about a failure, by its code. */
const EXPLANATIONS: Readonly<Record<string, string>> = {
  'directory-in-use': 'Another process has the data directory. Stop it, or choose another with ROLLCALL_DATA_DIR.',
  'data-from-newer-version':
    'A newer version of Rollcall wrote this data: start that version again, or put back a copy from before its upgrade.',
  'data-format-unreadable':
    'installation.json in the data directory does not say which version wrote it: put it back from a copy.',
  'store-locked': 'The embedded store cannot be opened. One process at a time has its directory.',
  'chdb-not-installed': 'The embedded store is not installed: npm install chdb, or set ROLLCALL_STORE_URL to a server.',
  'store-unavailable': 'The store did not answer. The close goes on by itself when it does.',
  'log-unavailable': 'The log did not answer. The close goes on by itself when it does.',
  'facts-changed': 'Facts arrived while they were counted a last time. The close is tried again by itself.',
  'no-facts': 'The store has no facts of the month, so it is not counted a last time: was it restored without them?',
  'not-conserved': 'The final counts contradict themselves. Nothing was destroyed; this is a defect to report.',
  'snapshot-changed':
    'The final counts are not those that were frozen. Nothing was destroyed: look into the table cube.',
  'noised-cube-changed': 'The noised numbers read back are not those that were written. Nothing was destroyed.',
  'released-before': 'The ledger has a release of this month whose noise is gone. A second one would cost privacy.',
  'budget-exceeded': 'The release would cost more privacy than a month may.',
  'signing-key-unreadable': 'ROLLCALL_SIGNING_KEY_FILE (or DATA_DIR/signing-key.pem) is no Ed25519 key in PKCS8 PEM.',
  'clock-skew': "This machine's clock and the store's differ by more than five minutes: set them.",
};

/** '' for a code that speaks for itself. */
export function explanationOf(code: string): string {
  return EXPLANATIONS[code] ?? '';
}
