import { buildAccess } from '../api/keys/build-access.ts';
import type { Access } from '../http/access.ts';
import { bytesOf, isLoopback } from '../http/addresses/client-address.ts';
import { registerMetrics } from '../http/metrics.ts';
import { buildHttp } from '../http/server.ts';
import { DEFAULT_METRICS_PORT } from '../shared/config.ts';
import { Failure } from '../shared/failure.ts';
import type { Resources } from '../shared/resources.ts';
import { openRequestCounters, openStore } from './adapters.ts';
import { diskMetric } from './disk-metric.ts';
import type { Shared } from './environment.ts';
import { oneAddress, urlOf } from './listening.ts';
import type { Parts } from './parts.ts';
import { listenFailure } from './ports-free.ts';

export interface MetricsDeps {
  readonly shared: Shared;
  readonly parts: Parts;
  /** Whether a role of this process has the store. */
  readonly hasStore: boolean;
  readonly resources: Resources;
}

/**
 * Serves the metrics on a port of their own; resolves to where. Undefined when they are turned off, and when the
 * default port is taken: several roles on one machine start with no setting, and the first has it.
 */
export async function serveMetrics(deps: MetricsDeps): Promise<string | undefined> {
  const { config, journal, registry } = deps.shared;
  const { metricsPort: port, metricsHost: host } = config;
  if (port === 0) return undefined;
  diskMetric(registry, config.dataDirectory);
  const app = buildHttp({ log: journal, maxWireBytes: 1_024, maxInflatedBytes: 1_024 });
  registerMetrics(app, registry, isThisMachine(host) ? undefined : await accessOf(deps));
  deps.resources.onClose(() => app.close());
  try {
    await app.listen({ port, host: oneAddress(host) });
  } catch (thrown) {
    if ((thrown as { code?: unknown }).code !== 'EADDRINUSE' || port !== DEFAULT_METRICS_PORT)
      throw listenFailure(thrown, { host, port, setting: 'ROLLCALL_METRICS_PORT' });
    journal.warn('no metrics: another process has their port, see ROLLCALL_METRICS_PORT', { port });
    return undefined;
  }
  return `${urlOf(app)}/metrics`;
}

function isThisMachine(host: string): boolean {
  const bytes = bytesOf(host);
  return host === 'localhost' || (bytes !== undefined && isLoopback(bytes));
}

/** Who may read them from elsewhere is in the store. */
async function accessOf({ shared, parts, hasStore, resources }: MetricsDeps): Promise<Access> {
  const { config, clock } = shared;
  if (!hasStore && config.store.kind !== 'http') throw new Failure('metrics-without-keys');
  const store = hasStore ? await parts.store() : await openStore(config.store);
  if (!hasStore) resources.add(store.server);
  const { trustedProxies: proxies, readsPerMinute } = config;
  // By this process alone: whoever reads its metrics reads those of each of the others too.
  const requests = await openRequestCounters({ kind: 'memory' });
  const adminKey = shared.adminKey().key;
  return buildAccess({ store: store.access, clock, adminKey, proxies, readsPerMinute, requests }).access;
}
