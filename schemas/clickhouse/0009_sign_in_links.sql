-- Links that sign somebody in, once: created, spent. id: SHA-256 of the link's token, which itself is stored nowhere.
-- Of two that would spend a link the engine keeps the first: the token of the insert names the link. See takePlace.
CREATE TABLE IF NOT EXISTS sign_in_links
(
    id          String,
    event       LowCardinality(String),
    at          UInt64,
    key         String,
    fingerprint String,
    expires_at  UInt64,
    nonce       String
)
ENGINE = MergeTree
ORDER BY (id, at)
TTL toDateTime(intDiv(at, 1000)) + INTERVAL 2 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
