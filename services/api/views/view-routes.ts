import * as z from 'zod';
import { NoAnswer } from '../../../schemas/answers/parts.ts';
import {
  LinkedViewAnswer,
  NewViewLinkAnswer,
  PinAnswer,
  PinsAnswer,
  type ViewLinkAnswer,
  ViewLinksAnswer,
} from '../../../schemas/answers/views.ts';
import { NOT_SIGNED_IN } from '../../http/access.ts';
import type { AddressNames, Limit } from '../../http/limits/rate-limit.ts';
import { type Call, type Route, route } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { StoredPin } from '../../ports/pin-store.ts';
import { signedIn } from '../keys/session-routes.ts';
import { contentOf, type LinkedViewDeps, ofFixedMonths } from './linked-view.ts';
import { MOST_PINS, type Pins } from './pins.ts';
import { addressOf, type ConsoleView, LONGEST_ADDRESS, readAddress } from './view-address.ts';
import { LINKERS, MOST_DAYS, MOST_DAYS_OF_A_PERSON, MOST_LINKS, type ToldLink, type ViewLinks } from './view-links.ts';

/** What is kept of views. */
export interface KeptViewsDeps {
  readonly pins: Pins;
  readonly viewLinks: ViewLinks;
  readonly names: AddressNames;
  /** Of each link's openings, as of a key's requests. */
  readonly reads: Limit;
  /** Of each network's tokens that are none, together with keys that are none. */
  readonly wrongKeys: Limit;
}

export type ViewRoutesDeps = KeptViewsDeps & LinkedViewDeps;

const Address = z.string().min(1).max(LONGEST_ADDRESS, 'too-long');
const Pinned = z.strictObject({ address: Address });
const Ordered = z.strictObject({ address: Address, days: z.int().min(1).max(MOST_DAYS) });
const Opened = z.strictObject({ link: z.string().min(1).max(512) });
const Named = z.strictObject({ id: z.string().regex(/^[0-9a-f]{16}$/, 'not-an-id') });
const NOTHING = z.strictObject({});
const OWN = { allow: LINKERS, query: NOTHING } as const;

/** Views that are kept: pinned for oneself, or shown to somebody without a key. */
export function viewRoutes(deps: ViewRoutesDeps): Route[] {
  return [...pinRoutes(deps), ...linkRoutes(deps)];
}

function pinRoutes(deps: ViewRoutesDeps): Route[] {
  const { pins } = deps;
  return [
    route({
      ...OWN,
      method: 'GET',
      path: '/v1/pins',
      summary: 'The views that the caller has pinned, oldest first',
      example: {},
      answer: PinsAnswer,
      handle: async (call) => ({ pins: (await pins.of(signedIn(call).keyId)).map(pinAnswer), most: MOST_PINS }),
    }),
    route({
      ...OWN,
      method: 'POST',
      path: '/v1/pins',
      summary: 'Pin a view of the console to the Overview',
      description:
        'By its address: a page of numbers with its own parameters and names that are known. Kept for the caller, up to 20; ' +
        'deleted with the key, and when nobody has signed in with it for 180 days. A view that is pinned already is not pinned twice.',
      body: Pinned,
      bodyExample: { address: '/explore?by=devices&view=vendor' },
      answer: PinAnswer,
      status: 201,
      handle: (call) => pin(call, deps),
    }),
    route({
      ...OWN,
      method: 'DELETE',
      path: '/v1/pins/:id',
      summary: 'Take a pin back',
      params: Named,
      answer: NoAnswer,
      status: 204,
      async handle(call) {
        if (!(await pins.remove(signedIn(call).keyId, call.params.id ?? ''))) throw noSuch('pin');
      },
    }),
  ];
}

function linkRoutes(deps: ViewRoutesDeps): Route[] {
  const { viewLinks } = deps;
  return [
    route({
      ...OWN,
      method: 'GET',
      path: '/v1/view-links',
      summary: 'Links to one view that the caller has made; to an admin, those of all',
      description: 'Without their tokens, newest first, until a month after they ended.',
      example: {},
      answer: ViewLinksAnswer,
      async handle(call) {
        const { keyId, scopes } = signedIn(call);
        return { links: (await viewLinks.of(scopes.includes('admin') ? undefined : keyId)).map(linkAnswer) };
      },
    }),
    route({
      ...OWN,
      method: 'POST',
      path: '/v1/view-links',
      summary:
        'Make a link that shows one view to somebody without a key; the answer is the only place that ever shows it',
      description:
        'Its holder opens `/view#link=TOKEN`: what follows # stays in the browser, and is in no log. The view is one of final ' +
        'months, which stay what they are now. The link ends after `days`, when it is revoked, and with the key that made it. One of ' +
        'somebody whom an identity provider vouches for: after 30 days at most, and when they sign in without access to counts.',
      body: Ordered,
      answer: NewViewLinkAnswer,
      status: 201,
      handle: (call) => makeLink(call, deps),
    }),
    route({
      ...OWN,
      method: 'DELETE',
      path: '/v1/view-links/:id',
      summary: 'Revoke a link to a view: one of the caller’s own, or as an admin any',
      params: Named,
      answer: NoAnswer,
      status: 204,
      async handle(call) {
        if (!(await viewLinks.revoke(call.params.id ?? '', signedIn(call)))) throw noSuch('link');
      },
    }),
    route({
      method: 'POST',
      path: '/v1/view-links/open',
      summary: 'What a link shows, to whoever has its token',
      description:
        'The one view that it was made for. 404 for a token that never was one, 410 for a link that is over.',
      allow: 'public',
      query: NOTHING,
      body: Opened,
      answer: LinkedViewAnswer,
      handle: (call) => openLink(call, deps),
    }),
  ];
}

async function pin(call: Call<unknown, z.infer<typeof Pinned>>, deps: ViewRoutesDeps): Promise<PinAnswer> {
  const view = await readAddress(call.body.address, deps);
  const pinned = await deps.pins.add(signedIn(call).keyId, addressOf(view));
  if (pinned === 'too-many')
    throw conflict('too-many-pins', `There are ${MOST_PINS} pins: take one back before another is made.`);
  return pinAnswer(pinned);
}

async function makeLink(
  call: Call<unknown, z.infer<typeof Ordered>>,
  deps: ViewRoutesDeps,
): Promise<NewViewLinkAnswer> {
  const { address, days } = call.body;
  const view = await ofFixedMonths(await readAddress(address, deps), deps);
  const issued = await deps.viewLinks.issue(addressOf(view), days, signedIn(call));
  if (issued === 'signed-out') throw new HttpProblem(NOT_SIGNED_IN);
  if (issued === 'too-long')
    throw new HttpProblem({
      status: 400,
      type: 'invalid-body',
      detail: `Without a key a link lasts ${MOST_DAYS_OF_A_PERSON} days at most: the provider is asked only when somebody signs in.`,
      extra: { errors: [{ pointer: '/days', reason: 'out-of-range' }] },
    });
  if (issued === 'too-many')
    throw conflict('too-many-links', `There are ${MOST_LINKS} live links: revoke one before another is made.`);
  call.reply.header('cache-control', 'no-store');
  return { ...linkAnswer(issued.link), link: issued.token };
}

async function openLink(
  { request, reply, body }: Call<unknown, z.infer<typeof Opened>>,
  deps: ViewRoutesDeps,
): Promise<LinkedViewAnswer> {
  const found = await deps.viewLinks.find(body.link);
  if (typeof found === 'string') {
    // A link that is one opens whoever else guesses from its network.
    const party = deps.names.of(request);
    if (party !== undefined) await deps.wrongKeys.take(party, reply);
    throw found === 'over' ? OVER() : noSuch('link');
  }
  await deps.reads.take(deps.names.ofKey(`link ${found.id}`), reply);
  const link = await deps.viewLinks.open(found);
  if (link === 'over') throw OVER();
  const view = await stillKnown(link.address, deps);
  reply.header('cache-control', 'no-store');
  return {
    address: link.address,
    expiresAt: timeOf(link.expiresAt),
    threshold: deps.threshold,
    ...(await contentOf(view, deps)),
  };
}

/** A name that is in no shown cell any more is another's business: nothing is said of it, or of names like it. */
async function stillKnown(address: string, deps: ViewRoutesDeps): Promise<ConsoleView> {
  try {
    return await readAddress(address, deps);
  } catch (thrown) {
    throw thrown instanceof HttpProblem ? OVER() : thrown;
  }
}

const OVER = () =>
  new HttpProblem({
    status: 410,
    type: 'link-over',
    detail: 'The link has ended. Ask whoever gave it to you for another.',
  });

function noSuch(what: 'pin' | 'link'): HttpProblem {
  return new HttpProblem({ status: 404, type: `no-such-${what}`, detail: `There is no such ${what}.` });
}

function conflict(type: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 409, type, detail });
}

const timeOf = (ms: number): string => new Date(ms).toISOString();

function pinAnswer({ id, address, at }: StoredPin): PinAnswer {
  return { id, address, pinnedAt: timeOf(at) };
}

function linkAnswer({
  id,
  address,
  state,
  key,
  createdAt,
  expiresAt,
  revokedAt,
  lastOpenedDay,
}: ToldLink): ViewLinkAnswer {
  return {
    ...{ id, address, state, createdBy: key, lastOpenedDay },
    createdAt: timeOf(createdAt),
    expiresAt: timeOf(expiresAt),
    revokedAt: revokedAt === null ? null : timeOf(revokedAt),
  };
}
