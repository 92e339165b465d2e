import type { RequestCounting } from '../../core/request-limit.ts';
import type { Access } from '../../http/access.ts';
import { AddressNames, type KeyOfDay, Limit } from '../../http/limits/rate-limit.ts';
import type { AuditStore } from '../../ports/audit-store.ts';
import type { KeyStore } from '../../ports/key-store.ts';
import type { LinkStore } from '../../ports/link-store.ts';
import type { PinStore } from '../../ports/pin-store.ts';
import type { SessionStore } from '../../ports/session-store.ts';
import type { ViewLinkStore } from '../../ports/view-link-store.ts';
import type { Clock } from '../../shared/clock.ts';
import type { TrustedProxies } from '../../shared/trusted-proxies.ts';
import { Pins } from '../views/pins.ts';
import { ViewLinks } from '../views/view-links.ts';
import type { KeptViewsDeps } from '../views/view-routes.ts';
import { storedAccess } from './access.ts';
import { Audit } from './audit.ts';
import type { KeyRoutesDeps } from './key-routes.ts';
import { Keys } from './keys.ts';
import { Links } from './links.ts';
import type { Oidc } from './oidc/oidc.ts';
import { Sessions } from './sessions.ts';

export interface AccessDeps {
  readonly store: KeyStore & SessionStore & LinkStore & AuditStore & PinStore & ViewLinkStore;
  readonly clock: Clock;
  /** Configured, or from the data directory. It is always valid. */
  readonly adminKey: string;
  readonly proxies: TrustedProxies;
  /** Requests a minute of one key; 0: no limit. */
  readonly readsPerMinute: number;
  readonly requests: RequestCounting;
  /** What parties are named under where several processes count together. */
  readonly limitKeys?: KeyOfDay | undefined;
  /** The organisation's identity provider, where one is set. */
  readonly oidc?: Oidc | undefined;
}

/** Attempts to sign in, a minute and network. */
const SIGN_INS_PER_MINUTE = 30;
const WRONG_KEYS_PER_MINUTE = 60;

/** Who may come in, and what the routes of keys, sessions and audit are made of. */
export function buildAccess(deps: AccessDeps): {
  readonly access: Access;
  readonly routes: KeyRoutesDeps & KeptViewsDeps;
} {
  const { store, clock, adminKey, proxies, oidc, requests: counters } = deps;
  const audit = new Audit(store, clock);
  const keys = new Keys({ store, clock, audit, adminKey });
  const sessions = new Sessions(store, clock, keys, oidc?.fingerprint);
  const links = new Links({ store, clock, audit, keys });
  const viewLinks = new ViewLinks({ store, clock, audit, keys, believed: oidc?.fingerprint });
  const kept = { pins: new Pins(store, clock, keys), viewLinks };
  const names = new AddressNames(clock, proxies, deps.limitKeys);
  const reads = new Limit({ name: 'reads', perMinute: deps.readsPerMinute, counters, tell: 'always' });
  const signIns = new Limit({ name: 'sign-ins', perMinute: SIGN_INS_PER_MINUTE, counters, tell: 'always' });
  const wrongKeys = new Limit({ name: 'wrong-keys', perMinute: WRONG_KEYS_PER_MINUTE, counters, tell: 'when-refused' });
  return {
    access: storedAccess({ keys, sessions, proxies, reads, wrongKeys, names }),
    routes: { keys, sessions, links, oidc, audit, clock, proxies, names, signIns, ...kept, reads, wrongKeys },
  };
}
