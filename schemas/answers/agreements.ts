import * as z from 'zod';
import { Agreement } from '../release.ts';
import { Time } from './parts.ts';

export const AgreementAnswer = z.strictObject({ ...Agreement.shape, lineage: z.boolean(), at: Time, by: z.string() });
export type AgreementAnswer = z.infer<typeof AgreementAnswer>;

export const AgreementsAnswer = z.strictObject({ agreements: z.array(AgreementAnswer) });
export type AgreementsAnswer = z.infer<typeof AgreementsAnswer>;

/** In the form `whsec_…`. */
export const WebhookSecretAnswer = z.strictObject({ secret: z.string() });
export type WebhookSecretAnswer = z.infer<typeof WebhookSecretAnswer>;
