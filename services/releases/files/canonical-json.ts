import type * as z from 'zod';
import { Failure } from '../../shared/failure.ts';

/**
 * A document as the text of its file: keys in the order of its schema, two blanks of indentation, one newline at the
 * end. The same content gives the same bytes. Throws `document-malformed` for one that its schema does not take.
 */
export function canonicalJson<T>(schema: z.ZodType<T>, document: T): string {
  const parsed = schema.safeParse(document);
  if (!parsed.success) throw new Failure('document-malformed');
  return `${JSON.stringify(parsed.data, null, 2)}\n`;
}

export type ReadingFault = 'not-json' | 'malformed' | 'not-canonical';

/** Reads what {@link canonicalJson} wrote, and nothing that says the same in other bytes. */
export function readCanonicalJson<T>(schema: z.ZodType<T>, bytes: Uint8Array): { document: T } | ReadingFault {
  const parsed = schema.safeParse(jsonOf(bytes));
  if (!parsed.success) return jsonOf(bytes) === undefined ? 'not-json' : 'malformed';
  const canonical = Buffer.from(canonicalJson(schema, parsed.data));
  return canonical.equals(bytes) ? { document: parsed.data } : 'not-canonical';
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    // Bytes that are no UTF-8 become replacement characters here, and then are not what they should be.
    return JSON.parse(Buffer.from(bytes).toString());
  } catch {
    return undefined;
  }
}
