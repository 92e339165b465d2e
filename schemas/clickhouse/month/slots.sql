-- One slot of a site: what it adds to one number of releases, with nothing in it that says which site.
-- Sorted by a keyed hash: where rows lie says nothing. The settings are those of facts.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    period   UInt32,
    lane     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    key      UInt64,
    cell_key UInt64,
    amount   UInt32,
    cap      UInt32,
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY period
ORDER BY (lane, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1,
    old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
