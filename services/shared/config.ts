import { join } from 'node:path';
import * as z from 'zod';
import { LEAST_THRESHOLD } from '../../schemas/cube.ts';

const wholeNumber = (fallback: number, min: number, max: number) =>
  z
    .string()
    .regex(/^[0-9]{1,9}$/, 'expected a whole number')
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(fallback);

const url = (pattern: RegExp, forms: string) => z.string().regex(pattern, `expected ${forms}`).optional();

/** Every setting, its form and its default. Names that begin with `ROLLCALL_` and are not here are refused. */
const Settings = z.object({
  PORT: wholeNumber(8080, 0, 65_535),
  HOST: z.string().min(1).default('127.0.0.1'),
  ROLLCALL_DATA_DIR: z.string().min(1).default('./data'),
  ROLLCALL_LOG_URL: url(/^(lmdb:|kafka:\/\/)./, 'lmdb:PATH or kafka://HOST:PORT,…'),
  ROLLCALL_STORE_URL: url(/^(chdb:|https?:\/\/)./, 'chdb:PATH or http(s)://…'),
  ROLLCALL_JOBS_URL: url(/^(memory:|rediss?:\/\/.)/, 'memory: or redis://…'),
  ROLLCALL_ADMIN_KEY: z.string().min(16, 'expected at least 16 characters').max(256).optional(),
  ROLLCALL_THRESHOLD: wholeNumber(10, LEAST_THRESHOLD, 1_000_000),
  ROLLCALL_SNAPSHOT_SECONDS: wholeNumber(3600, 1, 86_400),
  ROLLCALL_PROVISIONAL: z.enum(['guarded', 'exact']).default('guarded'),
  ROLLCALL_FLUSH_MS: wholeNumber(5, 0, 10_000),
  ROLLCALL_LOG_MAX_MB: wholeNumber(1024, 1, 1_000_000),
  ROLLCALL_METRICS_PORT: wholeNumber(0, 0, 65_535),
});

export interface Config {
  readonly port: number;
  readonly host: string;
  readonly dataDirectory: string;
  readonly logUrl: string;
  readonly storeUrl: string;
  readonly jobsUrl: string;
  readonly adminKey: string | undefined;
  readonly threshold: number;
  readonly snapshotSeconds: number;
  readonly provisional: 'guarded' | 'exact';
  readonly flushMs: number;
  readonly logMaxBytes: number;
  /** 0: metrics are served on the main port. */
  readonly metricsPort: number;
}

/** What is wrong with the environment, by name. A secret's value is never repeated. */
export class ConfigError extends Error {
  constructor(problems: readonly string[]) {
    super(`configuration: ${problems.join('; ')}`);
    this.name = 'ConfigError';
  }
}

/** Throws {@link ConfigError} that names every setting at fault. An empty value counts as not set. */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const unknown = Object.keys(given).filter((name) => name.startsWith('ROLLCALL_') && !(name in Settings.shape));
  const parsed = Settings.safeParse(given);
  const problems = [
    ...unknown.map((name) => `${name} is not a setting`),
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')}: ${issue.message}`),
  ];
  if (!parsed.success || problems.length > 0) throw new ConfigError(problems);
  const settings = parsed.data;
  const directory = settings.ROLLCALL_DATA_DIR;
  return {
    port: settings.PORT,
    host: settings.HOST,
    dataDirectory: directory,
    logUrl: settings.ROLLCALL_LOG_URL ?? `lmdb:${join(directory, 'log')}`,
    storeUrl: settings.ROLLCALL_STORE_URL ?? `chdb:${join(directory, 'store')}`,
    jobsUrl: settings.ROLLCALL_JOBS_URL ?? 'memory:',
    adminKey: settings.ROLLCALL_ADMIN_KEY,
    threshold: settings.ROLLCALL_THRESHOLD,
    snapshotSeconds: settings.ROLLCALL_SNAPSHOT_SECONDS,
    provisional: settings.ROLLCALL_PROVISIONAL,
    flushMs: settings.ROLLCALL_FLUSH_MS,
    logMaxBytes: settings.ROLLCALL_LOG_MAX_MB * 1024 * 1024,
    metricsPort: settings.ROLLCALL_METRICS_PORT,
  };
}

/** The configuration as it may be printed: secrets and passwords in URLs blanked. */
export function printableConfig(config: Config): Record<string, string | number> {
  return {
    ...config,
    adminKey: config.adminKey === undefined ? 'not set' : 'set',
    logUrl: withoutPassword(config.logUrl),
    storeUrl: withoutPassword(config.storeUrl),
    jobsUrl: withoutPassword(config.jobsUrl),
  };
}

function withoutPassword(text: string): string {
  // Up to the last @: a password may itself hold one, and a list of brokers one for each.
  return text.replace(/\/\/.*@/, '//***@').replace(/([?&](?:password|user|username)=)[^&]*/gi, '$1***');
}

/** Names of every setting, for the documentation's test. */
export const SETTING_NAMES: readonly string[] = Object.keys(Settings.shape);
