import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMonthTable, monthTable } from '../services/adapters/clickhouse/client/month-tables.ts';
import { openEmbeddedClients } from '../services/adapters/clickhouse/client/open-embedded.ts';
import type { Clients } from '../services/adapters/clickhouse/client/sql-client.ts';
import { type Store, storeOver } from '../services/adapters/clickhouse/store.ts';
import { openKafkaFactLog } from '../services/adapters/kafka/kafka-fact-log.ts';
import type { Block } from '../services/ports/block.ts';
import { systemClock } from '../services/shared/clock.ts';
import { kafkaAvailable, startKafka } from '../test/support/kafka/start-kafka.ts';
import { costOf, inTurn, print } from './compare.ts';
import { drainLog, sampleBlocks } from './log-to-facts.ts';
import { compared, type Row } from './report.ts';

// From a topic to the tables of facts and slots: ours (fetch, scan, insert, commit) against ClickHouse's own Kafka engine
// in the same chDB, which reads the same topic through two materialized views. Both run in this process, in turn.
const ROUNDS = 5;
const POLL_MS = 250;
const QUEUE = 'bench_queue';

interface Bench {
  readonly brokers: readonly string[];
  readonly clients: Clients;
  readonly store: Store;
  readonly blocks: readonly Block[];
  readonly lines: number;
}

export async function benchKafkaToFacts(): Promise<Row[]> {
  const why = kafkaAvailable();
  if (why !== null) {
    print(`not measured, Kafka to facts: ${why}`);
    return [];
  }
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const kafka = await startKafka({ nodes: 1 });
  const clients = await openEmbeddedClients(join(directory, 'store'));
  const store = storeOver(clients);
  try {
    await store.server.migrate();
    const blocks = await sampleBlocks();
    const lines = blocks.reduce((sum, block) => sum + block.facts, 0);
    return [await drained({ brokers: kafka.brokers, clients, store, blocks, lines })];
  } finally {
    await store.server.close();
    await kafka.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function drained(bench: Bench): Promise<Row> {
  const { blocks, store, lines } = bench;
  const log = await openKafkaFactLog({ brokers: bench.brokers, clock: systemClock, partitions: 1 });
  try {
    for (const block of blocks) await log.append(block);
    const ours = (round: number) =>
      costOf(process.pid, lines, () => drainLog(log, store, blocks.length, `ours-${round}`));
    const engine = (round: number) => costOf(process.pid, lines, () => byEngine(bench, `engine-${round}`));
    let round = 0;
    const emptied = async (act: (round: number) => ReturnType<typeof costOf>) => {
      await empty(bench);
      const cost = await act(round++);
      await same(bench);
      return cost;
    };
    await emptied(ours);
    await emptied(engine);
    const result = await inTurn(
      ROUNDS,
      () => emptied(ours),
      () => emptied(engine),
    );
    return { n: 5, measure: 'Kafka to facts', ...compared(result, 'line', true), reach: '1.0' };
  } finally {
    await log.close();
  }
}

async function empty({ clients, store, blocks }: Bench): Promise<void> {
  const { period } = blocks[0] as Block;
  await store.counts.destroyFacts(period);
  for (const kind of ['slots', 'facts'] as const) await createMonthTable(clients.write, kind, period);
}

/** Both must have stored every line, or one of them was measured for less. */
async function same(bench: Bench): Promise<void> {
  const there = await stored(bench);
  if (there !== bench.lines) throw new Error(`${there} lines of ${bench.lines} were stored`);
}

async function stored({ clients, blocks }: Bench): Promise<number> {
  const { period } = blocks[0] as Block;
  const tables = (['facts', 'slots'] as const).map((kind) => monthTable(kind, period));
  const [row] = await clients.read.rows<{ n: number }>(ROWS, { tables });
  return row?.n ?? 0;
}

const ROWS = `
SELECT sum(rows) AS n FROM system.parts
WHERE database = currentDatabase() AND has({tables:Array(String)}, table) AND active`;

/** One consumer, as ours; what is read is written after a second at the latest, as ours. Everything else is its default. */
async function byEngine(bench: Bench, group: string): Promise<void> {
  const { brokers, clients, blocks, lines } = bench;
  const { period } = blocks[0] as Block;
  const [facts, slots] = [monthTable('facts', period), monthTable('slots', period)];
  const { write } = clients;
  await write.run(queueOf(brokers, `rollcall.facts.${period}`, group));
  await write.run(`CREATE MATERIALIZED VIEW bench_facts TO ${facts} AS
SELECT period, word AS view, platform, category, vendor, model, key, toUInt32(a) AS count, b AS version
FROM ${QUEUE} WHERE e = 0`);
  await write.run(`CREATE MATERIALIZED VIEW bench_slots TO ${slots} AS
SELECT period, word AS lane, platform, category, vendor, model, key, a AS cell_key, toUInt32(b) AS amount, toUInt32(d) AS cap, e AS version
FROM ${QUEUE} WHERE e > 0`);
  while ((await stored(bench)) < lines) await sleep(POLL_MS);
  for (const view of ['bench_facts', 'bench_slots', QUEUE]) await write.run(`DROP TABLE ${view} SYNC`);
}

/** Lines of facts have nine columns, of slots eleven. */
function queueOf(brokers: readonly string[], topic: string, group: string): string {
  return `CREATE TABLE ${QUEUE}
(
    period UInt32, word LowCardinality(String), platform LowCardinality(String), category LowCardinality(String),
    vendor LowCardinality(String), model LowCardinality(String), key UInt64, a UInt64, b UInt64, d UInt64, e UInt64
)
ENGINE = Kafka
SETTINGS kafka_broker_list = '${brokers.join(',')}', kafka_topic_list = '${topic}', kafka_group_name = '${group}',
    kafka_format = 'JSONCompactEachRow', kafka_num_consumers = 1, kafka_flush_interval_ms = 1000,
    input_format_json_compact_allow_variable_number_of_columns = 1`;
}
