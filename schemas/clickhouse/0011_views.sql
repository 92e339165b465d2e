-- Views that the holder of a key has pinned. One that is taken back, and those of a revoked key, are deleted. address: of
-- the console's page, made anew from names that are known; nothing that somebody typed.
CREATE TABLE IF NOT EXISTS pins
(
    key     String,
    id      String,
    address String,
    at      UInt64
)
ENGINE = MergeTree
ORDER BY (key, id)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Links to one view for somebody without a key: created, opened (once a day), revoked. digest: SHA-256 of the link's token,
-- which itself is stored nowhere. Every row has the end of its link: all of a link go together, a month after it.
CREATE TABLE IF NOT EXISTS view_links
(
    id          String,
    event       LowCardinality(String),
    at          UInt64,
    digest      String,
    key         String,
    fingerprint String,
    address     String,
    day         String,
    expires_at  UInt64
)
ENGINE = MergeTree
ORDER BY (id, at)
TTL toDateTime(intDiv(expires_at, 1000)) + INTERVAL 30 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
