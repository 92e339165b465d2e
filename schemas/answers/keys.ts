import * as z from 'zod';
import { Time } from './parts.ts';

export const KeyAnswer = z.strictObject({
  id: z.string(),
  owner: z.string(),
  scopes: z.array(z.string()),
  state: z.enum(['live', 'expired', 'revoked']),
  createdAt: Time,
  createdBy: z.string(),
  expiresAt: Time.nullable(),
  revokedAt: Time.nullable(),
  lastUsedDay: z.string().nullable(),
});
export type KeyAnswer = z.infer<typeof KeyAnswer>;

export const KeysAnswer = z.strictObject({ keys: z.array(KeyAnswer) });
export type KeysAnswer = z.infer<typeof KeysAnswer>;

/** The only answer that ever holds the key itself. */
export const NewKeyAnswer = KeyAnswer.extend({ key: z.string() });
export type NewKeyAnswer = z.infer<typeof NewKeyAnswer>;

/** The only answer that ever holds the token: the link is `/signin#link=TOKEN`. */
export const LinkAnswer = z.strictObject({ link: z.string(), expiresAt: Time });
export type LinkAnswer = z.infer<typeof LinkAnswer>;
