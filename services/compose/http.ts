import type { FastifyInstance } from 'fastify';
import { MAX_INFLATED_BYTES, MAX_WIRE_BYTES } from '../../schemas/report.ts';
import { isTrustedPeer } from '../http/addresses/client-address.ts';
import { type Check, registerHealth } from '../http/health.ts';
import type { ConnectionLimits } from '../http/limits/connections.ts';
import type { Door } from '../http/limits/door.ts';
import { securityHeaders } from '../http/security-headers.ts';
import { buildHttp } from '../http/server.ts';
import { ingestProblem } from '../ingest/routes.ts';
import type { Config } from '../shared/config.ts';
import { Failure } from '../shared/failure.ts';
import type { Log } from '../shared/log.ts';
import { packageVersion } from '../shared/package-root.ts';
import type { Resources } from '../shared/resources.ts';
import type { Shared } from './environment.ts';
import { oneAddress, urlOf } from './listening.ts';
import { listenFailure } from './ports-free.ts';

/** The server that every role adds its routes to. */
export function buildApp(journal: Log, config?: Config, door?: Door): FastifyInstance {
  const app = buildHttp({
    log: journal,
    ...(config ? { connections: connectionLimits(config) } : {}),
    ...(door ? { door } : {}),
    maxWireBytes: MAX_WIRE_BYTES,
    maxInflatedBytes: MAX_INFLATED_BYTES,
    problemOf: ingestProblem,
  });
  securityHeaders(app);
  return app;
}

function connectionLimits({ connectionsPerAddress: perAddress, trustedProxies }: Config): ConnectionLimits {
  return { perAddress, isExempt: (address) => isTrustedPeer(address, trustedProxies) };
}

/**
 * Listens last, when everything behind it is open; closes first, answering what is in flight. Resolves to where, such
 * as `http://127.0.0.1:8080`.
 */
export async function listen(
  app: FastifyInstance,
  checks: readonly Check[],
  { config }: Shared,
  resources: Resources,
): Promise<string> {
  const { port, host } = config;
  let closing = false;
  const server = { name: 'server', check: async () => void (closing && refuse()) };
  registerHealth(app, packageVersion(), [...checks, server]);
  resources.onClose(() => {
    // Whoever balances load sends no more, while what has arrived is answered.
    closing = true;
    return app.close();
  });
  await listenAt(app, { host: oneAddress(host), port, setting: 'PORT' });
  return urlOf(app);
}

async function listenAt(app: FastifyInstance, where: { host: string; port: number; setting: string }): Promise<void> {
  await app.listen({ port: where.port, host: where.host }).catch((thrown: unknown) => {
    throw listenFailure(thrown, where);
  });
}

function refuse(): never {
  throw new Failure('closing');
}
