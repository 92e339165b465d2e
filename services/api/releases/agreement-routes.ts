import * as z from 'zod';
import { AgreementAnswer, AgreementsAnswer, WebhookSecretAnswer } from '../../../schemas/answers/agreements.ts';
import { NoAnswer } from '../../../schemas/answers/parts.ts';
import { Agreement, PartyName } from '../../../schemas/release.ts';
import { type Caller, type Route, route } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { StoredAgreement } from '../../ports/agreements.ts';
import { callerOf, NoQuery, notFound, type ReleaseRoutesDeps, timeOf } from './release-deps.ts';

/** One line of text: a lone surrogate or a control character has no place in a store or a terminal. */
const Contact = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\u0000-\u001f\u007f-\u009f\ud800-\udfff]+$/, 'not-a-line');

const NewAgreement = Agreement.extend({ contact: Contact });

const BODY_EXAMPLE = {
  party: 'Poly',
  vendors: ['Poly'],
  lineage: true,
  platforms: [],
  contact: 'Grace Hopper, product management',
  delivery: { kind: 'download' },
};

const Party = z.strictObject({ party: PartyName });

/** Who is given what. */
export function agreementRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/agreements',
      summary: 'Who is given releases, and what is in them',
      allow: ['releaser'],
      query: NoQuery,
      example: {},
      answer: AgreementsAnswer,
      handle: async () => ({ agreements: (await deps.releases.agreements()).map(agreementAnswer) }),
    }),
    route({
      method: 'POST',
      path: '/v1/agreements',
      summary: 'Agree what a party is given from the next release on; replaces what was agreed with it before',
      description:
        'Of a month that was released within the last week it is given its numbers too. A webhook has an https URL of a public host, without credentials. `lineage` adds brands that belong to the ' +
        'named ones. 400 names each maker or platform that the catalogue does not know.',
      allow: ['releaser'],
      query: NoQuery,
      body: NewAgreement,
      bodyExample: BODY_EXAMPLE,
      answer: AgreementAnswer,
      status: 201,
      handle: (call) => agree(call.body, callerOf(call), deps),
    }),
    route({
      method: 'DELETE',
      path: '/v1/agreements/:party',
      summary: 'End an agreement: the party is given nothing new',
      description: 'What it was given before its key can still download. Revoke the key to end that too.',
      allow: ['releaser'],
      query: NoQuery,
      params: Party,
      answer: NoAnswer,
      status: 204,
      handle: (call) => end(call.params.party ?? '', callerOf(call), deps),
    }),
    route({
      method: 'GET',
      path: '/v1/agreements/:party/secret',
      summary: "The secret that a party checks its webhook's calls with",
      description: 'Standard Webhooks: HMAC-SHA-256 of `id.timestamp.body`. Another URL has another secret.',
      allow: ['releaser'],
      query: NoQuery,
      params: Party,
      answer: WebhookSecretAnswer,
      handle: (call) => showSecret(call.params.party ?? '', callerOf(call), deps),
    }),
  ];
}

async function agree(
  agreement: Agreement,
  { keyId }: Caller,
  { releases, audit, clock, ...known }: ReleaseRoutesDeps,
): Promise<AgreementAnswer> {
  const errors = faultsOf(agreement, known);
  if (errors.length > 0) {
    const detail = 'The body is not as expected.';
    throw new HttpProblem({ status: 400, type: 'invalid-body', detail, extra: { errors } });
  }
  await audit.append({ actor: keyId, action: 'agreement.made', object: agreement.party });
  const stored = { ...agreement, at: clock.now(), by: keyId };
  await releases.putAgreement(stored);
  return agreementAnswer(stored);
}

type Known = Pick<ReleaseRoutesDeps, 'vendors' | 'platforms' | 'webhookUrlFault'>;

function faultsOf({ vendors, platforms, delivery }: Agreement, known: Known): { pointer: string; reason: string }[] {
  const faults = [
    ...unknownIn(vendors, known.vendors).map((i) => ({ pointer: `/vendors/${i}`, reason: 'unknown-vendor' })),
    ...unknownIn(platforms.map(withoutVersion), known.platforms).map((i) => ({
      pointer: `/platforms/${i}`,
      reason: 'unknown-platform',
    })),
  ];
  const fault = delivery.kind === 'webhook' ? known.webhookUrlFault(delivery.url) : undefined;
  return fault === undefined ? faults : [...faults, { pointer: '/delivery/url', reason: fault }];
}

/** `FreePBX 17` is a version of `FreePBX`. */
function withoutVersion(platform: string): string {
  return platform.replace(/ [0-9]{1,3}$/, '');
}

/** The places of names that are not known. */
function unknownIn(names: readonly string[], known: ReadonlySet<string> | undefined): number[] {
  return known ? [...names.keys()].filter((i) => !known.has(names[i] ?? '')) : [];
}

async function end(party: string, { keyId }: Caller, deps: ReleaseRoutesDeps): Promise<void> {
  await agreementWith(party, deps);
  await deps.audit.append({ actor: keyId, action: 'agreement.ended', object: party });
  await deps.releases.endAgreement(party, deps.clock.now(), keyId);
}

async function showSecret(party: string, { keyId }: Caller, deps: ReleaseRoutesDeps): Promise<WebhookSecretAnswer> {
  const { delivery } = await agreementWith(party, deps);
  if (delivery.kind !== 'webhook') throw notFound('no-webhook', 'The agreement has no webhook.');
  await deps.audit.append({ actor: keyId, action: 'webhook.secret-shown', object: party });
  return { secret: deps.webhookSecret(party, delivery.url) };
}

/** Throws 404. */
export async function agreementWith(
  party: string,
  { releases }: Pick<ReleaseRoutesDeps, 'releases'>,
): Promise<StoredAgreement> {
  const found = (await releases.agreements()).find((one) => one.party === party);
  if (!found) throw notFound('no-such-agreement', 'There is no agreement with this party.');
  return found;
}

function agreementAnswer({ at, ...agreement }: StoredAgreement): AgreementAnswer {
  return { ...agreement, at: timeOf(at) };
}
