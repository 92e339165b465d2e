-- What the slots summed to at a freeze, before noise: a month's own table, dropped with its facts.
-- kind: `cell`, `maker` (of a maker on whatever platform), `all`, `at_cap`, `cap`.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    period   UInt32,
    snapshot UInt64,
    kind     LowCardinality(String),
    lane     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    sites    UInt64,
    amount   UInt64
)
ENGINE = ReplacingMergeTree
PARTITION BY period
ORDER BY (snapshot, kind, lane, platform, category, vendor, model)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1,
    old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
