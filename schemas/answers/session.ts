import * as z from 'zod';
import { SESSION_MORE } from './extended.ts';
import { Time } from './parts.ts';

export const SessionAnswer = z.strictObject({
  scopes: z.array(z.string()),
  manufacturer: z.string().nullable(),
  /** Null when the request carried a key and no session. */
  csrfToken: z.string().nullable(),
  expiresAt: Time.nullable(),
  ...SESSION_MORE,
});
export type SessionAnswer = z.infer<typeof SessionAnswer>;
