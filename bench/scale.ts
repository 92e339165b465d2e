import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../services/shared/package-root.ts';

// What a fleet of ten million sites takes, computed from the table of bench/README.md: `node dist/bench/scale.js` writes
// docs/scale.md. A test keeps the two together.

const SITES = 10_000_000;
const DAYS = 30;
const DAY_S = 86_400;
/** Of the busiest hour to the mean, however well agents spread their reports. */
const PEAK = 5;
/** Cores are bought for this share of them to be busy at the peak. */
const BUSY = 0.6;
const REPLICATION = 3;
/** Months of which facts are held at once: the open one, and the one before until it is closed. */
const MONTHS_HELD = 2;
const SNAPSHOTS_A_DAY = 24;
/** What ROLLCALL_MERGE_PERCENT is, and what it is shown at besides. */
const MERGE_PERCENT = 4;
const MORE_MERGE_PERCENT = 20;
/** What a month costs, in dollars: a core with its memory, and a GB of disk. Prices of large clouds, rounded up. */
const CORE_PRICE = 30;
const GB_PRICE = 0.1;
/** MB a second that a partition is asked to take: a tenth of what a disk writes. */
const PARTITION_MB = 10;

/** The numbers of the table that everything is computed from. */
interface Measured {
  readonly reportUs: number;
  /** Aggregator and store, of a cluster. */
  readonly insertUs: number;
  readonly brokerUs: number;
  /** What a report costs three processes, by what it costs one. */
  readonly growth: number;
  readonly reportBytes: number;
  readonly facts: number;
  readonly slots: number;
  readonly factBytes: number;
  readonly slotBytes: number;
  readonly snapshotUsAFact: number;
  readonly mergeUsAFact: number;
}

export function measuredIn(readme: string): Measured {
  // The last of its number, which is the largest.
  const row = (n: number) => readme.split('\n').findLast((line) => line.startsWith(`| ${n} |`)) ?? '';
  const number = (text: string, pattern: RegExp) => {
    const found = pattern.exec(text)?.[1];
    if (found === undefined) throw new Error(`the table has no ${pattern}`);
    return Number(found);
  };
  const stored = row(9);
  const [snapshot, merge, cluster] = [row(6), row(12), row(13)];
  const factsOf = (text: string) => 1e6 * number(text, /at ([\d.]+) M facts/);
  return {
    reportUs: number(row(2), /([\d.]+) µs a report/),
    insertUs: number(cluster, /([\d.]+) of aggregator/) + number(cluster, /([\d.]+) of store/),
    brokerUs: number(cluster, /([\d.]+) of broker/),
    growth: number(cluster, /\| ([\d.]+) \| linear/),
    reportBytes: number(stored, /in the log ([\d.]+) bytes/),
    facts: number(stored, /([\d.]+) facts and/),
    slots: number(stored, /and ([\d.]+) slots/),
    factBytes: number(stored, /([\d.]+) a fact/),
    slotBytes: number(stored, /([\d.]+) a slot/),
    snapshotUsAFact: (number(snapshot, /([\d.]+) ms a snapshot/) * 1_000) / factsOf(snapshot),
    mergeUsAFact: (number(merge, /([\d.]+) ms CPU/) * 1_000) / factsOf(merge),
  };
}

interface Needs {
  readonly name: string;
  readonly aSecond: number;
  readonly ingestCores: number;
  readonly insertCores: number;
  readonly brokerCores: number;
  readonly snapshotCores: number;
  readonly mergeCores: number;
  readonly logGbADay: number;
  readonly partitions: number;
  readonly storeGb: number;
}

function needsOf(name: string, reportsASite: number, m: Measured): Needs {
  const mean = (SITES * reportsASite) / (DAYS * DAY_S);
  const peak = mean * PEAK;
  const coresFor = (us: number) => (peak * us) / 1e6 / BUSY;
  const facts = SITES * m.facts;
  const bytes = SITES * (m.facts * m.factBytes + m.slots * m.slotBytes);
  return {
    name,
    aSecond: mean,
    ingestCores: coresFor(m.reportUs * m.growth),
    insertCores: coresFor(m.insertUs),
    brokerCores: coresFor(m.brokerUs * REPLICATION),
    snapshotCores: (SNAPSHOTS_A_DAY * facts * m.snapshotUsAFact) / 1e6 / DAY_S,
    // It merges without a pause but for its rest: that is its share of a core, whatever arrives.
    mergeCores: MERGE_PERCENT / 100,
    logGbADay: (mean * DAY_S * m.reportBytes) / 1e9,
    partitions: Math.max(6, Math.ceil((peak * m.reportBytes) / 1e6 / PARTITION_MB)),
    storeGb: (bytes * MONTHS_HELD) / 1e9,
  };
}

const one = (n: number) => (n < 0.01 ? '< 0.01' : n < 10 ? n.toFixed(2) : n.toFixed(0));

function moneyOf(needs: Needs): number {
  const { ingestCores, insertCores, brokerCores, snapshotCores, mergeCores } = needs;
  const cores = ingestCores + insertCores + brokerCores + snapshotCores + mergeCores;
  // A broker keeps what was inserted for an hour at most; a day of it is room enough.
  return Math.ceil(cores) * CORE_PRICE + (needs.logGbADay * REPLICATION + needs.storeGb) * GB_PRICE;
}

/** The text of docs/scale.md. */
export function scaleText(readme: string): string {
  const m = measuredIn(readme);
  const [monthly, daily] = [needsOf('once a month', 1, m), needsOf('every day', DAYS, m)];
  const line = (what: string, of: (needs: Needs) => string) => `| ${what} | ${of(monthly)} | ${of(daily)} |`;
  const facts = (SITES * m.facts) / 1e6;
  const mergeS = (SITES * m.facts * m.mergeUsAFact) / 1e6;
  // The merge in hand, its rest, and the report's own: see re-join-window.ts.
  const windowMinutes = (percent: number) => (((100 / percent + 1) * mergeS + 2) / 60).toFixed(0);
  return `# Ten million sites

Computed by bench/scale.ts from the table of [bench/README.md](../bench/README.md).
For the same reports three processes of ingest and three aggregators cost ${m.growth} times the CPU of one of each there (row 13): ingest is counted as that much
dearer here. A report cost no more where there were more of them (row 14), so the rest is taken to be linear. Nobody has run a fleet of this size. Peaks are taken as ${PEAK} times the mean, cores
as ${BUSY * 100} % busy then, ${REPLICATION} copies of each record in Kafka, facts of ${MONTHS_HELD} months, ${SNAPSHOTS_A_DAY} snapshots a day, ${CORE_PRICE} dollars for a core's month
and ${GB_PRICE.toFixed(2)} for a GB's.

| ten million sites report | ${monthly.name} | ${daily.name} |
|---|---|---|
${[
  line('reports a second, mean', (n) => one(n.aSecond)),
  line('ingest, cores at the peak', (n) => one(n.ingestCores)),
  line('inserting, cores of aggregator and ClickHouse at the peak', (n) => one(n.insertCores)),
  line(`Kafka's brokers, cores at the peak (${REPLICATION} copies)`, (n) => one(n.brokerCores)),
  line('snapshots, cores', (n) => one(n.snapshotCores)),
  line('merges, cores', (n) => one(n.mergeCores)),
  line('Kafka, GB a day before copies', (n) => one(n.logGbADay)),
  line('Kafka, partitions', (n) => String(n.partitions)),
  line('ClickHouse, GB', (n) => one(n.storeGb)),
  line('dollars a month', (n) => one(moneyOf(n))),
].join('\n')}

A report is ${m.facts} facts and ${m.slots} slots, of which a month keeps the newest of each: ${facts.toFixed(0)} million facts, however often a site
reports.

**What gives way first** is not throughput but the merge of a whole month: one takes ${mergeS.toFixed(0)} s of CPU at ${facts.toFixed(0)} million facts, and
merging has ${MERGE_PERCENT} % of the time. So a report that arrived just now can be told from the others in a copy of the store for
up to ${windowMinutes(MERGE_PERCENT)} minutes, where 10,000 sites have seconds ([re-join windows](privacy.md)). **\`ROLLCALL_MERGE_PERCENT\` moves it**: at ${MORE_MERGE_PERCENT} it is
${windowMinutes(MORE_MERGE_PERCENT)} minutes, for ${(MORE_MERGE_PERCENT / 100).toFixed(2)} of a core instead of ${(MERGE_PERCENT / 100).toFixed(2)}.

What moves the others: \`ROLLCALL_INGEST_PROCESSES\` (ingest on more cores of one machine; more machines need no setting),
\`ROLLCALL_KAFKA_PARTITIONS\` (aggregators that share the work), \`ROLLCALL_KAFKA_COMPRESSION=gzip\` (a third of the bytes for half
again as much CPU of ingest), \`ROLLCALL_SNAPSHOT_SECONDS\` (snapshots).
`;
}

const README = join(packageRoot(), 'bench', 'README.md');
if (process.argv[1]?.endsWith('scale.js'))
  writeFileSync(join(packageRoot(), 'docs', 'scale.md'), scaleText(readFileSync(README, 'utf8')));
