import { execFile, spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packageRoot } from '../../../services/shared/package-root.ts';
import { freePorts } from '../free-port.ts';
import { PATIENCE_MS } from '../patience.ts';
import { canRun, ServerGroup, type ServerProcess } from '../server-process.ts';
import { PreparedKafka } from './prepared.ts';

const HERE = join(packageRoot(), 'test', 'support', 'kafka');
const POM = join(HERE, 'pom.xml');
const JARS = join(HERE, 'target', 'jars');
/** Any 16 bytes in base64url; brokers of one cluster must agree on it. */
const CLUSTER_ID = 'Um9sbGNhbGxUZXN0MDAwMA';
/** The least that starts fast: no second compiler tier, no concurrent collector. */
const JAVA = ['-Xms64m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1', '-XX:+ExitOnOutOfMemoryError'];

export interface KafkaOptions {
  /** 1 or 3. */
  readonly nodes: number;
  /** Further broker settings, or other values for the ones below. */
  readonly settings?: Readonly<Record<string, string>>;
  /** What node `i` has besides. */
  readonly settingsOf?: (i: number) => Readonly<Record<string, string>>;
  /** Makes the folders that the nodes' data is in, on disks of their own perhaps. */
  readonly makeDataDirs?: (directories: readonly string[]) => void;
}

export interface KafkaServers {
  /** `127.0.0.1:port`, one for each node. */
  readonly brokers: string[];
  readonly dataDirs: string[];
  /** Of the nodes' processes. */
  pids(): number[];
  /** Ends node `i` as a power cut would (kill -9), or by another signal. */
  kill(i: number, signal?: NodeJS.Signals): Promise<void>;
  /** Node `i` stands still (SIGSTOP), with its connections; and goes on. */
  pause(i: number): void;
  resume(i: number): void;
  /** Ends node `i` if it runs and starts it again, on its port and with its data. */
  restart(i: number): Promise<void>;
  /** Ends all nodes and removes their data. */
  stop(): Promise<void>;
}

/** Null when a broker can be started here, otherwise why not and the command that mends it. With CI=true it is run. */
export function kafkaAvailable(): string | null {
  if (!canRun('java', '-version')) return 'no java: apt-get install -y openjdk-17-jre-headless maven';
  if (jarsAreThere()) return null;
  if (!canRun('mvn', '-version')) return 'no maven: apt-get install -y maven';
  resolveJars(process.env.CI === 'true' ? [] : ['-o']);
  return jarsAreThere() ? null : 'no kafka jars: mvn -q -B -f test/support/kafka/pom.xml dependency:copy-dependencies';
}

const VERSION = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>([^<]+)</.exec(readFileSync(POM, 'utf8'))?.[1];
const prepared = new PreparedKafka(join(HERE, 'target', `prepared-${VERSION}`), prepare);

function jarsAreThere(): boolean {
  return existsSync(join(JARS, `kafka_2.13-${VERSION}.jar`));
}

/** Into a folder of its own and then renamed: several test files may come here at once. */
function resolveJars(mode: string[]): void {
  const fresh = `${JARS}.${process.pid}`;
  const args = [...mode, '-q', '-B', '-f', POM, 'dependency:copy-dependencies', `-Djars=${fresh}`];
  const { status } = spawnSync('mvn', args, { stdio: 'ignore', timeout: 300_000 });
  if (status === 0 && !jarsAreThere()) {
    rmSync(JARS, { recursive: true, force: true });
    try {
      renameSync(fresh, JARS);
    } catch {
      // Another process was first.
    }
  }
  rmSync(fresh, { recursive: true, force: true });
}

/** A cluster of real brokers in KRaft combined mode, on free ports of 127.0.0.1, with data in a temporary folder. */
export async function startKafka({ nodes, settings = {}, ...options }: KafkaOptions): Promise<KafkaServers> {
  const group = new ServerGroup('kafka');
  try {
    const ports = await freePorts(nodes * 2);
    const brokerPorts = ports.slice(0, nodes);
    const controllerPorts = ports.slice(nodes);
    const dataDirs = brokerPorts.map((_, i) => join(group.dir, `node-${i + 1}`));
    writeFileSync(logConfig(group.dir), LOG4J);
    options.makeDataDirs?.(dataDirs);
    dataDirs.forEach((dir, i) => {
      const own = { ...settings, ...options.settingsOf?.(i) };
      writeFileSync(configFile(group.dir, i), nodeConfig({ i, dir, brokerPorts, controllerPorts, settings: own }));
    });
    await prepared.ready();
    dataDirs.forEach((dir, i) => {
      prepared.format(dir, i + 1, CLUSTER_ID);
    });
    const running = await Promise.all(dataDirs.map((_, i) => startNode(group, i)));
    return {
      brokers: brokerPorts.map((port) => `127.0.0.1:${port}`),
      dataDirs,
      pids: () => running.map(({ pid }) => pid),
      kill: (i, signal) => at(running, i).kill(signal),
      pause: (i) => void process.kill(at(running, i).pid, 'SIGSTOP'),
      resume: (i) => void process.kill(at(running, i).pid, 'SIGCONT'),
      restart: async (i) => {
        await at(running, i).kill();
        running[i] = await startNode(group, i);
      },
      stop: () => group.stop(),
    };
  } catch (failure) {
    await group.stop();
    throw failure;
  }
}

function at(running: ServerProcess[], i: number): ServerProcess {
  const server = running[i];
  if (!server) throw new RangeError(`no node ${i}`);
  return server;
}

const configFile = (dir: string, i: number) => join(dir, `node-${i + 1}.properties`);
const logConfig = (dir: string) => join(dir, 'log4j2.properties');

/** One node is formatted, started and ended, for its folder and its classes. */
async function prepare(dir: string): Promise<void> {
  const group = new ServerGroup('kafka-prepared');
  try {
    const [broker, controller] = await freePorts(2);
    const data = join(group.dir, 'node-1');
    writeFileSync(logConfig(group.dir), LOG4J);
    const node = { i: 0, dir: data, brokerPorts: [broker ?? 0], controllerPorts: [controller ?? 0], settings: {} };
    writeFileSync(configFile(group.dir, 0), nodeConfig(node));
    const format = ['format', '--cluster-id', CLUSTER_ID, '--config', configFile(group.dir, 0)];
    await promisify(execFile)('java', javaArgs(group.dir, [], 'kafka.tools.StorageTool', format));
    cpSync(data, join(dir, 'formatted'), { recursive: true });
    const server = await startNode(group, 0, [`-XX:ArchiveClassesAtExit=${join(dir, 'classes.jsa')}`]);
    await server.kill('SIGTERM');
  } finally {
    await group.stop();
  }
}

function startNode(group: ServerGroup, i: number, options = prepared.javaOptions): Promise<ServerProcess> {
  const args = javaArgs(group.dir, options, 'kafka.Kafka', [configFile(group.dir, i)]);
  return group.start('java', args, /Kafka Server started/, PATIENCE_MS);
}

function javaArgs(dir: string, options: readonly string[], main: string, args: readonly string[]): string[] {
  return [...JAVA, ...options, `-Dlog4j2.configurationFile=${logConfig(dir)}`, '-cp', `${JARS}/*`, main, ...args];
}

/** Warnings, and the one line that says a node is ready. */
const LOG4J = `
rootLogger.level = warn
rootLogger.appenderRef.out.ref = out
logger.server.name = kafka.server
logger.server.level = info
appender.out.type = Console
appender.out.name = out
appender.out.layout.type = PatternLayout
appender.out.layout.pattern = [%d] %p %m (%c)%n
`;

interface Node {
  readonly i: number;
  readonly dir: string;
  readonly brokerPorts: readonly number[];
  readonly controllerPorts: readonly number[];
  readonly settings: Readonly<Record<string, string>>;
}

function nodeConfig({ i, dir, brokerPorts, controllerPorts, settings }: Node): string {
  const replicas = String(brokerPorts.length);
  const config: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': String(i + 1),
    'controller.quorum.voters': controllerPorts.map((port, n) => `${n + 1}@127.0.0.1:${port}`).join(','),
    listeners: `PLAINTEXT://127.0.0.1:${brokerPorts[i]},CONTROLLER://127.0.0.1:${controllerPorts[i]}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${brokerPorts[i]}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    'log.dirs': dir,
    'num.partitions': '1',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': replicas,
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': '1',
    'num.network.threads': '2',
    'num.io.threads': '4',
    'background.threads': '2',
    // By default 128 MB, filled with zeros at each start.
    'log.cleaner.dedupe.buffer.size': '2097152',
    // A node that is not known to the controllers after a minute ends by itself: a busy machine may take longer.
    'initial.broker.registration.timeout.ms': String(PATIENCE_MS),
    // What takes minutes on a real broker takes a moment here.
    'group.initial.rebalance.delay.ms': '0',
    'group.min.session.timeout.ms': '1000',
    'log.initial.task.delay.ms': '500',
    'log.retention.check.interval.ms': '500',
    'log.segment.delete.delay.ms': '200',
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...settings,
  };
  return `${Object.entries(config)
    .map(([key, value]) => `${key}=${value}`)
    .join('\n')}\n`;
}
