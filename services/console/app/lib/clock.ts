/** The only place of the console that reads the clock. */
export function now(): number {
  return Date.now();
}
