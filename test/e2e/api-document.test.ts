import { expect, test } from 'vitest';
import { periodAt } from '../../services/core/period.ts';
import { exampleOf, type FuzzRequest, faultOf, type Operation, operationsOf, requestsTo } from '../support/api/fuzz.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { fc } from '../support/fast-check.ts';
import { ADMIN_KEY, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const ENV = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };
const phone = (model: string, count: number) => ({ category: 'phone' as const, vendor: 'Yealink', model, count });
const devices = [phone('SIP-T46S', 4), phone('SIP-T54W', 2)];

async function ask(url: string, request: FuzzRequest) {
  const response = await fetch(url + request.url, {
    method: request.method,
    headers: {
      // A fuzzer with the key would revoke it.
      ...(request.method === 'DELETE' ? {} : { authorization: `Bearer ${ADMIN_KEY}` }),
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(request.body === undefined ? {} : { body: request.body }),
    redirect: 'manual',
  });
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    body: await response.text(),
  };
}

test('a running server answers its own document: the examples with numbers, anything else without failing', async () => {
  const { url, exited } = await startRollcall(temporaryDirectory(), ENV);
  for (let i = 0; i < 6; i++) expect((await post(url, reportOf({ devices }))).status).toBe(202);
  await eventually(
    () => get<Counts>(url, '/v1/counts'),
    (counts) => counts.total.sites === 6,
  );
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Record<string, unknown>;
  const operations = operationsOf(document);

  const examples = operations.flatMap((operation) => {
    const example = exampleOf(operation);
    return example ? [{ operation, example: now(example) }] : [];
  });
  expect(examples.length).toBeGreaterThan(15);
  const odd: unknown[] = [];
  for (const { operation, example } of examples) {
    const answer = await ask(url, example);
    const wanted = WITHOUT_SUBJECT[example.url] ?? WITHOUT_SUBJECT[`${example.method} ${example.url}`];
    const documented = Object.keys(operation.responses).filter((status) => status.startsWith('2'));
    const isWanted = wanted === undefined ? documented.includes(String(answer.status)) : answer.status === wanted;
    const fault = faultOf(operation, answer);
    if (!isWanted || fault !== undefined) odd.push([example.method, example.url, answer.status, fault]);
  }
  expect(odd).toEqual([]);

  for (const operation of operations) await fuzz(url, operation);
  expect(exited()).toBe(false);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await get<Counts>(url, '/v1/counts?q=SIP-T46S')).rows[0]?.sites).toBeGreaterThanOrEqual(6);
});

/** Examples that are about something which a new server does not have; release-review.test.ts has it. */
const WITHOUT_SUBJECT: Readonly<Record<string, number>> = {
  '/v1/held/decisions': 404,
  '/v1/held/new-names': 404,
  '/v1/public-release': 404,
  '/public': 404,
  'POST /v1/session': 401,
  '/v1/session/oidc': 404,
  '/v1/session/oidc/callback': 404,
  '/public/badge.svg': 404,
};

/** The example's month is one that is over. */
function now(example: FuzzRequest): FuzzRequest {
  const body = JSON.parse(example.body ?? '{}');
  if (body.period === undefined) return example;
  return { ...example, body: JSON.stringify({ ...body, period: periodAt(Date.now()) }) };
}

async function fuzz(url: string, operation: Operation): Promise<void> {
  const words = ['Yealink', 'SIP-T46S', 'FreePBX 17', periodAt(Date.now()), 'phone:Yealink:SIP-T46S'];
  await fc.assert(
    fc.asyncProperty(requestsTo(operation, words), async (request) => {
      expect(faultOf(operation, await ask(url, request))).toBeUndefined();
    }),
    { numRuns: 20 },
  );
}
