import { drawInt } from '../../../shared/random.ts';

const ATTEMPTS = 1024;

/**
 * A new id for every attempt: milliseconds since 1970 times 1,024 plus ten random bits, so that ids grow with time and
 * two attempts of one millisecond do not meet. Below 2^53 until the year 2248.
 */
export function newSnapshotId(takenAt: number): number {
  return takenAt * ATTEMPTS + drawInt(0, ATTEMPTS);
}

/** When the snapshot was begun, in milliseconds since 1970. */
export function snapshotBegan(id: number): number {
  return Math.floor(id / ATTEMPTS);
}
