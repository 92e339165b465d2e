-- The time that hosts which close months have seen, in milliseconds since 1970, and how long each had been running then:
-- what a clock that leaps is told by. boot: the system's own id of one run of a host. The newest row of each is kept.
CREATE TABLE IF NOT EXISTS times_seen
(
    seq    UInt64,
    boot   String,
    at     UInt64,
    uptime UInt64,
    nonce  String
)
ENGINE = ReplacingMergeTree(seq)
ORDER BY boot
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
