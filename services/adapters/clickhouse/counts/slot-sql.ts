/** The table of a month's slots, and that of what they summed to at a freeze. Dropped whole: nothing of it stays in a part. */
export const slotTable = (period: number): string => `slots_${period}`;
export const slotSumTable = (period: number): string => `slot_sums_${period}`;

/**
 * One slot of a site, with nothing in it that says which site. Sorted by a keyed hash: where rows lie says nothing.
 * old_parts_lifetime and fsync: as those of facts.
 */
export const CREATE_SLOTS = `
CREATE TABLE IF NOT EXISTS {slots:Identifier}
(
    period   UInt32,
    lane     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    key      UInt64,
    cell_key UInt64,
    amount   UInt32,
    cap      UInt32,
    version  UInt64
)
ENGINE = ReplacingMergeTree(version)
ORDER BY (lane, key)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1, old_parts_lifetime = 5`;

/** kind: `cell`, `maker` (of a maker on whatever platform), `all`, `at_cap`, `cap`. */
export const CREATE_SLOT_SUMS = `
CREATE TABLE IF NOT EXISTS {sums:Identifier}
(
    snapshot UInt64,
    kind     LowCardinality(String),
    lane     LowCardinality(String),
    platform LowCardinality(String),
    category LowCardinality(String),
    vendor   LowCardinality(String),
    model    LowCardinality(String),
    sites    UInt64,
    amount   UInt64
)
ENGINE = MergeTree
ORDER BY (snapshot, kind, lane, platform, category, vendor, model)
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`;

/**
 * What the slots sum to. Of each key the newest row counts (FINAL with WHERE, never PREWHERE); a cell counts distinct
 * cell keys, and of each the largest amount: a cell that stale slots name twice is one cell of its site all the same.
 * Only a first slot can reach the cap itself.
 */
export const INSERT_SLOT_SUMS = `
INSERT INTO {sums:Identifier}
SELECT {snapshot:UInt64}, 'cell', lane, platform, category, vendor, model, count() AS sites, sum(most) AS amount
FROM
(
    SELECT lane, platform, category, vendor, model, cell_key, max(amount) AS most
    FROM {slots:Identifier} FINAL
    WHERE amount > 0
    GROUP BY lane, platform, category, vendor, model, cell_key
)
GROUP BY lane, platform, category, vendor, model
UNION ALL
SELECT {snapshot:UInt64}, 'maker', 'makers', '', '', vendor, '', uniqExact(cell_key), 0
FROM {slots:Identifier} FINAL
WHERE amount > 0 AND lane = 'makers'
GROUP BY vendor
UNION ALL
SELECT {snapshot:UInt64}, 'all', 'platforms', '', '', '', '', count(), 0
FROM {slots:Identifier} FINAL
WHERE amount > 0 AND lane = 'platforms'
UNION ALL
SELECT {snapshot:UInt64}, 'at_cap', 'phones', '', '', '', '', count(), 0
FROM {slots:Identifier} FINAL
WHERE lane = 'phones' AND amount > 0 AND amount >= (SELECT max(cap) FROM {slots:Identifier})
UNION ALL
SELECT {snapshot:UInt64}, 'cap', '', '', '', '', '', 0, max(cap)
FROM {slots:Identifier}`;

export const SLOT_SUMS = `
SELECT kind, lane, platform, category, vendor, model, sites, amount
FROM {sums:Identifier}
WHERE snapshot = {snapshot:UInt64}
ORDER BY kind, toString(lane), toString(platform), toString(category), toString(vendor), toString(model)`;

export const SLOT_TABLES = `
SELECT name AS slots FROM system.tables
WHERE database = currentDatabase() AND match(name, '^slots_[0-9]{6}$')
ORDER BY name`;
export const COMPACT_SLOTS = 'OPTIMIZE TABLE {slots:Identifier} FINAL';

/** SYNC: the files are gone when it answers. */
export const DROP_SLOTS = 'DROP TABLE IF EXISTS {slots:Identifier} SYNC';
export const DROP_SLOT_SUMS = 'DROP TABLE IF EXISTS {sums:Identifier} SYNC';

/** Changes with every insert and with nothing else: merges keep the numbers of what they merge. */
export const SLOTS_STATE = `
SELECT count() AS parts, min(min_block_number) AS first, max(max_block_number) AS last
FROM system.parts
WHERE database = currentDatabase() AND table = {slots:String} AND active`;

/** Months that have slots, or sums of them. */
export const SLOT_PERIODS = `
SELECT DISTINCT toUInt32(extract(name, '_([0-9]{6})$')) AS period
FROM system.tables
WHERE database = currentDatabase() AND match(name, '^(slots|slot_sums)_[0-9]{6}$')
ORDER BY period`;
