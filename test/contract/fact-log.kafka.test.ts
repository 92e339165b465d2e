import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ConfigResourceTypes, Kafka, type KafkaMessage, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { type KafkaFactLog, openKafkaFactLog } from '../../services/adapters/kafka/kafka-fact-log.ts';
import type { KafkaFactLogOptions } from '../../services/adapters/kafka/options.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { pause, SetClock, systemClock } from '../../services/shared/clock.ts';
import { freePort } from '../support/free-port.ts';
import { type KafkaOptions, type KafkaServers, kafkaAvailable, startKafka } from '../support/kafka/start-kafka.ts';
import { SOON } from '../support/patience.ts';
import { blockOf, Consumption, canary, describeFactLog, tracesOf } from './fact-log.suite.ts';

const [OCTOBER, NOVEMBER, DECEMBER] = ['2026-10', '2026-11', '2026-12'].map(parsePeriod) as [Period, Period, Period];
const GROUP = 'aggregator';
const missing = kafkaAvailable();
let prefixes = 0;

const opened: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((resource) => resource.close()));
});

const quick = {
  clock: systemClock,
  partitions: 1,
  sessionTimeoutMs: 6_000,
  topicPollMs: 300,
  retryPauseMs: 100,
  maxRetryPauseMs: 1_000,
};

async function openAt(
  { brokers }: Pick<KafkaServers, 'brokers'>,
  options: Partial<KafkaFactLogOptions> = {},
): Promise<KafkaFactLog> {
  const log = await openKafkaFactLog({ brokers, prefix: `test${prefixes++}`, ...quick, ...options });
  opened.push(log);
  return log;
}

function consuming(...given: ConstructorParameters<typeof Consumption>): Consumption {
  const consumption = new Consumption(...given);
  opened.push({ close: () => consumption.stop().catch(() => {}) });
  return consumption;
}

/** Of buffers that something still refers to: what waits for the collector is collected first. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().arrayBuffers;
}

/** Runs tests beside servers of their own. */
function withKafka(options: KafkaOptions, tests: (servers: () => KafkaServers) => void): void {
  describe.skipIf(missing)(missing ?? `with Kafka, ${options.nodes} nodes`, () => {
    let servers: KafkaServers;
    beforeAll(async () => {
      servers = await startKafka(options);
    });
    afterAll(() => servers?.stop());
    tests(() => servers);
  });
}

withKafka({ nodes: 1 }, (servers) => {
  describeFactLog({
    name: 'kafka',
    open: async () => {
      const prefix = `contract${prefixes++}`;
      const open = () => openKafkaFactLog({ brokers: servers().brokers, prefix, ...quick });
      let log = await open();
      return {
        log,
        dataDirs: servers().dataDirs,
        reopen: async () => {
          await log.close();
          log = await open();
          return log;
        },
      };
    },
  });

  test('a record has no key, no time but its day, and no header but what is said of the block (kafka)', async () => {
    const prefix = 'looked-at';
    const log = await openAt(servers(), { prefix, clock: new SetClock(Date.parse('2026-11-15T13:37:42.123Z')) });
    await log.append(blockOf(NOVEMBER, 'block', { facts: 27, reports: 3 }));
    const [message] = await recordsOf(servers(), 'looked-at.facts.2026-11', 1);
    expect(message!.key).toBeNull();
    expect(Number(message!.timestamp)).toBe(Date.parse('2026-11-15T00:00:00Z'));
    const headers = Object.entries(message!.headers ?? {}).map(([name, value]) => [name, String(value)]);
    expect(Object.fromEntries(headers)).toEqual({ version: '1', period: '2026-11', facts: '27', reports: '3' });
  });

  test("a topic is created so that nothing expires and no time is the broker's (kafka)", async () => {
    const log = await openAt(servers(), { prefix: 'created', partitions: 4 });
    await log.append(blockOf(NOVEMBER, 'block'));
    await log.deadLetter(blockOf(NOVEMBER, 'letter'), 'malformed');
    await usingAdmin(servers(), async (admin) => {
      const { topics } = await admin.fetchTopicMetadata({ topics: ['created.facts.2026-11', 'created.dead.2026-11'] });
      const sizes = Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions.length]));
      expect(sizes).toEqual({ 'created.facts.2026-11': 4, 'created.dead.2026-11': 1 });
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [{ type: ConfigResourceTypes.TOPIC, name: 'created.facts.2026-11' }],
      });
      const config = Object.fromEntries(resources[0]!.configEntries.map((e) => [e.configName, e.configValue]));
      expect(config).toMatchObject({
        'retention.ms': '-1',
        'retention.bytes': '-1',
        'cleanup.policy': 'delete',
        'message.timestamp.type': 'CreateTime',
        'min.insync.replicas': '1',
      });
    });
  });

  test('blocks go to the partitions in turn and come out in order of each (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'turns', partitions: 3 });
    for (let n = 0; n < 30; n++) await log.append(blockOf(NOVEMBER, `${n}`));
    const consumption = consuming(log);
    await vi.waitFor(() => expect(consumption.texts).toHaveLength(30), SOON);
    for (const partition of [0, 1, 2]) {
      const ours = consumption.texts.map(Number).filter((n) => n % 3 === partition);
      expect(ours).toEqual([...ours].sort((a, b) => a - b));
      expect(ours).toHaveLength(10);
    }
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
  });

  test('committed records leave the disk although nothing more is appended (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'truncated' });
    const [done, alsoDone] = [canary(), canary()];
    const consumption = consuming(log);
    await log.append(blockOf(NOVEMBER, done));
    await log.append(blockOf(NOVEMBER, alsoDone));
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    expect(tracesOf(done, servers().dataDirs)).not.toEqual([]);
    await log.truncateCommitted();
    const left = () => [done, alsoDone].flatMap((text) => tracesOf(text, servers().dataDirs));
    await vi.waitFor(() => expect(left()).toEqual([]), SOON);
    // Handed to nobody, and counted as pending no longer than it takes to pass over it.
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    expect(consumption.texts).toEqual([done, alsoDone]);
  });

  test('records that are not committed stay, and are removed in a later round (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'kept' });
    const [done, waiting] = [canary(), canary()];
    let down = false;
    const consumption = consuming(log, {
      before: async () => {
        if (down) throw new Error('the store is down');
      },
    });
    await log.append(blockOf(NOVEMBER, done));
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    down = true;
    await log.append(blockOf(NOVEMBER, waiting));
    await log.truncateCommitted();
    await pause(1_500);
    expect(tracesOf(waiting, servers().dataDirs)).not.toEqual([]);
    down = false;
    await vi.waitFor(() => expect(consumption.texts).toEqual([done, waiting]), SOON);
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    await log.truncateCommitted();
    const left = () => [done, waiting].flatMap((text) => tracesOf(text, servers().dataDirs));
    await vi.waitFor(() => expect(left()).toEqual([]), SOON);
  });

  test('truncating an idle topic again and again adds nothing to it (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'idle' });
    consuming(log);
    await log.append(blockOf(NOVEMBER, 'block'));
    const settled = () => vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    for (let round = 0; round < 4; round++) {
      await settled();
      await log.truncateCommitted();
    }
    await settled();
    await usingAdmin(servers(), async (admin) => {
      const [partition] = await admin.fetchTopicOffsets('idle.facts.2026-11');
      // The block and one marker.
      expect(partition!.high).toBe('2');
    });
  });

  test('a replayed dead letter leaves the disk (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'replayed' });
    const letter = canary();
    await log.deadLetter(blockOf(NOVEMBER, letter), 'malformed');
    expect(await log.replay(NOVEMBER)).toBe(1);
    const inDead = () => tracesOf(letter, servers().dataDirs).filter((file) => file.includes('.dead.'));
    await vi.waitFor(() => expect(inDead()).toEqual([]), SOON);
    expect(await log.pending(GROUP, NOVEMBER)).toBe(1);
  });

  test('members of a group share the partitions; what one leaves the other takes over (kafka)', async () => {
    const options = { prefix: 'shared', partitions: 4 };
    const [one, other, ingest] = [
      await openAt(servers(), options),
      await openAt(servers(), options),
      await openAt(servers(), options),
    ];
    const first = consuming(one);
    const appended: string[] = [];
    const append = async () => {
      appended.push(`${appended.length}`);
      await ingest.append(blockOf(NOVEMBER, appended.at(-1)!));
    };
    for (let n = 0; n < 40; n++) await append();
    const second = consuming(other);
    await vi.waitFor(async () => {
      await append();
      expect(second.texts.length).toBeGreaterThan(5);
    }, SOON);
    await first.stop();
    for (let n = 0; n < 40; n++) await append();
    const together = () => new Set([...first.texts, ...second.texts]);
    await vi.waitFor(() => expect(together().size).toBe(appended.length), SOON);
    await vi.waitFor(async () => expect(await ingest.pending(GROUP, NOVEMBER)).toBe(0), SOON);
  });

  test('a handler may take longer than the group waits for a silent member (kafka)', async () => {
    const options = { prefix: 'patient', sessionTimeoutMs: 1_500, partitions: 2 };
    const log = await openAt(servers(), options);
    let attempts = 0;
    const consumption = consuming(log, {
      before: async () => {
        attempts++;
        if (attempts === 1) await pause(5_000);
      },
    });
    await log.append(blockOf(NOVEMBER, 'slow'));
    await vi.waitFor(() => expect(attempts).toBe(1), SOON);
    for (let n = 0; n < 5; n++) await log.append(blockOf(NOVEMBER, `${n}`));
    await vi.waitFor(() => expect(consumption.texts).toHaveLength(6), SOON);
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    expect(new Set(consumption.texts).size).toBe(6);
  });

  test('a batch in hand when another member joins is handled, committed and not lost (kafka)', async () => {
    const options = { prefix: 'joined', partitions: 2 };
    const [one, other] = [await openAt(servers(), options), await openAt(servers(), options)];
    const slow = { before: async () => pause(400) };
    const first = consuming(one, slow);
    for (let n = 0; n < 20; n++) await one.append(blockOf(NOVEMBER, `${n}`));
    await vi.waitFor(() => expect(first.texts.length).toBeGreaterThan(0), SOON);
    const second = consuming(other, slow);
    await vi.waitFor(() => expect(new Set([...first.texts, ...second.texts]).size).toBe(20), SOON);
    await vi.waitFor(async () => expect(await one.pending(GROUP, NOVEMBER)).toBe(0), SOON);
  });

  test('no more is fetched than is asked for while a handler works (kafka)', async () => {
    const log = await openAt(servers(), { prefix: 'pressed' });
    let letGo = () => {};
    const held = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    // Also when the test fails: a stop waits for the handler.
    opened.push({ close: async () => letGo() });
    const consumption = consuming(log, { before: () => held, maxBytes: 1_000_000 });
    await log.append(blockOf(NOVEMBER, 'first'));
    await pause(1_500);
    const before = heldBytes();
    for (let n = 0; n < 60; n++) await log.append(blockOf(NOVEMBER, canary().repeat(250), { reports: 100 }));
    await pause(2_000);
    // 60 MB were appended; one fetch of some 8 MB, and what it unpacks to, may have been made.
    expect(heldBytes() - before).toBeLessThan(40_000_000);
    letGo();
    await vi.waitFor(() => expect(consumption.texts).toHaveLength(61), SOON);
  });

  test('a period that another process destroyed does not come again, and the log goes on with others (kafka)', async () => {
    const options = { prefix: 'elsewhere' };
    const [ingest, aggregator, jobs] = [
      await openAt(servers(), options),
      await openAt(servers(), options),
      await openAt(servers(), options),
    ];
    let attempts = 0;
    const consumption = consuming(aggregator, {
      before: async ([block]) => {
        if (block!.period !== OCTOBER) return;
        attempts++;
        throw new Error('the store is down');
      },
    });
    await ingest.append(blockOf(OCTOBER, 'october'));
    await ingest.append(blockOf(NOVEMBER, 'november'));
    await vi.waitFor(() => expect(attempts).toBeGreaterThan(0), SOON);
    await jobs.destroy(OCTOBER);
    await ingest.append(blockOf(NOVEMBER, 'november again'));
    await ingest.append(blockOf(DECEMBER, 'december'));
    await vi.waitFor(() => expect(consumption.texts).toHaveLength(3), SOON);
    const before = attempts;
    await pause(2_000);
    expect(attempts).toBe(before);
    // The broker would create a topic for whoever asks for one.
    expect(await ingest.periods()).toEqual([NOVEMBER, DECEMBER]);
    expect(await aggregator.pending(GROUP, OCTOBER)).toBe(0);
  });
});

withKafka({ nodes: 1 }, (servers) => {
  test('while no broker is there an append fails SOON, and works again when one is (kafka)', async () => {
    const log = await openAt(servers(), { timeoutMs: 3_000 });
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'before')), SOON);
    const consumption = consuming(log);
    await vi.waitFor(() => expect(consumption.texts).toContain('before'), SOON);
    await servers().kill(0);
    for (let n = 0; n < 3; n++) {
      const begun = performance.now();
      await expect(log.append(blockOf(NOVEMBER, 'lost'))).rejects.toMatchObject({
        code: 'log-unavailable',
        retryable: true,
      });
      expect(performance.now() - begun).toBeLessThan(10 * 3_000);
    }
    await expect(log.check()).rejects.toMatchObject({ code: 'log-unavailable' });
    await servers().restart(0);
    await vi.waitFor(() => log.check(), SOON);
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'after')), SOON);
    await vi.waitFor(() => expect(consumption.texts).toContain('after'), SOON);
    await vi.waitFor(async () => expect(await log.pending(GROUP, NOVEMBER)).toBe(0), SOON);
  });

  test('a log opened while no broker is there works when one comes, and closes when none does (kafka)', async () => {
    await servers().kill(0);
    const [waits, gives] = [
      await openAt(servers(), { timeoutMs: 2_000 }),
      await openAt(servers(), { timeoutMs: 2_000 }),
    ];
    await expect(gives.append(blockOf(NOVEMBER, 'lost'))).rejects.toMatchObject({ code: 'log-unavailable' });
    const begun = performance.now();
    await gives.close();
    expect(performance.now() - begun).toBeLessThan(10 * 2_000);
    const consumption = consuming(waits);
    await servers().restart(0);
    await vi.waitFor(() => waits.append(blockOf(NOVEMBER, 'block')), SOON);
    await vi.waitFor(() => expect(consumption.texts).toContain('block'), SOON);
  });
});

test('a broker that takes connections and never answers does not hold an append (kafka)', async () => {
  const port = await freePort();
  const silent = await new Promise<Server>((resolve) => {
    const server = createServer((socket) => socket.on('error', () => {})).listen(port, '127.0.0.1', () =>
      resolve(server),
    );
  });
  const log = await openKafkaFactLog({ brokers: [`127.0.0.1:${port}`], ...quick, timeoutMs: 2_000 });
  const begun = performance.now();
  await expect(log.append(blockOf(NOVEMBER, 'block'))).rejects.toMatchObject({ code: 'log-unavailable' });
  await log.close();
  expect(performance.now() - begun).toBeLessThan(10 * 2 * 2_000);
  silent.close();
});

withKafka({ nodes: 3 }, (servers) => {
  test('a broker that dies and comes back costs nothing that was acknowledged (kafka, three nodes)', async () => {
    const options = { prefix: 'three', partitions: 3, replicationFactor: 3, timeoutMs: 5_000 };
    const [ingest, aggregator] = [await openAt(servers(), options), await openAt(servers(), options)];
    const consumption = consuming(aggregator);
    const acknowledged: string[] = [];
    let refused = 0;
    let longestMs = 0;
    let appending = true;
    const appender = async (name: number) => {
      for (let n = 0; appending; n++) {
        const text = `${name}/${n}`;
        const begun = performance.now();
        await ingest.append(blockOf(NOVEMBER, text)).then(
          () => acknowledged.push(text),
          () => refused++,
        );
        longestMs = Math.max(longestMs, performance.now() - begun);
        await pause(20);
      }
    };
    const appenders = [1, 2, 3, 4].map(appender);
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(50), SOON);
    await vi.waitFor(() => expect(consumption.texts.length).toBeGreaterThan(50), SOON);
    // The worst of the three: it leads partitions and also keeps the group's position.
    const victim = await coordinatorOf(servers());
    await servers().kill(victim);
    const atKill = acknowledged.length;
    await vi.waitFor(() => expect(acknowledged.length).toBeGreaterThan(atKill + 100), SOON);
    await servers().restart(victim);
    await pause(3_000);
    await vi.waitFor(() => ingest.check(), SOON);
    appending = false;
    await Promise.all(appenders);
    const handed = () => new Set(consumption.texts);
    const lost = () => acknowledged.filter((text) => !handed().has(text));
    await vi.waitFor(() => expect(lost().length).toBe(0), SOON);
    await vi.waitFor(async () => expect(await ingest.pending(GROUP, NOVEMBER)).toBe(0), SOON);
    expect(longestMs).toBeLessThan(10 * 5_000);
    await ingest.destroy(NOVEMBER);
    await vi.waitFor(async () => expect(await aggregator.periods()).toEqual([]), SOON);
  });

  test('an append resolves only when two brokers have it (kafka, three nodes)', async () => {
    const log = await openAt(servers(), { prefix: 'two', partitions: 1, replicationFactor: 3 });
    await vi.waitFor(() => log.append(blockOf(NOVEMBER, 'before')), SOON);
    await usingAdmin(servers(), async (admin) => {
      const { resources } = await admin.describeConfigs({
        includeSynonyms: false,
        resources: [
          { type: ConfigResourceTypes.TOPIC, name: 'two.facts.2026-11', configNames: ['min.insync.replicas'] },
        ],
      });
      expect(resources[0]!.configEntries[0]!.configValue).toBe('2');
    });
    const text = canary();
    await log.append(blockOf(NOVEMBER, text));
    const holders = servers().dataDirs.filter((dir) => tracesOf(text, [dir]).length > 0);
    expect(holders.length).toBeGreaterThanOrEqual(2);
  });
});

describe.skipIf(missing)(missing ?? 'with Kafka that asks for TLS and a password', () => {
  let servers: KafkaServers;
  let dir: string;
  let ca: string;
  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'rollcall-tls-'));
    const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
    const request = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert];
    execFileSync('openssl', [...request, ...subject], { stdio: 'ignore' });
    ca = readFileSync(cert, 'utf8');
    const inline = (pem: string) => pem.trim().replaceAll('\n', '\\n');
    const jaas =
      'org.apache.kafka.common.security.plain.PlainLoginModule required ' +
      'username="rollcall" password="sesame" user_rollcall="sesame";';
    servers = await startKafka({
      nodes: 1,
      settings: {
        'listener.security.protocol.map': 'PLAINTEXT:SASL_SSL,CONTROLLER:PLAINTEXT',
        'inter.broker.listener.name': 'PLAINTEXT',
        'sasl.enabled.mechanisms': 'PLAIN',
        'sasl.mechanism.inter.broker.protocol': 'PLAIN',
        'listener.name.plaintext.plain.sasl.jaas.config': jaas,
        'ssl.keystore.type': 'PEM',
        'ssl.keystore.certificate.chain': inline(ca),
        'ssl.keystore.key': inline(readFileSync(key, 'utf8')),
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': inline(ca),
      },
    });
  });
  afterAll(async () => {
    await servers?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  test('the log works over TLS with a password, and not with a wrong one (kafka)', async () => {
    const sasl = { mechanism: 'plain' as const, username: 'rollcall', password: 'sesame' };
    const log = await openAt(servers, { ssl: { ca: [ca] }, sasl });
    await log.append(blockOf(NOVEMBER, 'secret'));
    const consumption = consuming(log);
    await vi.waitFor(() => expect(consumption.texts).toEqual(['secret']), SOON);
    const stranger = await openAt(servers, { ssl: { ca: [ca] }, sasl: { ...sasl, password: 'guess' } });
    await expect(stranger.append(blockOf(NOVEMBER, 'x'))).rejects.toMatchObject({ code: 'log-unavailable' });
  });
});

const probe = ({ brokers }: KafkaServers) => new Kafka({ brokers, logLevel: logLevel.NOTHING });

async function usingAdmin(
  servers: KafkaServers,
  use: (admin: ReturnType<Kafka['admin']>) => Promise<void>,
): Promise<void> {
  const admin = probe(servers).admin();
  await admin.connect();
  await use(admin).finally(() => admin.disconnect());
}

/** Which node keeps the positions of all groups: our brokers have one partition for them. */
async function coordinatorOf(servers: KafkaServers): Promise<number> {
  let leader = 0;
  await usingAdmin(servers, async (admin) => {
    const { topics } = await admin.fetchTopicMetadata({ topics: ['__consumer_offsets'] });
    leader = topics[0]!.partitions[0]!.leader;
  });
  return leader - 1;
}

async function recordsOf(servers: KafkaServers, topic: string, count: number): Promise<KafkaMessage[]> {
  const consumer = probe(servers).consumer({ groupId: `probe-${prefixes++}`, maxWaitTimeInMs: 100 });
  const messages: KafkaMessage[] = [];
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ eachMessage: async ({ message }) => void messages.push(message) });
  await vi.waitFor(() => expect(messages.length).toBeGreaterThanOrEqual(count), SOON);
  await consumer.disconnect();
  return messages;
}
