-- The cells of a snapshot that may be shown. A snapshot is written once and dropped as a whole.
CREATE TABLE IF NOT EXISTS cube
(
    period          UInt32,
    snapshot        UInt64,
    view            LowCardinality(String),
    platform        LowCardinality(String),
    category        LowCardinality(String),
    vendor          LowCardinality(String),
    model           LowCardinality(String),
    sites           UInt64,
    devices         UInt64,
    bounded_sites   UInt64,
    bounded_devices UInt64
)
ENGINE = MergeTree
PARTITION BY (period, snapshot)
ORDER BY (view, category, vendor, model, platform)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- How many cells a snapshot held back, by scope: '' in a column means any. No scope names a cell that is held back.
CREATE TABLE IF NOT EXISTS suppressed
(
    period   UInt32,
    snapshot UInt64,
    view     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    cells    UInt64
)
ENGINE = MergeTree
PARTITION BY (period, snapshot)
ORDER BY (view, category, vendor, platform)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;

-- One row makes a snapshot visible: it is written after the snapshot's cells.
-- basis: a digest of the facts' parts and of the parameters, to tell whether anything changed since.
CREATE TABLE IF NOT EXISTS snapshots
(
    period    UInt32,
    snapshot  UInt64,
    taken_at  UInt64,
    state     LowCardinality(String),
    catalogue LowCardinality(String),
    threshold UInt32,
    basis     String
)
ENGINE = MergeTree
PARTITION BY (period, snapshot)
ORDER BY snapshot
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1;
