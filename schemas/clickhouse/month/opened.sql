-- Names of the month that as many sites have as a name is shown from, and what they read when they were opened. The month's own table,
-- dropped with its facts. Only the newest of rows that say the same counts: they all do.
CREATE TABLE IF NOT EXISTS {table:Identifier}
(
    sealed_vendor String,
    sealed_model  String,
    vendor        String,
    model         String
)
ENGINE = ReplacingMergeTree
ORDER BY (sealed_vendor, sealed_model)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, min_compressed_bytes_to_fsync_after_merge = 1,
    old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1,
    cleanup_delay_period = 1, max_cleanup_delay_period = 1, cleanup_delay_period_random_add = 0
