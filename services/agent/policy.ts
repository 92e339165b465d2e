import * as z from 'zod';
import { policyDocument } from '../../schemas/policy-document.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { fetchDocument, type SendOptions } from './send.ts';
import type { Consent, State } from './state/state.ts';

const Words = z.string().max(400);
/** As much of a policy as the agent needs. A newer one may say more. */
const PolicyShape = z.object({
  version: z.int().min(1).max(10_000),
  collected: z
    .array(
      z.object({
        field: z.string().max(128),
        purpose: Words.optional(),
        retention: Words.optional(),
      }),
    )
    .min(1)
    .max(200),
  neverCollected: z.array(Words).max(50).optional(),
});
export type Policy = z.infer<typeof PolicyShape>;

/** The policy that this agent was made with. */
export function ownPolicy(): Policy {
  return PolicyShape.parse(policyDocument(10));
}

/** The service's policy; undefined when it cannot be had now. */
export async function servicePolicy(url: string, options: SendOptions): Promise<Policy | undefined> {
  try {
    const parsed = PolicyShape.safeParse(await fetchDocument(url, 'v1/policy', options));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

export function consentTo(policy: Policy, clock: Clock = systemClock): Consent {
  return { policy: policy.version, fields: policy.collected.map(({ field }) => field), at: clock.now() };
}

/** What a policy collects beyond what was agreed to; null when that is nothing. */
export function moreThan(consent: Consent | null, policy: Policy): State['newPolicy'] {
  if (consent === null || policy.version <= consent.policy) return null;
  const more = policy.collected.map(({ field }) => field).filter((field) => !consent.fields.includes(field));
  return more.length === 0 ? null : { version: policy.version, more };
}

/** The policy for a terminal or a page's text. What a service says is printed without control characters. */
export function policyText(policy: Policy, agreed: readonly string[]): string {
  const fields = policy.collected.map(({ field, purpose = '', retention = '' }) => {
    const isNew = agreed.length > 0 && !agreed.includes(field);
    return `  ${isNew ? 'NEW ' : ''}${field}: ${purpose}; kept: ${retention}`;
  });
  const never = (policy.neverCollected ?? []).map((what) => `  ${what}`);
  return printable(
    [`Policy version ${policy.version}`, 'Collected:', ...fields, 'Never collected:', ...never].join('\n'),
  );
}

export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '');
}
