import * as z from 'zod';
import { AUDIT_MORE } from './extended.ts';
import { Time } from './parts.ts';

export const AuditAnswer = z.strictObject({
  entries: z.array(
    z.strictObject({
      seq: z.int(),
      at: Time,
      actor: z.string(),
      action: z.string(),
      object: z.string(),
      nonce: z.string(),
      previous: z.string(),
      hash: z.string(),
    }),
  ),
  /** Pass it as `after` for those that follow, or as `before` with `order=desc`; null at the end. */
  next: z.int().nullable(),
  /** With `order=desc` only. */
  ...z.strictObject(AUDIT_MORE).partial().shape,
});
export type AuditAnswer = z.infer<typeof AuditAnswer>;
