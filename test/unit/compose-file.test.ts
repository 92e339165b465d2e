import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../services/shared/config.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: unknown;
  readonly image?: string;
  readonly ulimits?: { readonly core?: number };
  readonly mem_limit?: string;
  readonly memswap_limit?: string;
  readonly depends_on?: Record<string, unknown>;
  readonly volumes?: readonly string[];
  readonly networks?: readonly string[];
}

const text = readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8');
const { services, volumes, networks } = parse(text, { merge: true }) as {
  networks: Record<string, { readonly internal?: boolean }>;
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const ours = Object.entries(services).filter(([, service]) => service.image?.startsWith('rollcall:'));

/** As docker compose reads `${NAME:-default}` when nothing is set, and `${NAME:?why}` when it is. */
const withDefaults = (environment: Record<string, string> = {}) =>
  Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, asRead(value)]));

function asRead(value: unknown): string {
  return String(value)
    .replace(/\$\{\w+:-([^}]*)\}/g, '$1')
    .replace(/\$\{\w+:\?[^}]*\}/g, 'a'.repeat(48));
}

test.each(ours)('the environment of %s loads as a configuration', (_name, service) => {
  expect(() => loadConfig(withDefaults(service.environment))).not.toThrow();
});

test('only ingest, api and the embedded container are published', () => {
  const published = Object.entries(services).filter(([, service]) => service.ports !== undefined);
  expect(published.map(([name]) => name).sort()).toEqual(['api', 'embedded', 'ingest']);
});

test('what is published is published on this machine alone', () => {
  for (const [name, { ports = [] }] of Object.entries(services))
    for (const port of ports) expect(asRead(port), name).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
});

test('Redis writes no file: it would say when requests of a network came, long after the numbers are gone', () => {
  const command = services.redis?.command as unknown as string[];
  expect(command.slice(1, 5)).toEqual(['--appendonly', 'no', '--save', '']);
  expect(services.redis).not.toHaveProperty('volumes');
});

test('no password has a default, and every server that can ask for one does', () => {
  for (const name of ['ROLLCALL_ADMIN_KEY', 'CLICKHOUSE_PASSWORD', 'REDIS_PASSWORD']) {
    const uses = text.match(new RegExp(`\\$\\{${name}\\W`, 'g')) ?? [];
    expect(uses.length, name).toBeGreaterThan(0);
    expect(text.match(new RegExp(`\\$\\{${name}:\\?`, 'g')), name).toHaveLength(uses.length);
  }
  expect(services.redis?.command).toContain('--requirepass');
  for (const [, { environment }] of ours) {
    const { jobs } = loadConfig(withDefaults(environment));
    if (jobs.kind === 'redis') expect(new URL(jobs.url).password).not.toBe('');
  }
});

test('the admin key is given to whoever asks for keys, and to nobody else', () => {
  const having = ours.filter(([, { environment }]) => environment?.ROLLCALL_ADMIN_KEY !== undefined);
  expect(having.map(([name]) => name).sort()).toEqual(['api', 'embedded']);
});

test('images of others are pinned to a version, and their servers are reached by nobody outside', () => {
  const others = Object.entries(services).filter(([, { image }]) => !image?.startsWith('rollcall:'));
  expect(others.length).toBeGreaterThan(0);
  for (const [name, { image, networks: joined = [], ports }] of others) {
    expect(image, name).toMatch(/:\d+\.\d+\.\d+[\w.-]*$|@sha256:[0-9a-f]{64}$/);
    expect(ports, name).toBeUndefined();
    expect(joined.length, name).toBeGreaterThan(0);
    for (const network of joined) expect(networks[network]?.internal, name).toBe(true);
  }
});

test('every service has a health check, a restart or a profile, and volumes that are declared', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(service.healthcheck, name).toBeDefined();
    for (const volume of service.volumes ?? []) expect(volumes).toHaveProperty([volume.split(':')[0] as string]);
    for (const dependency of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty([dependency]);
  }
});

test.each(ours)('what %s has in memory goes to no disk: no core dump, no swap', (_name, service) => {
  expect(service.ulimits?.core).toBe(0);
  expect(service.mem_limit).toBeDefined();
  // Docker: memory and swap together. As much as the memory alone means no swap.
  expect(service.memswap_limit).toBe(service.mem_limit);
});

test('the metrics of a service are reached from outside its container by nobody', () => {
  for (const [name, { environment, ports = [] }] of ours) {
    expect(loadConfig(withDefaults(environment)).metricsHost, name).toBe('127.0.0.1');
    expect(
      ports.filter((port) => port.includes('9464')),
      name,
    ).toEqual([]);
  }
  expect(readFileSync(join(packageRoot(), 'Dockerfile'), 'utf8')).not.toContain('METRICS');
});

test('the systemd unit allows neither core dumps nor swap', () => {
  const unit = readFileSync(join(packageRoot(), 'services/cli/packaging/rollcall.service'), 'utf8').split('\n');
  expect(unit).toEqual(expect.arrayContaining(['LimitCORE=0', 'MemorySwapMax=0', 'MemoryZSwapMax=0']));
});

test('the keys of open months are in memory, of ingest and jobs in the same place, and of systemd kept over a restart', () => {
  const shared = ['ingest', 'jobs', 'embedded'].map((name) => {
    const { environment, volumes: mounts = [] } = services[name] as Service;
    const { directory, prefix } = loadConfig(withDefaults(environment)).monthKeys;
    return { prefix, volume: mounts.find((one) => one.split(':')[1] === directory)?.split(':')[0] };
  });
  expect(shared).toEqual(Array(3).fill({ prefix: '', volume: 'months' }));
  expect(volumes.months).toMatchObject({ driver_opts: { type: 'tmpfs', device: 'tmpfs' } });
  const unit = readFileSync(join(packageRoot(), 'services/cli/packaging/rollcall.service'), 'utf8').split('\n');
  expect(unit).toEqual(expect.arrayContaining(['RuntimeDirectory=rollcall', 'RuntimeDirectoryPreserve=yes']));
});

test('each role of the product has a service', () => {
  const commands = ours.map(([, service]) => service.command?.[0]);
  expect(commands.sort()).toEqual(['aggregate', 'api', 'ingest', 'jobs', 'start']);
});

test('jobs, which signs, and api, which publishes the public key, have one signing key on one volume', () => {
  const places = ['jobs', 'api'].map((name) => signingKeyOf(services[name] as Service));
  expect(places[0]).toMatchObject({ volume: 'keys', file: '/keys/signing-key.pem' });
  expect(places[1]).toEqual(places[0]);
  expect(volumes).toHaveProperty(['keys']);
  // The embedded service has it in its data directory, which is on a volume.
  expect(signingKeyOf(services.embedded as Service).file).toBeUndefined();
});

test('the user of the image may write where the signing key is', () => {
  const dockerfile = readFileSync(join(packageRoot(), 'Dockerfile'), 'utf8');
  const folder = dirname(signingKeyOf(services.jobs as Service).file as string);
  const user = /^USER (\S+)$/m.exec(dockerfile)?.[1];
  const made = dockerfile.split('\n').filter((line) => line.startsWith('RUN mkdir '));
  const owned = made.flatMap((line) => new RegExp(`chown ${user}:${user} ([^&]+)`).exec(line)?.[1]?.split(/\s+/) ?? []);
  expect(owned).toContain(folder);
});

/** Where a service has its signing key, and the volume that is mounted there. */
function signingKeyOf({ environment, volumes: mounts = [] }: Service) {
  const file = loadConfig(withDefaults(environment)).signingKeyFile;
  const mount = mounts.find((one) => file !== undefined && dirname(file) === one.split(':')[1]);
  return { file, volume: mount?.split(':')[0] };
}
