-- One site's contribution to one cell, with nothing in it that says which site. Dropped at close.
-- old_parts_lifetime: what was merged or replaced is gone within seconds.
-- fsync: what the aggregator has committed must survive a power cut.
CREATE TABLE IF NOT EXISTS facts
(
    period   UInt32,
    view     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    key      UInt64,
    count    UInt32,
    bounded  UInt32,
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
PARTITION BY period
ORDER BY (view, category, vendor, model, platform, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 5;
