export const PINS = `
SELECT id, any(address) AS address, min(at) AS pinned_at, max(kept_until) AS ends_at FROM pins
WHERE key = {key:String} GROUP BY id ORDER BY pinned_at, id`;

export const PIN_COLUMNS = 'pins (key, id, address, at, kept_until)';

export const DELETE_PIN = `
ALTER TABLE pins DELETE WHERE key = {key:String} AND id = {id:String} SETTINGS mutations_sync = 2`;

export const DELETE_PINS_OF = `
ALTER TABLE pins DELETE WHERE key = {key:String} SETTINGS mutations_sync = 2`;

const LINKS = `
SELECT id,
       anyIf(digest, event = 'created') AS digest,
       anyIf(key, event = 'created') AS key,
       anyIf(fingerprint, event = 'created') AS fingerprint,
       anyIf(address, event = 'created') AS address,
       minIf(at, event = 'created') AS created_at,
       max(expires_at) AS expires_at,
       minIf(at, event = 'revoked') AS revoked_at,
       max(day) AS last_opened_day
FROM view_links`;

export const VIEW_LINKS = `${LINKS} GROUP BY id HAVING countIf(event = 'created') > 0 ORDER BY created_at, id`;

/** By the id that the digest begins with, which the table is sorted by; whoever asks compares the whole digest. */
export const VIEW_LINK = `${LINKS} WHERE id = {id:String} GROUP BY id HAVING countIf(event = 'created') > 0`;

export const LINK_COLUMNS = 'view_links (id, event, at, digest, key, fingerprint, address, day, expires_at)';
