import type { Period } from '../../schemas/period.ts';
import { Refused } from './refused.ts';

/** The period, if it takes reports now; {@link Refused} with the open ones otherwise. */
export function requireOpen(asked: string, open: readonly Period[]): Period {
  const period = open.find((candidate) => candidate === asked);
  if (!period) throw notOpen(open);
  return period;
}

export function notOpen(open: readonly Period[]): Refused {
  return new Refused(422, 'period-not-open', 'The period takes no reports now.', { extra: { open } });
}
