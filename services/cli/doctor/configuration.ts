import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkSigningKeys } from '../../releases/files/signing-keys.ts';
import { type Config, loadConfig, SAFE_KEY_LENGTH } from '../../shared/config.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import { ConfigError } from '../../shared/setting.ts';
import { NO_PROXIES } from '../../shared/trusted-proxies.ts';
import type { Env } from '../command.ts';
import { bad, type Finding, fine, note } from './finding.ts';

export interface Configured {
  /** Undefined when it cannot be read: then there is nothing else to look at. */
  readonly config: Config | undefined;
  readonly findings: readonly Finding[];
}

export function configured(env: Env): Configured {
  try {
    const config = loadConfig(env);
    const notes = ofSettings(config);
    return { config, findings: notes.length > 0 ? notes : [fine('configuration', 'every setting can be read')] };
  } catch (thrown) {
    if (!(thrown instanceof ConfigError)) throw thrown;
    const problems = thrown.message.replace(/^configuration: /, '').split('; ');
    return { config: undefined, findings: problems.map((seen) => bad('configuration', seen, 'See .env.example')) };
  }
}

/** Settings that can be read and are not meant for a server with real sites, or not for this combination. */
function ofSettings(config: Config): Finding[] {
  const { adminKey, host, trustedProxies, log, store, jobs } = config;
  const found: (Finding | false)[] = [
    adminKey !== undefined &&
      adminKey.length < SAFE_KEY_LENGTH &&
      say('ROLLCALL_ADMIN_KEY can be guessed', `Choose one of ${SAFE_KEY_LENGTH} characters or more`),
    !isLoopback(host) &&
      trustedProxies === NO_PROXIES &&
      say('HTTP is served to other machines in the clear', 'Put a proxy with TLS before it: ROLLCALL_TRUSTED_PROXIES'),
    config.provisional === 'exact' && say('ROLLCALL_PROVISIONAL=exact is for labs', 'Unset it where sites are real'),
    config.webhookLab && say('ROLLCALL_WEBHOOKS=lab is for labs', 'Unset it where parties are real'),
    config.failAt !== undefined && bad('configuration', 'ROLLCALL_FAIL_AT ends the process in a close', 'Unset it'),
    store.kind === 'http' &&
      jobs.kind === 'memory' &&
      say('jobs are in memory beside a shared store', 'Run one process with jobs, or set ROLLCALL_JOBS_URL'),
    store.kind === 'http' &&
      config.signingKeyFile === undefined &&
      say('each process makes a signing key of its own', 'Share one: ROLLCALL_SIGNING_KEY_FILE'),
    log.kind === 'kafka' &&
      log.replication < Math.min(3, log.brokers.length) &&
      say('each record is on fewer brokers than there are', 'Set ROLLCALL_KAFKA_REPLICATION=3'),
  ];
  return found.filter((one) => one !== false);
}

const say = (seen: string, todo: string): Finding => note('configuration', seen, todo);
const isLoopback = (host: string): boolean => /^(127\.|::1$|localhost$)/.test(host);

/** The files that releases are signed with, and who else may read the first. Makes none. */
export function ofSigningKey({ signingKeyFile, dataDirectory }: Config): Finding {
  const path = signingKeyFile ?? join(dataDirectory, 'signing-key.pem');
  const what = 'signing key';
  if (!canSign(path)) return bad(what, path, explanationOf('signing-key-unreadable'));
  if (!existsSync(path)) return note(what, `not there yet: ${path}`, 'The first use makes it; keep a copy of it apart');
  if ((statSync(path).mode & 0o077) !== 0) return note(what, `others may read ${path}`, `chmod 600 ${path}`);
  return fine(what, path);
}

function canSign(path: string): boolean {
  try {
    checkSigningKeys(path);
    return true;
  } catch {
    return false;
  }
}
