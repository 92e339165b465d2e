import * as z from 'zod';
import type { Scope } from '../../../http/route.ts';
import { Scopes } from '../scopes.ts';

/** An identity provider of the organisation's own, as the settings say it. */
export interface OidcSettings {
  readonly issuer: string;
  readonly clientId: string;
  /** Undefined for a public client: the code challenge proves who asks in any case. */
  readonly clientSecret: string | undefined;
  /** Where the provider says what somebody may do; dots lead into objects. */
  readonly claim: string;
  /** What each word of that claim opens. */
  readonly scopes: ReadonlyMap<string, Scope>;
  /** Asked of the provider, such as `openid profile`. */
  readonly asked: string;
  /** Where people reach this installation, without a slash at its end. */
  readonly publicUrl: string;
}

/** `word=scope,…`; undefined when a scope is none, a word is empty or stands there twice. */
export function parseScopeMap(text: string): ReadonlyMap<string, Scope> | undefined {
  const pairs = text.split(',').map((pair) => {
    const at = pair.lastIndexOf('=');
    return [pair.slice(0, Math.max(0, at)).trim(), pair.slice(at + 1).trim()] as const;
  });
  const parsed = z.array(z.tuple([z.string().min(1), Scopes.element])).safeParse(pairs);
  if (!parsed.success || new Set(pairs.map(([word]) => word)).size < pairs.length) return undefined;
  return new Map(parsed.data);
}
