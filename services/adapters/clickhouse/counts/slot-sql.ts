/**
 * What the slots sum to. Of each key the newest row counts (FINAL with WHERE, never PREWHERE); a cell counts distinct
 * cell keys, and of each the largest amount: a cell that stale slots name twice is one cell of its site all the same.
 * Only a first slot can reach the cap itself.
 */
export const INSERT_SLOT_SUMS = `
INSERT INTO {sums:Identifier} (period, snapshot, kind, lane, platform, category, vendor, model, sites, amount)
SELECT {period:UInt32}, {snapshot:UInt64}, 'cell', lane, platform, category, vendor, model, count() AS sites, sum(most) AS amount
FROM
(
    SELECT lane, platform, category, vendor, model, cell_key, max(amount) AS most
    FROM {slots:Identifier} FINAL
    WHERE amount > 0
    GROUP BY lane, platform, category, vendor, model, cell_key
)
GROUP BY lane, platform, category, vendor, model
UNION ALL
SELECT {period:UInt32}, {snapshot:UInt64}, 'maker', 'makers', '', '', vendor, '', uniqExact(cell_key), 0
FROM {slots:Identifier} FINAL
WHERE amount > 0 AND lane = 'makers'
GROUP BY vendor
UNION ALL
SELECT {period:UInt32}, {snapshot:UInt64}, 'all', 'platforms', '', '', '', '', count(), 0
FROM {slots:Identifier} FINAL
WHERE amount > 0 AND lane = 'platforms'
UNION ALL
SELECT {period:UInt32}, {snapshot:UInt64}, 'at_cap', 'phones', '', '', '', '', count(), 0
FROM {slots:Identifier} FINAL
WHERE lane = 'phones' AND amount > 0 AND amount >= (SELECT max(cap) FROM {slots:Identifier})
UNION ALL
SELECT {period:UInt32}, {snapshot:UInt64}, 'cap', '', '', '', '', '', 0, max(cap)
FROM {slots:Identifier}`;

export const SLOT_SUMS = `
SELECT kind, lane, platform, category, vendor, model, sites, amount
FROM {sums:Identifier} FINAL
WHERE snapshot = {snapshot:UInt64}
ORDER BY kind, toString(lane), toString(platform), toString(category), toString(vendor), toString(model)`;

/** Changes with every insert and with nothing else: merges keep the numbers of what they merge. */
export const SLOTS_STATE = `
SELECT count() AS parts, min(min_block_number) AS first, max(max_block_number) AS last
FROM system.parts
WHERE database = currentDatabase() AND table = {slots:String} AND active`;
