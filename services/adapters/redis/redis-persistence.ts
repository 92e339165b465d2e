import { Redis } from 'ioredis';
import { settledWithin } from '../../shared/settled-within.ts';

/** What a Redis writes to its disk of what it is told: `no`, or the settings that have it do so; undefined: it does not say. */
export type Persistence = 'no' | { readonly appendonly: string; readonly save: string };

const ANSWER_MS = 3_000;

/** Asks once. Where CONFIG is forbidden or renamed, as providers do, and where nobody answers in time, nothing is known. */
export async function redisPersistence(url: string): Promise<Persistence | undefined> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: ANSWER_MS,
    commandTimeout: ANSWER_MS,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  redis.on('error', () => {});
  const asked = Promise.all([settingOf(redis, 'appendonly'), settingOf(redis, 'save')]).catch(() => undefined);
  try {
    if (!(await settledWithin(ANSWER_MS, asked))) return undefined;
    const [appendonly, save] = (await asked) ?? [];
    if (appendonly === undefined || save === undefined) return undefined;
    return appendonly === 'no' && save === '' ? 'no' : { appendonly, save };
  } finally {
    redis.disconnect();
  }
}

async function settingOf(redis: Redis, name: string): Promise<string | undefined> {
  const [, value] = (await redis.config('GET', name)) as readonly string[];
  return value;
}
