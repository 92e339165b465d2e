import * as z from 'zod';
import { HeldAnswer, HeldQuestion } from '../../../schemas/held.ts';
import { CATEGORIES, REFUSAL_REASONS, Report } from '../../../schemas/report.ts';
import { type Route, route } from '../route.ts';

// What is served elsewhere (by ingest, health and the documents), described for the document: nothing here is called.

const elsewhere = (): never => {
  throw new Error('described here, served elsewhere');
};

const Receipt = z.strictObject({
  accepted: z.int().min(0),
  unlisted: z.int().min(0),
  refused: z.array(z.strictObject({ index: z.int().min(0), reason: z.enum(REFUSAL_REASONS) })),
  /** Shown with the token's next reports. */
  ticket: z.string(),
  lines: z.array(
    z.strictObject({
      index: z.int().min(0),
      outcome: z.enum(['listed', 'proposed', 'refused']),
      as: z.strictObject({ category: z.enum(CATEGORIES), vendor: z.string(), model: z.string() }).optional(),
      reason: z.enum(REFUSAL_REASONS).optional(),
    }),
  ),
});

const REPORT_EXAMPLE = {
  schema: 'rollcall.report/1',
  period: '2026-11',
  token: 'pL1xq7mWd0sKf3Zt9uRbVA',
  sequence: 1,
  platform: { name: 'FreePBX', version: '17' },
  devices: [
    { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 12 },
    { category: 'cpu', vendor: 'Intel', model: 'Xeon E3-1220', count: 1 },
  ],
};

const document = (path: string, summary: string, mediaType = 'application/json', query?: z.ZodType): Route =>
  route({
    method: 'GET',
    path,
    summary,
    allow: 'public',
    ...(query ? { query } : {}),
    answer: z.looseObject({}),
    mediaType,
    example: {},
    handle: elsewhere,
  });

/** The public endpoints that are no route of the API's own. */
export const DESCRIBED: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v1/reports',
    summary: 'What an agent sends, once a month and when something changed',
    description:
      'Without any name, address or serial number. A repeat is answered like the first. With `withdraw: true` it takes ' +
      'back what the token sent in the month; then `platform` and `devices` may be left out. `lines` of the answer says what ' +
      'became of each line. A network (/24, /48) may bring some hundreds of new tokens a month: who shows the `ticket` of ' +
      'the answer with its next report is not new. A withdrawal meets no limit. 413: too large. 415: no JSON. 422: the ' +
      'month is not open. 429, 503: later, see Retry-After.',
    allow: 'public',
    body: Report,
    bodyExample: REPORT_EXAMPLE,
    answer: z.union([Receipt, z.strictObject({ withdrawn: z.literal(true) })]),
    status: 202,
    handle: elsewhere,
  }),
  route({
    method: 'POST',
    path: '/v1/reports/held',
    summary: 'What is held under a token: the right of access without an identity',
    description:
      'Counts of the lines that are asked for, by the keys that only the token gives. Reports of the last seconds are in blocks ' +
      'that are not inserted yet, and missing. 422: the month is not open. 429, 503: later, see Retry-After.',
    allow: 'public',
    body: HeldQuestion,
    bodyExample: {
      schema: 'rollcall.held/1',
      period: '2026-11',
      token: 'pL1xq7mWd0sKf3Zt9uRbVA',
      devices: [{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' }],
    },
    answer: HeldAnswer,
    handle: elsewhere,
  }),
  document(
    '/v1/policy',
    'What is collected and why; the version in force, or the one that is named',
    'application/json',
    z.strictObject({
      version: z
        .string()
        .regex(/^[0-9]{1,4}$/)
        .optional(),
    }),
  ),
  document('/v1/catalog', 'The identification rules'),
  document('/v1/catalog/conformance', 'Identities and what they must be identified as, for other implementations'),
  document('/schemas/report/1.json', 'The JSON Schema of a report', 'application/schema+json'),
  document('/schemas/release/2.json', 'The JSON Schema of a release: release.json', 'application/schema+json'),
  route({
    method: 'GET',
    path: '/livez',
    summary: 'Whether the process lives',
    allow: 'public',
    answer: z.strictObject({ live: z.literal(true) }),
    example: {},
    handle: elsewhere,
  }),
  route({
    method: 'GET',
    path: '/readyz',
    summary: 'Whether everything behind the process works; 503 if not',
    allow: 'public',
    answer: z.strictObject({ ready: z.literal(true) }),
    example: {},
    handle: elsewhere,
  }),
  route({
    method: 'GET',
    path: '/version',
    summary: 'The version of the program',
    allow: 'public',
    answer: z.strictObject({ version: z.string() }),
    example: {},
    handle: elsewhere,
  }),
];
