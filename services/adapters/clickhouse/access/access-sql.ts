import { deduplicatedBy } from '../client/deduplication.ts';

export const KEYS = `
SELECT id,
       anyIf(digest, event = 'created') AS digest,
       anyIf(owner, event = 'created') AS owner,
       anyIf(scopes, event = 'created') AS scopes,
       minIf(at, event = 'created') AS created_at,
       anyIf(by, event = 'created') AS created_by,
       maxIf(expires_at, event = 'created') AS expires_at,
       minIf(at, event = 'revoked') AS revoked_at,
       max(day) AS last_used_day
FROM access_keys
GROUP BY id
HAVING countIf(event = 'created') > 0
ORDER BY created_at, id`;

export const ADD_KEY = `
INSERT INTO access_keys (id, event, at, by, digest, owner, scopes, expires_at) VALUES
({id:String}, 'created', {at:UInt64}, {by:String}, {digest:String}, {owner:String}, {scopes:Array(String)}, {expires_at:UInt64})`;

export const REVOKE_KEY = `
INSERT INTO access_keys (id, event, at, by) VALUES ({id:String}, 'revoked', {at:UInt64}, {by:String})`;

/** The token makes the second insert of a day nothing. */
export const noteUse = (token: string): string => `
INSERT INTO access_keys (id, event, day) ${deduplicatedBy(token)} VALUES
({id:String}, 'used', {day:String})`;

export const SESSIONS = `
SELECT id,
       anyIf(key, event = 'created') AS key,
       anyIf(fingerprint, event = 'created') AS fingerprint,
       anyIf(owner, event = 'created') AS owner,
       anyIf(scopes, event = 'created') AS scopes,
       minIf(at, event = 'created') AS created_at,
       max(at) AS seen_at
FROM sessions
GROUP BY id
HAVING countIf(event = 'created') > 0 AND countIf(event = 'ended') = 0 AND created_at > {since:UInt64}`;

export const ADD_SESSION = `
INSERT INTO sessions (id, event, at, key, fingerprint, owner, scopes) VALUES
({id:String}, 'created', {at:UInt64}, {key:String}, {fingerprint:String}, {owner:String}, {scopes:Array(String)})`;

export const SESSION_EVENT = `
INSERT INTO sessions (id, event, at) VALUES ({id:String}, {event:String}, {at:UInt64})`;

export const LINK = `
SELECT id, key, fingerprint, at AS created_at, expires_at FROM sign_in_links
WHERE id = {id:String} AND event = 'created' LIMIT 1`;

export const LINK_SPENDERS = `
SELECT DISTINCT nonce FROM sign_in_links WHERE id = {id:String} AND event = 'spent'`;

export const LINK_COLUMNS = 'sign_in_links (id, event, at, key, fingerprint, expires_at, nonce)';

const ENTRY = 'seq, at, actor, action, object, nonce, previous, hash';

export const AUDIT_HEAD = `SELECT ${ENTRY} FROM audit ORDER BY seq DESC LIMIT 1`;

/** The token is the entry's place: of two inserts with one token the second is dropped by the engine. */
export const appendAudit = (token: string): string => `
INSERT INTO audit (${ENTRY}) ${deduplicatedBy(token)} VALUES
({seq:UInt64}, {at:UInt64}, {actor:String}, {action:String}, {object:String}, {nonce:String}, {previous:String}, {hash:String})`;

export const AUDIT_PLACE = `SELECT hash FROM audit WHERE seq = {seq:UInt64}`;

export const AUDIT_ENTRIES = `
SELECT ${ENTRY} FROM audit WHERE seq > {after:UInt64} ORDER BY seq LIMIT {limit:UInt32} WITH TIES`;
