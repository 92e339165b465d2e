import { LISTED_VIEW, UNLISTED_VIEW, WHOLE_VIEW } from '../../../core/view-rules.ts';
import { IS_SEALED } from './opened-names.ts';
import { HELD_BACK_IN, KEPT_FOR_ALL, KEPT_FOR_SHOWN, LEAST_SITES, WITH_DEVICES } from './view-sql.ts';

/** Cells of the period as facts name them. FINAL is exact on unmerged parts. */
const AS_STORED = `
SELECT view, platform, category, vendor, model,
       countIf(count > 0) AS sites,
       if(view IN ${WITH_DEVICES}, sum(count), 0) AS devices
FROM {facts:Identifier} FINAL
GROUP BY view, platform, category, vendor, model`;

/** The same, with the names of the lane that were opened: see opened-names.ts. The others keep what they are sealed in. */
const AS_REPORTED = `
SELECT s.view AS view, s.platform AS platform, s.category AS category,
       if(o.model != '', o.vendor, toString(s.vendor)) AS vendor, if(o.model != '', o.model, toString(s.model)) AS model,
       s.sites AS sites, s.devices AS devices
FROM (${AS_STORED}) AS s
LEFT JOIN (SELECT DISTINCT sealed_vendor, sealed_model, vendor, model FROM {opened:Identifier}) AS o
ON o.sealed_vendor = toString(s.vendor) AND o.sealed_model = toString(s.model)`;

/** The newest mapping of each unlisted name, unless it was taken back. */
const MAPPED = `
SELECT category, vendor, model, tupleElement(newest, 1) AS to_category, tupleElement(newest, 2) AS to_vendor,
       tupleElement(newest, 3) AS to_model
FROM
(
    SELECT toString(category) AS category, vendor, model,
           argMax((toString(to_category), to_vendor, to_model), id) AS newest
    FROM catalog_mappings
    GROUP BY category, vendor, model
)
WHERE to_category != ''`;

/**
 * Of each model cell that names were ever mapped to, how many of those names the period's facts hold. Mappings that
 * were replaced or taken back count too: a cell's change may come from the name that left.
 */
const NAMES_OF_CELL = `
SELECT to_category, to_vendor, to_model, uniqExact((category, vendor, model)) AS names
FROM catalog_mappings
WHERE to_category != '' AND (category, vendor, model) IN (
    SELECT f.category, if(o.model != '', o.vendor, toString(f.vendor)), if(o.model != '', o.model, toString(f.model))
    FROM (SELECT DISTINCT toString(category) AS category, vendor, model FROM {facts:Identifier} WHERE view = '${UNLISTED_VIEW}') AS f
    LEFT JOIN (SELECT DISTINCT sealed_vendor, sealed_model, vendor, model FROM {opened:Identifier}) AS o
    ON o.sealed_vendor = toString(f.vendor) AND o.sealed_model = toString(f.model))
GROUP BY to_category, to_vendor, to_model`;

/**
 * Cells of the period as they are now: unlisted cells that curators mapped are added to the model cell they are mapped
 * to. Of a sealed name it is known that a site has it and not how many of it: one device a site, until the month after. Sites are exact unless a site reported several names of one model cell: keys of different
 * cells cannot be joined, so it counts once for each name. Presence by vendor and category was worked out at ingest and is not
 * touched, and neither is what releases count (slots).
 *
 * So that thresholds go on counting sites, not names: \`least\` is the number of sites that certainly differ, those of
 * the cell's most frequent name; and a change of the sum by \`names\` times the threshold is a change of some name by the
 * threshold at least.
 */
const NOW = `
SELECT view, platform, category, vendor, model, sites, devices, least,
       1 + if(view = '${LISTED_VIEW}', n.names, 0) AS names
FROM
(
    SELECT label.1 AS view, platform, label.2 AS category, label.3 AS vendor, label.4 AS model,
           sum(of_name.sites) AS sites, max(of_name.sites) AS least, sum(of_name.devices) AS devices
    FROM
    (
        SELECT if(r.view = '${UNLISTED_VIEW}' AND m.to_category != '', ('${LISTED_VIEW}', m.to_category, m.to_vendor, m.to_model),
                  (toString(r.view), toString(r.category), toString(r.vendor), toString(r.model))) AS label,
               toString(r.platform) AS platform, r.sites AS sites, r.devices AS devices
        FROM (${AS_REPORTED}) AS r
        LEFT JOIN (${MAPPED}) AS m ON m.category = r.category AND m.vendor = r.vendor AND m.model = r.model
    ) AS of_name
    GROUP BY label, platform
) AS cell
LEFT JOIN (${NAMES_OF_CELL}) AS n ON n.to_category = category AND n.to_vendor = vendor AND n.to_model = model`;

/** The cells of now, for all that a snapshot is made of: to count them is most of its work. */
export const INSERT_COUNTED = `
INSERT INTO {counted:Identifier} (snapshot, view, platform, category, vendor, model, sites, devices, least, names)
SELECT {snapshot:UInt64}, view, platform, category, vendor, model, sites, devices, least, names FROM (${NOW})`;

const COUNTED = `{counted:Identifier} WHERE snapshot = {snapshot:UInt64}`;

/** The fewest sites that a cell of the view is shown from. */
const LEAST = `greatest({threshold:UInt32}, ${LEAST_SITES})`;

/**
 * The devices of a cell that is refreshed now. Noised, where \`noise\` is not 0: a normal draw (Box and Muller) from a keyed hash of the
 * cell's names, under a key that is made for the snapshot and kept nowhere; rounded to tens, and never fewer than
 * its sites. None of a cell that few sites are in.
 */
const DRAW = (word: string) =>
  `(bitShiftRight(sipHash64Keyed(({noise_a:UInt64}, {noise_b:UInt64}), '${word}', view, category, vendor, model), 11) + 0.5) / 9007199254740992`;
const TOLD_DEVICES = `multiIf(
    {noise:Float64} = 0 OR view NOT IN ${WITH_DEVICES}, now_devices,
    now_least < {least_devices:UInt32}, 0,
    toUInt64(greatest(toFloat64(now_sites),
        10 * round((now_devices + {noise:Float64} * sqrt(-2 * log(${DRAW('a')})) * cos(2 * pi() * ${DRAW('b')})) / 10))))`;

/**
 * The shown cells. Guarded: a cell that is not shown yet appears at the threshold; a shown one keeps its numbers until
 * its sites have moved by at least the threshold since they were last refreshed; then it shows the number of now, or
 * nothing if that is under the threshold. So each number and each change rests on at least \`threshold\` sites.
 * A cell of several names (mappings) needs a change of as many thresholds. Exact: every cell is refreshed.
 */
export const INSERT_CUBE = `
INSERT INTO cube
SELECT {period:UInt32}, {snapshot:UInt64}, view, platform, category, vendor, model,
       if(refresh, now_sites, was_sites), if(refresh, told_devices, was_devices)
FROM
(
    SELECT view, platform, category, vendor, model,
           sumIf(sites, fresh) AS now_sites, sumIf(sites, NOT fresh) AS was_sites,
           sumIf(devices, fresh) AS now_devices, sumIf(devices, NOT fresh) AS was_devices,
           sumIf(least, fresh) AS now_least,
           ${TOLD_DEVICES} AS told_devices,
           {guarded:UInt8} = 0
               OR abs(toInt64(now_sites) - toInt64(was_sites)) >= {threshold:UInt32} * max(names) AS refresh
    FROM
    (
        SELECT view, platform, category, vendor, model, sites, devices, least, names, true AS fresh FROM ${COUNTED}
        UNION ALL
        SELECT view, platform, category, vendor, model, sites, devices, sites, 1, false
        FROM cube
        WHERE period = {period:UInt32} AND snapshot = {previous:UInt64}
    )
    GROUP BY view, platform, category, vendor, model
)
WHERE if(refresh, now_least, was_sites) >= ${LEAST} AND NOT ${IS_SEALED}`;

/**
 * How many cells are held back, by scope. Guarded: counted anew only when the number of all sites was refreshed, else
 * taken over from the snapshot before, because a cell more or less that is held back is one site's doing.
 * Scopes whose names not everybody knows (by vendor, by platform) are kept for shown ones only, so that no row names a
 * cell that is held back. A scope in
 * which no cell is held back has its row too: a missing one would be taken for one that is not kept.
 */
export const INSERT_SUPPRESSED = `
INSERT INTO suppressed
SELECT {period:UInt32}, {snapshot:UInt64}, view, scope.2 AS scope_platform, scope.3 AS scope_category,
       scope.4 AS scope_vendor, countIf(held)
FROM
(
    SELECT view, (least < ${LEAST} OR ${IS_SEALED}) AS held, arrayJoin(${HELD_BACK_IN}) AS scope
    FROM ${COUNTED} AND sites > 0
)
WHERE scope.1 IN ${KEPT_FOR_ALL}
   OR (scope.1, scope.2, scope.5, scope.4) IN (
          SELECT view, platform, category, vendor FROM cube
          WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND view IN ${KEPT_FOR_SHOWN})
GROUP BY view, scope_platform, scope_category, scope_vendor`;

export const CARRY_SUPPRESSED = `
INSERT INTO suppressed
SELECT period, {snapshot:UInt64}, view, platform, category, vendor, cells
FROM suppressed
WHERE period = {period:UInt32} AND snapshot = {previous:UInt64}`;

/** Sites of the whole period in the new snapshot and in the one before; 0 where not shown. */
export const SITES_OF_TWO = `
SELECT sumIf(sites, snapshot = {snapshot:UInt64}) AS now, sumIf(sites, snapshot = {previous:UInt64}) AS was
FROM cube
WHERE period = {period:UInt32} AND snapshot IN ({snapshot:UInt64}, {previous:UInt64}) AND view = '${WHOLE_VIEW}'`;

export const INSERT_SNAPSHOT = `
INSERT INTO snapshots VALUES
({period:UInt32}, {snapshot:UInt64}, {taken_at:UInt64}, {state:String}, {catalogue:String}, {threshold:UInt32}, {basis:String})`;

/** Changes with every insert into the period's facts (and with merges, which only costs a snapshot more). */
export const FACTS_BASIS = `
SELECT toString(sum(rows)) || ':' || toString(groupBitXor(cityHash64(name))) AS basis
FROM system.parts
WHERE database = currentDatabase() AND table = {facts:String} AND active`;

/** Changes with every insert into the period's facts and with nothing else: merges keep the numbers of what they merge. */
export const FACTS_STATE = `
SELECT count() AS parts, min(min_block_number) AS first, max(max_block_number) AS last
FROM system.parts
WHERE database = currentDatabase() AND table = {facts:String} AND active`;

/** Each cell of a frozen snapshot, by name: the same cells come in the same order. */
export const FROZEN_ROWS = `
SELECT view, platform, category, vendor, model, sites, devices
FROM cube
WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64}
ORDER BY toString(view), toString(platform), toString(category), toString(vendor), toString(model)`;

/** Rows of the final snapshot, which may have been written more than once. */
export const FINAL_SHOWN = `
SELECT count() AS rows FROM snapshots
WHERE period = {period:UInt32} AND snapshot = {snapshot:UInt64} AND state = 'final'`;

/** The newest snapshot of each period with its number of sites; the final one is the newest whatever its id. */
export const NEWEST_SNAPSHOTS = `
SELECT s.period AS period, s.id AS id, taken_at, state, catalogue, basis, threshold, ifNull(c.sites, 0) AS sites
FROM
(
    SELECT period, snapshot AS id, taken_at, state, catalogue, basis, threshold
    FROM snapshots
    ORDER BY state = 'final' DESC, snapshot DESC
    LIMIT 1 BY period
) AS s
LEFT JOIN (SELECT period, snapshot, sites FROM cube WHERE view = '${WHOLE_VIEW}') AS c ON c.period = s.period AND c.snapshot = s.id
ORDER BY period`;

/** Every snapshot of the period of which anything is stored, visible or not. */
export const STORED_SNAPSHOTS = `
SELECT DISTINCT toUInt64(extract(partition, '^\\\\(\\\\d+,(\\\\d+)\\\\)$')) AS snapshot
FROM system.parts
WHERE database = currentDatabase() AND table IN ('cube', 'suppressed', 'snapshots') AND active
  AND startsWith(partition, '(' || toString({period:UInt32}) || ',')
ORDER BY snapshot`;
