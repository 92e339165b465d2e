import { rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { Period } from '../../../schemas/period.ts';
import { Failure } from '../../shared/failure.ts';
import { flushDirectory } from './environment.ts';
import { environmentDirectories, environmentsIn } from './environments.ts';
import { type Damage, damagesOf, salvageable } from './examine.ts';
import { Segment } from './segment.ts';

/** Throws `log-damaged`, with where, what and how many blocks can be read, when an environment of the log is damaged. */
export function requireWholeLog(directory: string): void {
  const [first, ...others] = damagesOf(environmentDirectories(directory));
  if (!first) return;
  const { directory: environment, what: fault, readable } = first;
  throw new Failure('log-damaged', { environment, fault, readable, others: others.length });
}

/**
 * Puts the blocks that can be read in damaged environments into new ones, and deletes those. Dead letters among them are
 * tried again. Resolves to what was damaged. One process has the directory.
 */
export async function salvageLog(directory: string): Promise<Damage[]> {
  const damages = damagesOf(environmentDirectories(directory));
  for (const { directory: environment } of damages) await salvage(environment);
  return damages;
}

async function salvage(environment: string): Promise<void> {
  const isFormer = Period.safeParse(basename(environment)).success;
  const period = isFormer ? environment : dirname(environment);
  const records = salvageable(environment);
  if (records.length > 0) {
    const last = environmentsIn(period).at(-1)?.n ?? 0;
    const segment = new Segment(join(period, `blocks-${last + 1}`));
    await Promise.all(records.map((record) => segment.append(record)));
    await segment.close();
  }
  const gone = isFormer ? ['data.mdb', 'lock.mdb'].map((name) => join(environment, name)) : [environment];
  for (const path of gone) rmSync(path, { recursive: true, force: true });
  await flushDirectory(period);
}
