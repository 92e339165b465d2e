-- What a site adds to releases are its slots, which have tables for each month (month/*.sql), and no longer a column of
-- facts and cubes: services/adapters/clickhouse/counts/into-months.ts drops those.

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
