import { createServer, type Server, type Socket } from 'node:net';
import { ConfigResourceTypes, Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { type KafkaFactLog, openKafkaFactLog } from '../../services/adapters/kafka/kafka-fact-log.ts';
import type { KafkaFactLogOptions } from '../../services/adapters/kafka/options.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { pause, systemClock } from '../../services/shared/clock.ts';
import type { LogFields } from '../../services/shared/log.ts';
import { blockOf, Consumption } from '../contract/fact-log.suite.ts';
import { type KafkaServers, kafkaAvailable, startKafka } from '../support/kafka/start-kafka.ts';
import { SOON } from '../support/patience.ts';
import { openTcpProxy, type TcpProxy } from '../support/tcp-proxy.ts';

const NOVEMBER = parsePeriod('2026-11');
const GROUP = 'aggregator';
const missing = kafkaAvailable();
let prefixes = 0;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const resource of opened.splice(0).reverse()) await resource.close();
});

/** A journal that can be read. */
function written() {
  const lines: string[] = [];
  const note = (event: string, fields: LogFields = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  return { lines, journal: { info: note, warn: note, error: note } };
}

describe.skipIf(missing)(missing ?? 'with a Kafka that is in trouble', () => {
  let servers: KafkaServers;
  let proxy: TcpProxy;
  beforeAll(async () => {
    // What the broker says of itself leads through the proxy, whoever asks.
    proxy = await openTcpProxy(0);
    const advertised = { 'advertised.listeners': `PLAINTEXT://127.0.0.1:${proxy.port}` };
    servers = await startKafka({ nodes: 1, settings: { 'message.max.bytes': '20000', ...advertised } });
    proxy.leadTo(Number(servers.brokers[0]?.split(':')[1]));
  });
  afterAll(async () => {
    await servers?.stop();
    await proxy?.close();
  });

  async function open(options: Partial<KafkaFactLogOptions> = {}): Promise<KafkaFactLog> {
    const quick = { sessionTimeoutMs: 6_000, topicPollMs: 300, retryPauseMs: 100, partitions: 1, timeoutMs: 20_000 };
    const prefix = `fault${prefixes++}`;
    const log = await openKafkaFactLog({ brokers: servers.brokers, prefix, clock: systemClock, ...quick, ...options });
    opened.push(log);
    return log;
  }

  async function usingAdmin<T>(use: (admin: ReturnType<Kafka['admin']>) => Promise<T>): Promise<T> {
    const admin = new Kafka({ brokers: servers.brokers, logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    return await use(admin).finally(() => admin.disconnect());
  }

  function consuming(log: KafkaFactLog): Consumption {
    const consumption = new Consumption(log);
    opened.push({ close: () => consumption.stop().catch(() => {}) });
    return consumption;
  }

  /** Text that no compression makes small. */
  const large = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString('base64');

  test('a topic that somebody else made is put right, keeps what else it was told, and takes large blocks', async () => {
    const { lines, journal } = written();
    const topic = 'others.facts.2026-11';
    const configEntries = [
      { name: 'retention.ms', value: '604800000' },
      { name: 'segment.bytes', value: '52428800' },
    ];
    await usingAdmin((admin) => admin.createTopics({ topics: [{ topic, numPartitions: 2, configEntries }] }));
    const log = await open({ prefix: 'others', journal });
    const consumption = consuming(log);
    await log.append(blockOf(NOVEMBER, large(60_000)));
    const described = await usingAdmin((admin) =>
      admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: topic }],
      }),
    );
    const entries = described.resources[0]?.configEntries ?? [];
    const config = Object.fromEntries(entries.map(({ configName, configValue }) => [configName, configValue]));
    expect(config).toMatchObject({
      'retention.ms': '-1',
      'max.message.bytes': '16777216',
      'segment.bytes': '52428800',
    });
    expect(lines).toEqual([
      expect.stringMatching(/^a topic that was made with other settings was put right .*retention.ms=604800000/),
    ]);
    await vi.waitFor(() => expect(consumption.texts).toHaveLength(1), SOON);
  });

  test('a block that Kafka refuses for its size is told in the journal with the reason, and so is the end of it', async () => {
    const { lines, journal } = written();
    const log = await open({ prefix: 'sized', journal });
    await log.append(blockOf(NOVEMBER, 'small'));
    // Whoever may change topics can do so at any time.
    const limit = [{ name: 'max.message.bytes', value: '10000' }];
    const resource = { type: ConfigResourceTypes.TOPIC, name: 'sized.facts.2026-11' };
    await usingAdmin((admin) =>
      admin.alterConfigs({ validateOnly: false, resources: [{ ...resource, configEntries: limit }] }),
    );
    await expect(log.append(blockOf(NOVEMBER, large(60_000)))).rejects.toMatchObject({ code: 'log-unavailable' });
    await expect(log.append(blockOf(NOVEMBER, large(60_000)))).rejects.toMatchObject({ code: 'log-unavailable' });
    expect(lines).toEqual([expect.stringMatching(/^Kafka did not take a block .*MESSAGE_TOO_LARGE/)]);
    await log.append(blockOf(NOVEMBER, 'small again'));
    expect(lines.at(-1)).toMatch(/^Kafka takes blocks again .*"failures":2/);
    expect(lines.join()).not.toContain('small');
  });

  test('records that were cut before anybody counted them are told in the journal, by topic and number', async () => {
    const { lines, journal } = written();
    const log = await open({ prefix: 'cut', journal });
    const first = new Consumption(log);
    await log.append(blockOf(NOVEMBER, 'counted'));
    await vi.waitFor(async () => expect(await log.pending('aggregator', NOVEMBER)).toBe(0), SOON);
    await first.stop();
    for (let n = 0; n < 3; n++) await log.append(blockOf(NOVEMBER, `lost ${n}`));
    await usingAdmin(async (admin) => {
      const topic = 'cut.facts.2026-11';
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '4' }] });
    });
    const second = consuming(log);
    await log.append(blockOf(NOVEMBER, 'after'));
    await vi.waitFor(() => expect(second.texts).toContain('after'), SOON);
    expect(lines).toContainEqual(
      'records are gone that were not counted {"topic":"cut.facts.2026-11","partition":0,"records":3}',
    );
  });

  test('where the first brokers of the list hang, the good one is used, and soon', async () => {
    const hanging = await Promise.all([hangingServer(), hangingServer()]);
    const log = await open({
      brokers: [...hanging.map(({ address }) => address), ...servers.brokers],
      timeoutMs: 5_000,
    });
    // It may take longer than one call has: it goes on by itself, and who asks again has it.
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'block')), SOON);
    const asked = () => hanging.map(({ calls }) => calls());
    const before = asked();
    // The next client of this process, as that of the next month, need not learn it again.
    await vi.waitFor(() => log.append(blockOf(parsePeriod('2026-12'), 'block')), SOON);
    expect(asked()).toEqual(before);
  });

  test('a connection whose bytes vanish is given up, and consuming and appending go on by themselves', async () => {
    const log = await open({ prefix: 'half', timeoutMs: 2_000 });
    const consumption = consuming(log);
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'before')), SOON);
    await vi.waitFor(() => expect(consumption.texts).toContain('before'), SOON);
    proxy.mode = 'swallow';
    await expect(log.append(blockOf(NOVEMBER, 'vanished'))).rejects.toMatchObject({ code: 'log-unavailable' });
    await expect(log.check()).rejects.toMatchObject({ code: 'log-unavailable' });
    proxy.mode = 'pass';
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'after')), SOON);
    await vi.waitFor(() => expect(consumption.texts).toContain('after'), SOON);
  });

  test('a batch that is in hand when the connection breaks is committed, and what comes after it is handed over', async () => {
    const log = await open({ prefix: 'hand', timeoutMs: 2_000, sessionTimeoutMs: 20_000 });
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    let begun = false;
    const consumption = new Consumption(log, {
      before: async () => {
        begun = true;
        await held;
      },
    });
    opened.push({ close: () => consumption.stop().catch(() => {}) }, { close: async () => letGo() });
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'in hand')), SOON);
    await vi.waitFor(() => expect(begun).toBe(true), SOON);
    // Fetched, and held with its fetch until the handler is free: so the heartbeats are ours to send.
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'waiting')), SOON);
    await pause(1_000);
    proxy.mode = 'swallow';
    // A heartbeat is due within three seconds and given up after three more; the group knows us for longer.
    await pause(8_000);
    proxy.mode = 'pass';
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'after')), SOON);
    letGo();
    await vi.waitFor(() => expect(consumption.texts).toContain('after'), SOON);
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
  });
});

describe.skipIf(missing)(missing ?? 'with a Kafka that is restarted', () => {
  let servers: KafkaServers;
  beforeAll(async () => {
    servers = await startKafka({ nodes: 1 });
  });
  afterAll(() => servers?.stop());

  test('what is appended after an outage of the only broker is handed over', async () => {
    const prefix = `fault${prefixes++}`;
    const log = await openKafkaFactLog({ brokers: servers.brokers, prefix, clock: systemClock, partitions: 1 });
    opened.push(log);
    const consumption = new Consumption(log);
    opened.push({ close: () => consumption.stop().catch(() => {}) });
    await log.append(blockOf(NOVEMBER, 'before'));
    await vi.waitFor(() => expect(consumption.texts).toContain('before'), SOON);
    await servers.kill(0);
    await servers.restart(0);
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'after')), SOON);
    await vi.waitFor(() => expect(consumption.texts).toContain('after'), SOON);
  });
});

/** Takes connections and never says a word; how many it has taken so far. */
async function hangingServer(): Promise<{ readonly address: string; calls(): number }> {
  let calls = 0;
  const server = await new Promise<Server>((resolve) => {
    const take = (socket: Socket) => {
      calls++;
      socket.on('error', () => {});
    };
    const listening = createServer(take).listen(0, '127.0.0.1', () => resolve(listening));
  });
  onTestFinished(() => void server.close());
  return { address: `127.0.0.1:${(server.address() as { port: number }).port}`, calls: () => calls };
}
