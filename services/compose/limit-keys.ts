import { createHmac } from 'node:crypto';
import type { KeyOfDay } from '../http/limits/rate-limit.ts';
import type { Config } from '../shared/config.ts';

/**
 * What parties of limits are named under: where processes count together in Redis, a key of the day that each makes from
 * a secret which all have and Redis never sees. Undefined where a process counts alone.
 */
export function limitKeys({ jobs }: Pick<Config, 'jobs'>, secret: () => Uint8Array): KeyOfDay | undefined {
  if (jobs.kind === 'memory') return undefined;
  return (day) => createHmac('sha256', secret()).update(`limits ${day}`).digest();
}
