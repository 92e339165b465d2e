import { Failure } from '../../../shared/failure.ts';

/** A stored word as one of those that this version knows. Throws `unknown-row`: a newer version may have written it. */
export function known<T extends string>(words: readonly T[], stored: string): T {
  const word = words.find((one) => one === stored);
  if (word === undefined) throw new Failure('unknown-row');
  return word;
}
