-- Facts lie in a table for each month from here on (month/*.sql): services/adapters/clickhouse/counts/into-months.ts
-- moves what 0001 and 0002 made, after this. What is dropped from the tables that stay is gone from the disk at once.
ALTER TABLE cube MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1;
ALTER TABLE suppressed MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1;
ALTER TABLE snapshots MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1;
ALTER TABLE noise_keys MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1;
ALTER TABLE noised MODIFY SETTING old_parts_lifetime = 0, merge_tree_clear_old_parts_interval_seconds = 1;
