-- The cells of a month as they are now, while a snapshot is taken of them: counted once, read twice, then dropped.
-- What a crash leaves is dropped with the month's other tables.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    snapshot UInt64,
    view     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    String,
    sites    UInt64,
    devices  UInt64,
    least    UInt64,
    names    UInt64
)
ENGINE = MergeTree
PARTITION BY snapshot
ORDER BY tuple()
SETTINGS old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
