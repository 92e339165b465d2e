import * as z from 'zod';
import { type Caller, SCOPES, type Scope } from '../../http/route.ts';

const MANUFACTURER = 'manufacturer:';

/** A manufacturer's name has the characters of a catalogue name, the first a letter or digit. */
const SCOPE =
  /^(?:reader|curator|releaser|metrics|admin|manufacturer:[A-Za-z0-9](?:[A-Za-z0-9 ._+/()!&,-]{0,62}[A-Za-z0-9.)+!])?)$/;
const OneScope = z.string().regex(SCOPE, 'not-a-scope') as unknown as z.ZodType<Scope>;

export const Scopes = z
  .array(OneScope)
  .min(1, 'no-scope')
  .max(SCOPES.length, 'too-many-scopes')
  .refine((scopes) => new Set(scopes).size === scopes.length, 'scope-twice')
  // With a second scope it would be unclear whose numbers the key sees.
  .refine(
    (scopes) => scopes.length === 1 || !scopes.some((scope) => scope.startsWith(MANUFACTURER)),
    'manufacturer-alone',
  );

/** Ids of people whom an identity provider vouches for begin so; no key's does. */
const PERSON = 'oidc-';

export function personId(digest: string): string {
  return `${PERSON}${digest}`;
}

/** Whether the caller of this id is a person, and no key. */
export function isPerson(id: string): boolean {
  return id.startsWith(PERSON);
}

export function callerOf(keyId: string, scopes: readonly Scope[]): Caller {
  const own = scopes.find((scope) => scope.startsWith(MANUFACTURER));
  return { keyId, scopes, manufacturer: own?.slice(MANUFACTURER.length) };
}
