import { Oidc } from '../api/keys/oidc/oidc.ts';
import { parseScopeMap } from '../api/keys/oidc/oidc-settings.ts';
import type { Config } from '../shared/config.ts';
import { ConfigError } from '../shared/setting.ts';

/** The identity provider that the settings name; undefined without one. Throws ConfigError for settings that lack each other. */
export function oidcOf(config: Config): Oidc | undefined {
  const { oidcIssuer: issuer, oidcClientId: clientId, publicUrl } = config;
  if (issuer === undefined) return undefined;
  if (clientId === undefined || publicUrl === undefined)
    throw new ConfigError(['ROLLCALL_OIDC_ISSUER needs ROLLCALL_OIDC_CLIENT_ID and ROLLCALL_PUBLIC_URL']);
  const scopes = parseScopeMap(config.oidcScopes);
  if (!scopes) throw new ConfigError(['ROLLCALL_OIDC_SCOPES: expected WORD=SCOPE,…, each word once']);
  return new Oidc({
    ...{ issuer, clientId, scopes, publicUrl },
    clientSecret: config.oidcClientSecret,
    claim: config.oidcClaim,
    asked: config.oidcAsk,
  });
}
