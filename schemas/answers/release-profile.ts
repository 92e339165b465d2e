import * as z from 'zod';
import { Period } from '../period.ts';
import { PROFILES } from '../release.ts';
import { Time } from './parts.ts';

export const ChoiceAnswer = z.strictObject({ since: Period, profile: z.enum(PROFILES), at: Time, by: z.string() });
export type ChoiceAnswer = z.infer<typeof ChoiceAnswer>;

export const ChoicesAnswer = z.strictObject({ choices: z.array(ChoiceAnswer) });
export type ChoicesAnswer = z.infer<typeof ChoicesAnswer>;
