import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { policyDocument } from '../../schemas/policy-document.ts';
import { readConsoleFiles } from '../console/serve/console-files.ts';
import { serveConsole } from '../console/serve/serve-console.ts';
import { CLOSES_AFTER_MS } from '../core/period.ts';
import type { Access } from '../http/access.ts';
import { claims } from '../releases/numbers/claims.ts';
import { roundedUp } from '../releases/numbers/rounded-up.ts';
import { packageRoot } from '../shared/package-root.ts';
import type { Shared } from './environment.ts';

const HOUR_MS = 3_600_000;

/** Serves the built console with the API: one server, one session. */
export function serveBuiltConsole(
  app: FastifyInstance,
  access: Access,
  { config, journal }: Pick<Shared, 'config' | 'journal'>,
): void {
  const files = readConsoleFiles(join(packageRoot(), 'dist', 'console'));
  if (!files) journal.warn('the console was not built: npm run build makes it');
  const owners = {
    policy: policyDocument(config.threshold),
    closesAfterHours: CLOSES_AFTER_MS / HOUR_MS,
    reveals: whatNoiseAllows(),
  };
  serveConsole(app, { files, access, owners, hasProvider: config.oidcIssuer !== undefined });
}

/** What manufacturers can learn about a site in a month and in twelve, as METHOD.md claims it; never rounded down. */
function whatNoiseAllows(): { month: number; year: number } {
  const [month, year] = claims().map(({ epsilon }) => Number(roundedUp(epsilon, 3)));
  return { month: month ?? Number.POSITIVE_INFINITY, year: year ?? Number.POSITIVE_INFINITY };
}
