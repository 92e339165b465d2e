import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import * as z from 'zod';
import { LEAST_THRESHOLD, MOST_DEVICES } from '../../schemas/cube.ts';
import { MAX_COUNT } from '../../schemas/report.ts';
import type { MonthKeysOptions } from './month-keys.ts';
import { NO_POPULAR, type PopularNetworks, parsePopularNetworks } from './popular-networks.ts';
import { isServerUrl, SERVER_URL_FAULT } from './server-url.ts';
import {
  ConfigError,
  type Environment,
  printed,
  readSettings,
  type Setting,
  setting,
  url,
  type ValuesOf,
  wholeNumber,
} from './setting.ts';
import {
  brokersOf,
  type JobsTarget,
  jobsTarget,
  type KafkaSettings,
  type LogTarget,
  logTarget,
  type StoreTarget,
  storeTarget,
} from './targets.ts';
import { NO_PROXIES, parseTrustedProxies, type TrustedProxies } from './trusted-proxies.ts';

const BROKERS_FAULT =
  'expected brokers such as kafka://one:9092,[::1]:9092; who signs in sets ROLLCALL_KAFKA_USERNAME and _PASSWORD';

const text = z.string().min(1);
const MB = 1024 * 1024;
/** Of OpenTelemetry's exporter, which nothing else has. */
export const DEFAULT_METRICS_PORT = 9464;

/** Settings that services have as they are. */
const PLAIN = {
  port: setting('PORT', wholeNumber(8080, 0, 65_535), 'The port of HTTP. 0: any that is free.'),
  host: setting('HOST', text.default('127.0.0.1'), 'The address that HTTP is served at.'),
  dataDirectory: setting('ROLLCALL_DATA_DIR', text.default('./data'), 'Everything embedded lives below it.'),
  adminKey: setting(
    'ROLLCALL_ADMIN_KEY',
    z
      .string()
      .max(256)
      .regex(/^[\x21-\x7e]+$/, 'expected printable characters without blanks')
      .optional(),
    "The first admin's access key, best of 16 characters or more. Unset: a start writes one below the data directory.",
    { secret: 'whole', unset: 'not set' },
  ),
  threshold: setting(
    'ROLLCALL_THRESHOLD',
    wholeNumber(10, LEAST_THRESHOLD, 1_000_000),
    `A cell of fewer sites is shown to nobody. At least ${LEAST_THRESHOLD}.`,
  ),
  snapshotSeconds: setting(
    'ROLLCALL_SNAPSHOT_SECONDS',
    wholeNumber(3600, 1, 86_400),
    'Seconds between two counts of what arrived.',
  ),
  mergePercent: setting(
    'ROLLCALL_MERGE_PERCENT',
    wholeNumber(4, 4, 50),
    'Of the time, that merging facts may have. More: a copy of the store shows for less long which facts arrived together.',
  ),
  provisional: setting(
    'ROLLCALL_PROVISIONAL',
    z.enum(['guarded', 'exact']).default('guarded'),
    'guarded: every change of a number of an open month rests on a threshold of sites. exact: tests and labs.',
  ),
  flushMs: setting(
    'ROLLCALL_FLUSH_MS',
    wholeNumber(5, 0, 10_000),
    'How long a report waits for others to be mixed with, in milliseconds.',
  ),
  ingestProcesses: setting(
    'ROLLCALL_INGEST_PROCESSES',
    wholeNumber(1, 1, 64),
    'rollcall ingest with Kafka and a ClickHouse server: as many processes behind its port, best as many as cores.',
  ),
  metricsPort: setting(
    'ROLLCALL_METRICS_PORT',
    wholeNumber(DEFAULT_METRICS_PORT, 0, 65_535),
    'The port of /metrics, which is on no other. 0: there are none.',
  ),
  metricsHost: setting(
    'ROLLCALL_METRICS_HOST',
    text.default('127.0.0.1'),
    'The address that /metrics is served at. Where other machines reach it, a key of scope metrics is asked for.',
  ),
  mostDevices: setting(
    'ROLLCALL_MOST_DEVICES',
    wholeNumber(MOST_DEVICES, 10, MAX_COUNT),
    'Devices of one model that a site counts for at most, and the noise of devices while a month is open.',
  ),
  reportsPerMinute: setting(
    'ROLLCALL_REPORTS_PER_MINUTE',
    wholeNumber(600, 0, 1_000_000),
    'Reports a minute of one network (/24, /48); beyond it 429. 0: no limit.',
  ),
  newTokens: setting(
    'ROLLCALL_NEW_TOKENS',
    wholeNumber(250, 0, 1_000_000),
    'New sites a week of one network (/24, /48), and half as many again in a month, each drawn by a fifth; beyond it 429. 0: no limit.',
  ),
  readsPerMinute: setting(
    'ROLLCALL_READS_PER_MINUTE',
    wholeNumber(30_000, 0, 1_000_000),
    'Requests a minute of one access key; beyond it 429. 0: no limit.',
  ),
  connectionsPerAddress: setting(
    'ROLLCALL_CONNECTIONS_PER_ADDRESS',
    wholeNumber(1_000, 0, 1_000_000),
    'Open connections of one address that is no trusted proxy; beyond it 429. 0: no limit.',
  ),
  tracesUrl: setting(
    'ROLLCALL_TRACES_URL',
    url(/^https?:\/\/./, 'http(s)://HOST:4318/v1/traces', (given) =>
      isServerUrl(given) ? undefined : SERVER_URL_FAULT,
    ),
    'An OTLP/HTTP collector that is sent traces of blocks of reports, never of one report. Unset: none are made.',
    { secret: 'inside', unset: 'none' },
  ),
  signingKeyFile: setting(
    'ROLLCALL_SIGNING_KEY_FILE',
    text.optional(),
    'The Ed25519 key that releases are signed with (PKCS8), made when it is not there. Unset: below the data directory.',
    { unset: 'in the data directory' },
  ),
  keyPublishedAt: setting(
    'ROLLCALL_KEY_PUBLISHED_AT',
    z
      .string()
      .max(300)
      .regex(/^[ -~]+$/, 'expected one line')
      .default('/v1/signing-key of the publisher'),
    'Where manufacturers find the fingerprint of the signing key, such as https://example.org/keys: stands in every release.',
  ),
  publicUrl: setting(
    'ROLLCALL_PUBLIC_URL',
    z
      .string()
      .regex(/^https?:\/\/[A-Za-z0-9.[\]:-]+$/, 'expected such as https://census.example.org')
      .optional(),
    'Where browsers reach this installation, such as https://census.example.org: an identity provider sends them back there.',
    { unset: 'not set' },
  ),
  publicPage: setting(
    'ROLLCALL_PUBLIC_PAGE',
    z
      .enum(['off', 'on'])
      .default('off')
      .transform((page) => page === 'on'),
    'on: /public, /v1/public-release and /public/badge.svg show everybody what was released to a party called public.',
  ),
  oidcIssuer: setting(
    'ROLLCALL_OIDC_ISSUER',
    z
      .string()
      .regex(/^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost)\b)\S+$/, 'expected https://…')
      .optional(),
    'An OpenID Connect provider that people sign in with. Unset: keys and links only.',
    { unset: 'not set' },
  ),
  oidcClientId: setting('ROLLCALL_OIDC_CLIENT_ID', text.optional(), 'What the provider knows this installation by.', {
    unset: 'not set',
  }),
  oidcClientSecret: setting(
    'ROLLCALL_OIDC_CLIENT_SECRET',
    text.optional(),
    "The provider's secret for it. Unset: a public client, proved by its code challenge.",
    { secret: 'whole', unset: 'not set' },
  ),
  oidcClaim: setting(
    'ROLLCALL_OIDC_CLAIM',
    text.default('roles'),
    'The claim that says what somebody may do. Dots lead into objects, as in realm_access.roles.',
  ),
  oidcScopes: setting(
    'ROLLCALL_OIDC_SCOPES',
    text.default('rollcall-reader=reader,rollcall-curator=curator,rollcall-releaser=releaser,rollcall-admin=admin'),
    'What each word of the claim opens: WORD=SCOPE,… Whoever has none of them is not let in.',
  ),
  oidcAsk: setting('ROLLCALL_OIDC_ASK', text.default('openid profile'), 'What the provider is asked for.'),
  webhookLab: setting(
    'ROLLCALL_WEBHOOKS',
    z
      .enum(['public', 'lab'])
      .default('public')
      .transform((where) => where === 'lab'),
    'public: parties are called at public https addresses. lab: also at http to this machine itself.',
  ),
  failAt: setting(
    'ROLLCALL_FAIL_AT',
    z
      .string()
      .regex(/^[A-Z]+:[a-z]+$/, 'expected a point of a close such as FROZEN:done')
      .optional(),
    'For tests: a close ends its process by SIGKILL at this point, such as FROZEN:done.',
  ),
};

/** Settings that become something else: see {@link loadConfig}. */
const RAW = {
  logUrl: setting(
    'ROLLCALL_LOG_URL',
    url(/^(lmdb:|kafka:\/\/)./, 'lmdb:PATH or kafka://HOST:PORT,…', (given) =>
      given.startsWith('lmdb:') || brokersOf(given) ? undefined : BROKERS_FAULT,
    ),
    'The log of facts: lmdb:PATH or kafka://HOST:PORT,… Unset: lmdb below the data directory.',
    { secret: 'inside' },
  ),
  storeUrl: setting(
    'ROLLCALL_STORE_URL',
    url(/^(chdb:|https?:\/\/)./, 'chdb:PATH or http(s)://…', (given) =>
      given.startsWith('chdb:') || isServerUrl(given) ? undefined : SERVER_URL_FAULT,
    ),
    'The counts: chdb:PATH or http(s)://USER:PASSWORD@HOST:8123/DATABASE. Unset: chdb below the data directory.',
    { secret: 'inside' },
  ),
  storeCluster: setting(
    'ROLLCALL_STORE_CLUSTER',
    z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the name of a cluster')
      .optional(),
    'A ClickHouse cluster of one shard, by its name there: tables are replicated and made on all of it. Unset: one server.',
    { unset: 'none' },
  ),
  jobsUrl: setting(
    'ROLLCALL_JOBS_URL',
    url(/^(memory:|rediss?:\/\/.)/, 'memory: or redis://…', (given) =>
      given.startsWith('memory:') || isServerUrl(given) ? undefined : SERVER_URL_FAULT,
    ),
    'The jobs: memory: (in the process) or redis://USER:PASSWORD@HOST:6379. Unset: memory:',
    { secret: 'inside' },
  ),
  logMaxBytes: setting(
    'ROLLCALL_LOG_MAX_MB',
    wholeNumber(1024, 1, 1_000_000).transform((megabytes) => megabytes * MB),
    'Megabytes of facts that may wait in the embedded log; beyond it reports are answered 503.',
  ),
  trustedProxies: setting(
    'ROLLCALL_TRUSTED_PROXIES',
    z
      .string()
      .refine((given) => parseTrustedProxies(given), 'expected a number of proxies, or networks such as 10.0.0.0/8,::1')
      .default(''),
    'Proxies whose X-Forwarded-For and -Proto are believed: how many, or their networks. Unset: none.',
  ),
  popularNetworks: setting(
    'ROLLCALL_POPULAR_NETWORKS',
    z
      .string()
      .refine(
        (given) => parsePopularNetworks(given),
        'expected networks such as 203.0.113.0/24=2000,2001:db8::/32=9000',
      )
      .default(''),
    'Networks with more new sites a month than that, each with its number: 203.0.113.0/24=2000,2001:db8::/32=9000.',
  ),
  monthKeyDirectory: setting(
    'ROLLCALL_MONTH_KEY_DIR',
    text.optional(),
    "Where each month's key is, on a memory file system and outside the data directory. Unset: beside what a runtime has.",
    { unset: 'in memory' },
  ),
  monthSecret: setting(
    'ROLLCALL_MONTH_SECRET',
    z.string().min(32).max(256).optional(),
    'What month keys are made from where ingest and jobs share no directory: the same for both, 32 characters or more.',
    { secret: 'whole', unset: 'not set' },
  ),
  kafkaPartitions: setting(
    'ROLLCALL_KAFKA_PARTITIONS',
    wholeNumber(6, 1, 1_000),
    'Kafka only: the partitions of a new month.',
  ),
  kafkaReplication: setting(
    'ROLLCALL_KAFKA_REPLICATION',
    wholeNumber(1, 1, 7),
    'Kafka only: the brokers that hold each record.',
  ),
  kafkaCompression: setting(
    'ROLLCALL_KAFKA_COMPRESSION',
    z.enum(['none', 'gzip']).default('none'),
    'Kafka only: gzip sends a third of the bytes, and costs ingest about half again as much CPU.',
  ),
  kafkaTls: setting(
    'ROLLCALL_KAFKA_TLS',
    z
      .enum(['off', 'on'])
      .default('off')
      .transform((tls) => tls === 'on'),
    'Kafka only: on for TLS to the brokers.',
  ),
  kafkaTlsCa: setting(
    'ROLLCALL_KAFKA_TLS_CA',
    text.optional(),
    "Kafka only: a file with the certificates that brokers are checked against. Unset: the system's.",
    { printable: false },
  ),
  kafkaSasl: setting(
    'ROLLCALL_KAFKA_SASL',
    z.enum(['off', 'plain', 'scram-sha-256', 'scram-sha-512']).default('off'),
    'Kafka only: how to sign in to the brokers.',
  ),
  kafkaUsername: setting('ROLLCALL_KAFKA_USERNAME', text.optional(), 'Kafka only: the name to sign in with.', {
    printable: false,
  }),
  kafkaPassword: setting('ROLLCALL_KAFKA_PASSWORD', text.optional(), 'Kafka only: the password to sign in with.', {
    ...{ printable: false, secret: 'whole' },
  }),
};

/** Every setting, once. Names that begin with `ROLLCALL_` and are not here are refused. */
const SETTINGS = { ...PLAIN, ...RAW };

/** For whoever lists them: in the documentation, in a diagnosis. */
export const SETTING_LIST: readonly Setting[] = Object.values(SETTINGS);
export const SETTING_NAMES: readonly string[] = SETTING_LIST.map(({ name }) => name);

export type Config = ValuesOf<typeof PLAIN> & {
  readonly log: LogTarget;
  readonly store: StoreTarget;
  readonly jobs: JobsTarget;
  readonly trustedProxies: TrustedProxies;
  readonly popularNetworks: PopularNetworks;
  readonly monthKeys: MonthKeysOptions;
};

/** A key shorter than this can be guessed: it is taken, and warned of. */
export const SAFE_KEY_LENGTH = 16;

/** Throws {@link ConfigError} that names every setting at fault. An empty value counts as not set. */
export function loadConfig(env: Environment): Config {
  const settings = completed(env);
  const plain = Object.fromEntries(Object.keys(PLAIN).map((key) => [key, settings[key as keyof typeof PLAIN]]));
  return {
    ...(plain as ValuesOf<typeof PLAIN>),
    log: logTarget(settings.logUrl, settings.logMaxBytes, kafkaSettings(settings)),
    store: storeTarget(settings.storeUrl, settings.storeCluster),
    jobs: jobsTarget(settings.jobsUrl),
    trustedProxies: parseTrustedProxies(settings.trustedProxies) ?? NO_PROXIES,
    popularNetworks: parsePopularNetworks(settings.popularNetworks) ?? NO_POPULAR,
    monthKeys: monthKeys(settings, env),
  };
}

/** The configuration as it may be printed: secrets and passwords in URLs blanked. */
export function printableConfig(env: Environment): Readonly<Record<string, string | number | boolean>> {
  return printed(SETTINGS, completed(env));
}

/** With the defaults that follow from other settings. */
function completed(env: Environment) {
  const settings = readSettings(SETTINGS, env);
  const { dataDirectory, logUrl, storeUrl, jobsUrl } = settings;
  return {
    ...settings,
    logUrl: logUrl ?? `lmdb:${join(dataDirectory, 'log')}`,
    storeUrl: storeUrl ?? `chdb:${join(dataDirectory, 'store')}`,
    jobsUrl: jobsUrl ?? 'memory:',
  };
}

/**
 * A directory that was chosen holds one installation's keys. The default one may hold several: it is where a runtime
 * keeps what is in memory (systemd's, the user's, /dev/shm), and the data directory's path tells them apart.
 */
function monthKeys(
  { monthKeyDirectory, monthSecret, dataDirectory }: ValuesOf<typeof RAW & typeof PLAIN>,
  env: Environment,
): MonthKeysOptions {
  const data = resolve(dataDirectory);
  const chosen = monthKeyDirectory ?? join(runtimeDirectory(env), 'month-keys');
  if (!relative(data, resolve(chosen)).startsWith('..'))
    throw new ConfigError(['ROLLCALL_MONTH_KEY_DIR: not below ROLLCALL_DATA_DIR, which is copied for backups']);
  const prefix =
    monthKeyDirectory === undefined ? `${createHash('sha256').update(data).digest('hex').slice(0, 16)}-` : '';
  return { directory: chosen, prefix, secret: monthSecret };
}

function runtimeDirectory(env: Environment): string {
  const { RUNTIME_DIRECTORY: ofUnit, XDG_RUNTIME_DIR: ofUser } = env;
  const [unit] = (ofUnit ?? '').split(':');
  if (unit) return unit;
  if (ofUser) return join(ofUser, 'rollcall');
  return join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), `rollcall-${process.getuid?.() ?? 0}`);
}

function kafkaSettings(settings: ValuesOf<typeof RAW>): KafkaSettings {
  const { kafkaSasl: mechanism, kafkaUsername: username, kafkaPassword: password } = settings;
  const shared = {
    partitions: settings.kafkaPartitions,
    replication: settings.kafkaReplication,
    compression: settings.kafkaCompression,
    tls: settings.kafkaTls ? { caFile: settings.kafkaTlsCa } : undefined,
  };
  if (mechanism === 'off') return { ...shared, sasl: undefined };
  if (username === undefined || password === undefined)
    throw new ConfigError(['ROLLCALL_KAFKA_SASL needs ROLLCALL_KAFKA_USERNAME and ROLLCALL_KAFKA_PASSWORD']);
  return { ...shared, sasl: { mechanism, username, password } };
}
