import type { FastifyInstance } from 'fastify';
import { policyDocument, policyVersions } from '../../schemas/policy-document.ts';
import { releaseJsonSchema } from '../../schemas/release-file.ts';
import { reportJsonSchema } from '../../schemas/report.ts';
import { periodAt } from '../core/period.ts';
import { registerDocuments } from '../http/documents.ts';
import { conformanceDocument } from '../identify/conformance.ts';
import type { Shared } from './environment.ts';

/** What an owner and an agent may read before anything is sent. */
export function serveDocuments(app: FastifyInstance, { catalog, clock, config, identifierOf }: Shared): void {
  const json = 'application/json; charset=utf-8';
  const period = periodAt(clock.now());
  registerDocuments(app, [
    {
      path: '/v1/policy',
      type: json,
      content: () => policyDocument(config.threshold),
      versions: () => policyVersions(config.threshold),
    },
    { path: '/v1/catalog', type: json, content: () => catalog },
    {
      path: '/v1/catalog/conformance',
      type: json,
      content: () => conformanceDocument(catalog, identifierOf(period), period),
    },
    { path: '/schemas/report/1.json', type: 'application/schema+json', content: reportJsonSchema },
    { path: '/schemas/release/2.json', type: 'application/schema+json', content: releaseJsonSchema },
  ]);
}
