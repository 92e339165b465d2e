import type { Period } from '../../../../schemas/period.ts';
import { periodNumber } from '../../../core/period.ts';
import type { NoiseKey, NoiseKeys } from '../../../ports/noise-keys.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { insertRows } from './inserts.ts';

const NOISE_KEY = `SELECT key, digest FROM noise_keys WHERE period = {period:UInt32}`;
const NOISE_KEY_COLUMNS = 'noise_keys (period, key, digest)';
const DROP_NOISE_KEY = `ALTER TABLE noise_keys DROP PARTITION {period:UInt32}`;

/** Always over the connection that writes: a look that comes before its own insert would draw a second key. */
export function noiseKeys({ write }: Connections): NoiseKeys {
  return {
    ensureNoiseKey: (period, fresh) => ensureNoiseKey(write, period, fresh),
    noiseKey: (period) => noiseKey(write, period),
    destroyNoiseKey: async (period) => write.run(DROP_NOISE_KEY, { period: periodNumber(period) }),
  };
}

async function ensureNoiseKey(client: SqlClient, period: Period, fresh: NoiseKey): Promise<NoiseKey> {
  const before = await noiseKey(client, period);
  if (before) return before;
  const row = [periodNumber(period), fresh.key, fresh.digest];
  await insertRows(client, NOISE_KEY_COLUMNS, `noise-${period}`, [row]);
  const holds = await noiseKey(client, period);
  // Dropped between the insert and this look: which key it was that held, nobody can say any more.
  if (!holds) throw new Failure('noise-key-gone');
  return holds;
}

async function noiseKey(client: SqlClient, period: Period): Promise<NoiseKey | undefined> {
  const there = await client.rows<NoiseKey>(NOISE_KEY, { period: periodNumber(period) });
  if (there.length > 1) throw new Failure('place-taken-twice');
  return there[0];
}
