import { startClickHouseHttp } from './clickhouse-http/start-clickhouse-http.ts';
import { kafkaAvailable, startKafka } from './kafka/start-kafka.ts';
import { redisAvailable, startRedis } from './redis.ts';

// Starts the servers that the suites use, for a developer, and prints the settings that point at them. Ctrl-C ends them.
const missing = kafkaAvailable() ?? redisAvailable();
if (missing !== null) {
  process.stderr.write(`${missing}\n`);
  process.exit(1);
}
const [kafka, store, redis] = await Promise.all([startKafka({ nodes: 1 }), startClickHouseHttp(), startRedis()]);
process.stdout.write(
  [
    '# Apache Kafka, the ClickHouse HTTP interface over chDB, Redis. Ctrl-C ends them and removes their data.',
    `export ROLLCALL_LOG_URL='kafka://${kafka.brokers.join(',')}'`,
    `export ROLLCALL_STORE_URL='${store.url}/rollcall'`,
    `export ROLLCALL_JOBS_URL='${redis.url}'`,
    '',
  ].join('\n'),
);
await new Promise((resolve) => {
  process.once('SIGINT', resolve);
  process.once('SIGTERM', resolve);
});
await Promise.all([kafka.stop(), store.stop(), redis.stop()]);
