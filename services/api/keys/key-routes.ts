import * as z from 'zod';
import { AuditAnswer } from '../../../schemas/answers/audit.ts';
import { type KeyAnswer, KeysAnswer, LinkAnswer, NewKeyAnswer } from '../../../schemas/answers/keys.ts';
import { NoAnswer } from '../../../schemas/answers/parts.ts';
import { refuse, wholeNumber } from '../../http/query-parts.ts';
import { type Call, type Caller, type Route, route } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { AuditEntry } from '../../ports/audit-store.ts';
import type { StoredKey } from '../../ports/key-store.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Audit } from './audit.ts';
import { type KeyOrder, type Keys, SEED_ID, stateOf } from './keys.ts';
import type { Links } from './links.ts';
import { Scopes } from './scopes.ts';
import { type SessionRoutesDeps, sessionRoutes, signedIn } from './session-routes.ts';

export interface KeyRoutesDeps extends SessionRoutesDeps {
  readonly keys: Keys;
  readonly links: Links;
  readonly audit: Audit;
  readonly clock: Clock;
}

const DAY_MS = 86_400_000;
const MAX_DAYS = 3_660;

const NewKey = z.strictObject({
  /** A person or a program, in letters of any script; no formula begins with a letter. */
  owner: z
    .string()
    .normalize()
    .regex(/^[\p{L}\p{N}][\p{L}\p{M}\p{N} ._@+'()&-]{0,63}$/u, 'not-a-name'),
  scopes: Scopes,
  expiresInDays: z.int().min(1).max(MAX_DAYS).optional(),
  expiresAt: z.iso.datetime().optional(),
});
type NewKey = z.infer<typeof NewKey>;

const KeyId = z.strictObject({ id: z.string().regex(/^(?:[a-z2-7]{8}|admin)$/, 'not-an-id') });

/** Entries are numbered from 1, one by one: nine digits are more than are ever written. */
const MOST_ENTRIES = 999_999_999;
const AuditQuery = z
  .strictObject({
    after: wholeNumber(0, MOST_ENTRIES, 0),
    before: wholeNumber(1, MOST_ENTRIES, MOST_ENTRIES),
    order: z.enum(['asc', 'desc']).default('asc'),
    limit: wholeNumber(1, 1_000, 100),
  })
  .superRefine(
    refuse(({ after, before, order }) => [
      ...(order === 'desc' && after > 0 ? [{ parameter: 'after', reason: 'only-with-order-asc' }] : []),
      ...(order === 'asc' && before < MOST_ENTRIES ? [{ parameter: 'before', reason: 'only-with-order-desc' }] : []),
    ]),
  );

/** Keys, browser sessions and the audit. */
export function keyRoutes(deps: KeyRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/keys',
      summary: 'Every access key there ever was, without its secret',
      allow: ['admin'],
      query: z.strictObject({}),
      example: {},
      answer: KeysAnswer,
      handle: async () => ({ keys: (await deps.keys.list()).map((key) => keyAnswer(key, deps.clock.now())) }),
    }),
    route({
      method: 'POST',
      path: '/v1/keys',
      summary: 'Make an access key; the answer is the only place that ever shows it',
      allow: ['admin'],
      query: z.strictObject({}),
      body: NewKey,
      answer: NewKeyAnswer,
      status: 201,
      handle: (call) => createKey(call.body, signedIn(call), deps),
    }),
    route({
      method: 'DELETE',
      path: '/v1/keys/:id',
      summary: 'Revoke an access key, on every process within two seconds',
      allow: ['admin'],
      query: z.strictObject({}),
      params: KeyId,
      answer: NoAnswer,
      status: 204,
      handle: (call) => revokeKey(call.params.id ?? '', signedIn(call), deps),
    }),
    route({
      method: 'POST',
      path: '/v1/keys/:id/link',
      summary: 'Make a link that signs in with a key, once, within ten minutes',
      description:
        'Its holder opens `/signin#link=TOKEN` and never sees the key. What follows # stays in the browser: it is in no log.',
      allow: ['admin'],
      query: z.strictObject({}),
      params: KeyId,
      answer: LinkAnswer,
      status: 201,
      handle: (call) => createLink(call, deps),
    }),
    ...sessionRoutes(deps),
    route({
      method: 'GET',
      path: '/v1/audit',
      summary: 'Who did what, oldest first, each entry with the hash that ties it to the one before',
      allow: ['admin'],
      query: AuditQuery,
      example: { limit: '5' },
      description:
        'The hash of an entry is SHA-256 of the previous hash, a newline, and the JSON of action, actor, at (milliseconds), nonce, object and seq in this order.',
      answer: AuditAnswer,
      handle: async ({ query: { after, before, order, limit } }) =>
        order === 'asc'
          ? auditAnswer(await deps.audit.entries(after, limit), limit)
          : newestFirst(await deps.audit.entriesBefore(before, limit)),
    }),
  ];
}

async function createKey(asked: NewKey, by: Caller, { keys, clock }: KeyRoutesDeps): Promise<NewKeyAnswer> {
  const now = clock.now();
  const order: KeyOrder = { owner: asked.owner, scopes: asked.scopes, expiresAt: expiryOf(asked, now) };
  const created = await keys.create(order, by.keyId);
  if (created === 'too-many')
    throw new HttpProblem({
      status: 409,
      type: 'two-keys-already',
      detail: 'The owner has two live keys: enough to change from one to the next. Revoke one first.',
    });
  return { ...keyAnswer(created.key, now), key: created.text };
}

function expiryOf({ expiresInDays, expiresAt }: NewKey, now: number): number | null {
  const at = expiresAt === undefined ? null : Date.parse(expiresAt);
  const chosen = expiresInDays === undefined ? at : now + expiresInDays * DAY_MS;
  const impossible = chosen !== null && (chosen <= now || chosen > now + MAX_DAYS * DAY_MS);
  if (!impossible && (expiresInDays === undefined || at === null)) return chosen;
  const errors = [{ pointer: '/expiresAt', reason: impossible ? 'out-of-range' : 'expires-twice' }];
  throw new HttpProblem({
    status: 400,
    type: 'invalid-body',
    detail: 'The body is not as expected.',
    extra: { errors },
  });
}

async function revokeKey(id: string, by: Caller, { keys }: KeyRoutesDeps): Promise<void> {
  if (id === SEED_ID)
    throw new HttpProblem({
      status: 409,
      type: 'configured-key',
      detail: 'This key is configured: change ROLLCALL_ADMIN_KEY or the admin-key file and restart.',
    });
  if (!(await keys.revoke(id, by.keyId)))
    throw new HttpProblem({ status: 404, type: 'no-such-key', detail: 'There is no key of this id.' });
}

async function createLink(call: Call<unknown, unknown>, { links }: KeyRoutesDeps): Promise<LinkAnswer> {
  const issued = await links.issue(call.params.id ?? '', signedIn(call).keyId);
  if (!issued) throw new HttpProblem({ status: 404, type: 'no-such-key', detail: 'There is no live key of this id.' });
  call.reply.header('cache-control', 'no-store');
  return { link: issued.token, expiresAt: new Date(issued.expiresAt).toISOString() };
}

const timeOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

function keyAnswer(key: StoredKey, now: number): KeyAnswer {
  const { id, owner, scopes, createdBy, lastUsedDay } = key;
  return {
    id,
    owner,
    scopes: [...scopes],
    state: stateOf(key, now),
    createdAt: new Date(key.createdAt).toISOString(),
    createdBy,
    expiresAt: timeOf(key.expiresAt),
    revokedAt: timeOf(key.revokedAt),
    lastUsedDay,
  };
}

/** The first entry there is has the number 1. */
function newestFirst(entries: readonly AuditEntry[]): AuditAnswer {
  const last = entries.at(-1)?.seq ?? 1;
  return { ...auditAnswer(entries, entries.length + 1), next: last > 1 ? last : null, order: 'desc' };
}

function auditAnswer(entries: readonly AuditEntry[], limit: number): AuditAnswer {
  return {
    entries: entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })),
    next: entries.length < limit ? null : (entries.at(-1)?.seq ?? null),
  };
}
