-- One site's contribution to one cell, with nothing in it that says which site. Every month has a table of its own.
-- old_parts_lifetime and what follows: what was merged away is gone at once, so what it was merged into is flushed first.
-- fsync: what the aggregator has committed must survive a power cut.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    period   UInt32,
    view     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    key      UInt64,
    count    UInt32,
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY period
ORDER BY (view, category, vendor, model, platform, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1,
    old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
