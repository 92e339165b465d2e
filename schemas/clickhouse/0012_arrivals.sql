-- How many sites a month had when one of its days began: noised when it was written, and written once. at: nanoseconds,
-- by which the first of two words about a day is told.
CREATE TABLE IF NOT EXISTS arrivals
(
    period UInt32,
    day    UInt8,
    sites  Int64,
    at     UInt64 DEFAULT toUnixTimestamp64Nano(now64(9))
)
ENGINE = MergeTree
ORDER BY (period, day)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
