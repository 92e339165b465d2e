-- What a site adds to releases left the facts: it has slots, in a table of its own for each month (slots_202612, made by
-- the first insert and dropped whole, services/adapters/clickhouse/counts/slot-sql.ts). Cubes count what there is.
ALTER TABLE facts DROP COLUMN IF EXISTS bounded;
ALTER TABLE cube DROP COLUMN IF EXISTS bounded_sites, DROP COLUMN IF EXISTS bounded_devices;

-- Every listed cell is noised, and one that is held says why: '' where nobody has to look at it.
ALTER TABLE noised ADD COLUMN IF NOT EXISTS reason LowCardinality(String) DEFAULT if(held, 'growth', '');

-- The cap of months from `since` on: the most phones of a site's most frequent model that count. Chosen at a release.
CREATE TABLE IF NOT EXISTS release_caps
(
    seq   UInt64,
    since UInt32,
    cap   UInt32,
    at    UInt64,
    nonce String
)
ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
