export const TRANSITIONS = `
SELECT period, seq, step, at, nonce, detail FROM close_transitions ORDER BY period, seq`;
export const TRANSITION_HOLDERS = `
SELECT DISTINCT nonce FROM close_transitions WHERE period = {period:UInt32} AND seq = {seq:UInt32}`;
export const TRANSITION_COLUMNS = 'close_transitions (period, seq, step, at, nonce, detail)';

export const CLOSE_FAILURES = `
SELECT period, at, code FROM close_failures ORDER BY seq DESC, nonce DESC LIMIT 1 BY period`;

export const NOISE_KEY = `SELECT key, digest FROM noise_keys WHERE period = {period:UInt32}`;
export const NOISE_KEY_COLUMNS = 'noise_keys (period, key, digest)';
export const DROP_NOISE_KEY = `ALTER TABLE noise_keys DROP PARTITION {period:UInt32}`;

export const NOISED = `
SELECT query, platform, category, vendor, model, sites, phones, reason FROM noised
WHERE period = {period:UInt32} AND attempt = {attempt:UInt64}
ORDER BY indexOf({queries:Array(String)}, query), platform, category, vendor, model`;
export const NOISED_ATTEMPTS = `SELECT DISTINCT attempt FROM noised WHERE period = {period:UInt32}`;
export const NOISED_COLUMNS = 'noised (period, attempt, query, platform, category, vendor, model, sites, phones, held, reason)';
export const DROP_NOISED = `ALTER TABLE noised DROP PARTITION ({period:UInt32}, {attempt:UInt64})`;

export const LEDGER = `SELECT period, at, profile, rho, epsilon, delta FROM ledger ORDER BY period`;
export const LEDGER_HOLDERS = `SELECT DISTINCT nonce FROM ledger WHERE period = {period:UInt32}`;
export const LEDGER_COLUMNS = 'ledger (period, at, profile, rho, epsilon, delta, nonce)';

export const CAPS = `SELECT since, cap, at FROM release_caps ORDER BY seq, nonce`;

export const PROFILES = `SELECT since, profile, at, by FROM release_profiles ORDER BY seq, nonce`;

/** Of each party the newest event, and only where that is no end. */
export const AGREEMENTS = `
SELECT party, at, by, vendors, lineage, platforms, contact, delivery, url FROM
  (SELECT * FROM agreements ORDER BY party, seq DESC, nonce DESC LIMIT 1 BY party)
WHERE event = 'made'
ORDER BY party`;

export const RELEASES = `
SELECT period, party, revision, groupArray(name) AS names, groupArray(bytes) AS sizes FROM
  (SELECT period, party, revision, name, length(content) AS bytes FROM release_files ORDER BY name)
GROUP BY period, party, revision
ORDER BY period DESC, party, revision`;
export const RELEASE_FILE = `
SELECT content FROM release_files
WHERE period = {period:UInt32} AND party = {party:String} AND revision = {revision:UInt32} AND name = {name:String}`;
export const RELEASE_HOLDERS = `
SELECT DISTINCT nonce FROM release_files
WHERE period = {period:UInt32} AND party = {party:String} AND revision = {revision:UInt32}`;
export const RELEASE_COLUMNS = 'release_files (period, party, revision, name, content, nonce)';

export const DECISIONS = `
SELECT query, platform, category, vendor, model, decision, at, by FROM
  (SELECT * FROM release_decisions WHERE period = {period:UInt32}
   ORDER BY seq, nonce LIMIT 1 BY query, platform, category, vendor, model)
ORDER BY seq, nonce`;

export const DELIVERIES = `
SELECT period, party, revision, event, at, way, outcome FROM deliveries ORDER BY seq, nonce`;
