/**
 * The clause that makes an insert's token known to the engine: of two inserts with one token the second is dropped. A
 * setting cannot be bound as a parameter, so what goes into its text is a word of known letters; RangeError for others.
 */
export function deduplicatedBy(token: string): string {
  if (!/^[a-z0-9-]{1,80}$/.test(token)) throw new RangeError('not a token');
  return `SETTINGS insert_deduplication_token = '${token}'`;
}
