import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Registry } from 'prom-client';
import { pause } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import { type Access, authorise } from './access.ts';

/**
 * Each report that is taken shows as one more, with its lines: while a month is open that is more than the guard of its
 * counts lets anybody see. So they are for whoever is on this machine already, or has a key for them.
 */
export function registerMetrics(app: FastifyInstance, registry: Registry, access: Access | undefined): void {
  const admit = access ? metricsGuard(access) : async () => {};
  app.get('/metrics', async (request, reply) => {
    await admit(request, reply);
    return reply.type(registry.contentType).send(await registry.metrics());
  });
}

/** How long a key is looked up. */
const LOOK_UP_MS = 1_000;

/**
 * Throws 401 or 403 for whoever has no key of scope `metrics`. While keys cannot be looked up, those that this process
 * has let in before are let in: metrics are wanted most when the store is down.
 */
function metricsGuard(access: Access): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  const letIn = new Set<string>();
  return async (request, reply) => {
    const key = createHash('sha256')
      .update(request.headers.authorization ?? '')
      .digest('hex');
    try {
      authorise(['metrics'], await Promise.race([access.authenticate(request, reply), tooLate()]));
      letIn.add(key);
    } catch (thrown) {
      if (thrown instanceof Failure && letIn.has(key)) return;
      letIn.delete(key);
      throw thrown;
    }
  };
}

async function tooLate(): Promise<never> {
  await pause(LOOK_UP_MS);
  throw new Failure('store-unavailable');
}
