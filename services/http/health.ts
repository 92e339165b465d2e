import type { FastifyInstance } from 'fastify';
import { describeFailure } from '../shared/failure.ts';
import { sendProblem } from './server.ts';

/** A dependency that readiness asks: resolves when it works. What asks others over a network is asked within bounds: see rememberedCheck. */
export interface Check {
  readonly name: string;
  readonly check: () => Promise<void>;
}

/** Liveness asks nobody; readiness asks every dependency of this process. */
export function registerHealth(app: FastifyInstance, version: string, checks: readonly Check[]): void {
  app.get('/livez', () => ({ live: true }));
  app.get('/version', () => ({ version }));
  app.get('/readyz', async (_request, reply) => {
    const results = await Promise.all(checks.map(ask));
    const failed = results.filter((result) => result.failure !== undefined);
    if (failed.length === 0) return { ready: true };
    return sendProblem(reply, {
      status: 503,
      type: 'not-ready',
      detail: 'A dependency does not work.',
      headers: { 'retry-after': '5' },
      extra: { failed },
    });
  });
}

async function ask({ name, check }: Check): Promise<{ name: string; failure?: string }> {
  try {
    await check();
    return { name };
  } catch (thrown) {
    const { code, error } = describeFailure(thrown);
    return { name, failure: code ?? error };
  }
}
