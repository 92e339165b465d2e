import { createHash } from 'node:crypto';
import * as z from 'zod';
import { policyDocument, policyVersions } from '../../schemas/policy-document.ts';
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
  const fields = policy.collected.map(({ field }) => field);
  return { policy: policy.version, digest: digestOf(policy), fields, at: clock.now() };
}

/** Of everything that an owner is shown of a policy. Whoever shows more of it has to take more in here, and to ask again. */
function digestOf({ collected, neverCollected = [] }: Policy): string {
  const said = collected.map(({ field, purpose = '', retention = '' }) => [field, purpose, retention]);
  return createHash('sha256')
    .update(JSON.stringify([said, neverCollected]))
    .digest('hex');
}

/** `3:9f86…`: a policy's number and its text, as a page or a script hands them back to say what was read. */
export function policyReference(policy: Policy): string {
  return `${policy.version}:${digestOf(policy)}`;
}

/** The text that a number has always stood for, as far as this agent was made with it. */
function knownPolicy(version: number): Policy | undefined {
  const parsed = PolicyShape.safeParse(policyVersions(10).get(String(version)));
  return parsed.success ? parsed.data : undefined;
}

/** Whether this is what was said to be read: by number and text, or by a number alone whose text this agent knows. */
export function isReferredTo(policy: Policy, given: string): boolean {
  if (given === policyReference(policy)) return true;
  const known = knownPolicy(policy.version);
  return given === String(policy.version) && known !== undefined && digestOf(known) === digestOf(policy);
}

/** A consent of before texts were kept is one to what its number has always stood for, if its fields are those. */
function digestAgreed({ digest, policy, fields }: Consent): string | undefined {
  if (digest !== null) return digest;
  const known = knownPolicy(policy);
  const same = known?.collected.map(({ field }) => field).join() === fields.join();
  return known && same ? digestOf(known) : undefined;
}

/**
 * How a policy is not the one that was agreed to; null when it says the same, whatever its number. Another text under the same number
 * cannot have been agreed to: whoever makes an honest change gives it a number of its own.
 */
export function beyond(consent: Consent, policy: Policy): State['newPolicy'] {
  const same = digestAgreed(consent) === digestOf(policy);
  const { version } = policy;
  const more = policy.collected.map(({ field }) => field).filter((field) => !consent.fields.includes(field));
  return same && more.length === 0 ? null : { version, more, rewritten: !same && version === consent.policy };
}

/** What the owner is told of it. */
export function beyondText({ version, more, rewritten }: NonNullable<State['newPolicy']>): string {
  if (rewritten)
    return `policy ${version} is not the text that you agreed to: nothing is reported until you agree to it`;
  return more.length === 0
    ? `policy ${version} says the same fields in other words: reports go on with what you agreed to`
    : `policy ${version} collects more (${printable(more.join(', '))}): it is left out until you agree`;
}

/** The policy for a terminal or a page's text. What a service says makes no lines of its own and no control characters. */
export function policyText(policy: Policy, agreed: readonly string[]): string {
  const fields = policy.collected.map(({ field, purpose = '', retention = '' }) => {
    const isNew = agreed.length > 0 && !agreed.includes(field);
    return `  ${isNew ? 'NEW ' : ''}${field}: ${purpose}; kept: ${retention}`;
  });
  const never = (policy.neverCollected ?? []).map((what) => `  ${what}`);
  return [`Policy version ${policy.version}`, 'Collected:', ...fields, 'Never collected:', ...never]
    .map((line) => printable(line.replaceAll('\n', ' ')))
    .join('\n');
}

export function printable(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, '');
}
