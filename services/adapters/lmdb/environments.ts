import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Period } from '../../../schemas/period.ts';

export interface FoundEnvironment {
  readonly kind: 'blocks' | 'dead';
  readonly n: number;
}

/** Periods that have a directory in the log's. */
export function periodsIn(directory: string): Period[] {
  return readdirSync(directory).filter((name) => Period.safeParse(name).success) as Period[];
}

/** Of a period's directory, in the order in which they were begun. */
export function environmentsIn(directory: string): FoundEnvironment[] {
  return readdirSync(directory)
    .map((name) => /^(blocks|dead)-([1-9][0-9]{0,15})$/.exec(name))
    .filter((match) => match !== null)
    .map((match) => ({ kind: match[1] as FoundEnvironment['kind'], n: Number(match[2]) }))
    .sort((a, b) => a.n - b.n);
}

/** Of a whole log: directories with an environment in them. Version 0.1.0 laid it into the period's own. */
export function environmentDirectories(directory: string): string[] {
  return periodsIn(directory).flatMap((period) => {
    const own = join(directory, period);
    const former = existsSync(join(own, 'data.mdb')) ? [own] : [];
    return [...former, ...environmentsIn(own).map(({ kind, n }) => join(own, `${kind}-${n}`))];
  });
}
