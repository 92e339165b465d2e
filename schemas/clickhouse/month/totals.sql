-- How many rows of the month's tables the engine has held, each key once: they never become fewer, so fewer are a loss.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    period UInt32,
    kind   LowCardinality(String),
    rows   UInt64
)
ENGINE = ReplacingMergeTree(rows)
PARTITION BY period
ORDER BY kind
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1,
    old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
