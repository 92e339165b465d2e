-- Who may read. Rows are only ever added: a key is what its rows say together (created, revoked, used on a day).
-- digest: SHA-256 of the key, which itself is stored nowhere.
CREATE TABLE IF NOT EXISTS access_keys
(
    id         String,
    event      LowCardinality(String),
    at         UInt64,
    by         String,
    digest     String,
    owner      String,
    scopes     Array(String),
    expires_at UInt64,
    day        String
)
ENGINE = MergeTree
ORDER BY (id, at)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Browser sessions: created, seen (at most once a minute), ended. id: SHA-256 of the cookie's token.
-- When somebody worked is nobody's business for longer than a session may last.
CREATE TABLE IF NOT EXISTS sessions
(
    id          String,
    event       LowCardinality(String),
    at          UInt64,
    key         String,
    fingerprint String
)
ENGINE = MergeTree
ORDER BY (id, at)
TTL toDateTime(intDiv(at, 1000)) + INTERVAL 2 DAY
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- Each entry's hash covers the one before it. The deduplication window is what keeps the chain from forking: an insert
-- names its place as its token, and of two inserts for one place the second is dropped.
CREATE TABLE IF NOT EXISTS audit
(
    seq      UInt64,
    at       UInt64,
    actor    String,
    action   LowCardinality(String),
    object   String,
    nonce    String,
    previous String,
    hash     String
)
ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
