import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { open } from 'lmdb';
import type { DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { DeadRecord } from './dead-letter-environment.ts';
import { flushDirectory } from './environment.ts';

/** Takes records, each flushed when its promise resolves. */
export interface NewPlace {
  append(record: Buffer): Promise<void>;
  deadLetter(dead: DeadRecord): Promise<void>;
}

/**
 * Version 0.1.0 kept a period in one environment, whose file is its directory's own: what waits in it is copied, flushed,
 * and the file deleted with all that was consumed long ago. A crash in between copies it again, and blocks that come
 * twice count once.
 */
export async function moveFormerEnvironment(directory: string, to: NewPlace): Promise<void> {
  const root = open({ path: directory, maxDbs: 2, encoding: 'binary', noMemInit: false });
  const records = root.openDB<Buffer, number>({ name: 'records', encoding: 'binary' });
  const dead = root.openDB<Buffer, [DeadLetterReason, number]>({ name: 'dead', encoding: 'binary' });
  const blocks = Array.from(records.getRange({}), ({ value }) => Buffer.from(value));
  const letters = Array.from(dead.getRange({}), ({ key, value }) => ({ reason: key[0], record: Buffer.from(value) }));
  await Promise.all([...blocks.map((record) => to.append(record)), ...letters.map((one) => to.deadLetter(one))]);
  await root.close();
  for (const name of ['data.mdb', 'lock.mdb']) rmSync(join(directory, name), { force: true });
  await flushDirectory(directory);
}
