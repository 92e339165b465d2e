-- What closes and releases leave behind. Rows are only ever added, but for partitions that are dropped.
-- nonce: random, of one write. To take a place (a step of a close, a ledger's period, a release's revision) a process
-- looks whether it is taken, inserts under a deduplication token made of the place, and reads back whose nonce is there.
-- The engine drops the second insert of one token while the token is among the last 1,000 of its table: what that has
-- to bridge is the moment between the look and the insert, not the years between two releases. Where two rows have one
-- place in spite of it, nobody has it.
-- seq: the order of writing in tables of events. Two processes that write at once may give one seq; nonce breaks ties.

-- The steps of each period's close. detail: JSON.
CREATE TABLE IF NOT EXISTS close_transitions
(
    period UInt32,
    seq    UInt32,
    step   LowCardinality(String),
    at     UInt64,
    nonce  String,
    detail String
)
ENGINE = MergeTree
ORDER BY (period, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Closes that ended in a failure, by its code.
CREATE TABLE IF NOT EXISTS close_failures
(
    seq    UInt64,
    period UInt32,
    at     UInt64,
    code   LowCardinality(String),
    nonce  String
)
ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- What noise is drawn from. Destroyed by dropping the period's partition, which also frees its token.
CREATE TABLE IF NOT EXISTS noise_keys
(
    period UInt32,
    key    String,
    digest String
)
ENGINE = MergeTree
PARTITION BY period
ORDER BY period
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- The cells that passed the gate, as they were noised. An attempt is one insert and one part.
CREATE TABLE IF NOT EXISTS noised
(
    period   UInt32,
    attempt  UInt64,
    query    LowCardinality(String),
    platform String,
    category LowCardinality(String),
    vendor   String,
    model    String,
    sites    Int64,
    phones   Nullable(Int64),
    held     Bool
)
ENGINE = MergeTree
PARTITION BY (period, attempt)
ORDER BY (query, platform, category, vendor, model)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- What each period's release cost: one row a period, ever. Null: unbounded.
CREATE TABLE IF NOT EXISTS ledger
(
    period  UInt32,
    at      UInt64,
    profile LowCardinality(String),
    rho     Nullable(Float64),
    epsilon Nullable(Float64),
    delta   Nullable(Float64),
    nonce   String
)
ENGINE = MergeTree
ORDER BY period
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Which profile periods from `since` on have.
CREATE TABLE IF NOT EXISTS release_profiles
(
    seq     UInt64,
    since   UInt32,
    profile LowCardinality(String),
    at      UInt64,
    by      String,
    nonce   String
)
ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Who is given what: of a party the newest row holds, and `ended` takes the agreement back. delivery, url: how, and where to.
CREATE TABLE IF NOT EXISTS agreements
(
    seq       UInt64,
    event     LowCardinality(String),
    party     String,
    at        UInt64,
    by        String,
    vendors   Array(String),
    lineage   Bool,
    platforms Array(String),
    contact   String,
    delivery  LowCardinality(String),
    url       String,
    nonce     String
)
ENGINE = MergeTree
ORDER BY (party, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- The files that parties were given, byte for byte. Those of one release are one insert.
CREATE TABLE IF NOT EXISTS release_files
(
    period   UInt32,
    party    String,
    revision UInt32,
    name     String,
    content  String,
    nonce    String
)
ENGINE = MergeTree
ORDER BY (period, party, revision, name)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- What reviewers said of cells that were held: of one cell the first word holds.
CREATE TABLE IF NOT EXISTS release_decisions
(
    seq      UInt64,
    period   UInt32,
    query    LowCardinality(String),
    platform String,
    category LowCardinality(String),
    vendor   String,
    model    String,
    decision LowCardinality(String),
    at       UInt64,
    by       String,
    nonce    String
)
ENGINE = MergeTree
ORDER BY (period, seq)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;

-- Who was given what, when. No address: `way` and `outcome` are words and numbers.
CREATE TABLE IF NOT EXISTS deliveries
(
    seq      UInt64,
    period   UInt32,
    party    String,
    revision UInt32,
    event    LowCardinality(String),
    at       UInt64,
    way      LowCardinality(String),
    outcome  LowCardinality(String),
    nonce    String
)
ENGINE = MergeTree
ORDER BY seq
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, non_replicated_deduplication_window = 1000;
