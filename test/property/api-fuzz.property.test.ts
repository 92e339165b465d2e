import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CountsAnswer } from '../../schemas/answers/counts.ts';
import type { SearchAnswer } from '../../schemas/answers/search.ts';
import { type ApiServer, fillThreeMonths, openApiServer } from '../support/api/api-server.ts';
import { exampleOf, faultOf, HOSTILE, type Operation, operationsOf, requestsTo } from '../support/api/fuzz.ts';
import { fc } from '../support/fast-check.ts';
import { shareOf } from '../support/share.ts';

const WORDS = [
  '2026-09',
  '2026-10',
  '2026-11',
  '2020-01',
  '2000-01',
  '2099-12',
  'Yealink',
  'SIP-T46S',
  'SIP-T54W',
  'Poly',
  'FreePBX 17',
  'phone:Yealink:SIP-T46S',
  'phone:Poly:VVX 450',
  'phone:Yealink',
  'nic:Intel',
];
/** Of each operation. */
const RUNS = shareOf(120);

let server: ApiServer;
/** What this server serves itself; the document describes more. */
let operations: Operation[];
let before: string;
beforeAll(async () => {
  server = await openApiServer();
  await fillThreeMonths(server);
  const served = new Set(server.routes.map((route) => route.path.replace(/:(\w+)/g, '{$1}')));
  operations = operationsOf(await server.json('/openapi.json')).filter(({ path }) => served.has(path));
  before = await everything();
});
afterAll(() => server.close());

async function everything(): Promise<string> {
  const rows = await server.embedded.sql.rows('SELECT * FROM cube ORDER BY ALL');
  const facts = await server.embedded.sql.rows(
    "SELECT count() AS n, groupBitXor(key) AS x FROM merge(currentDatabase(), '^facts_')",
  );
  return JSON.stringify([rows, facts]);
}

test('every example of the document is answered with numbers', async () => {
  expect(operations.length).toBeGreaterThan(9);
  for (const operation of operations) {
    const example = exampleOf(operation);
    expect([operation.path, example === undefined]).toEqual([operation.path, false]);
    const answer = await server.get(example?.url as string);
    expect([operation.path, answer.status]).toEqual([operation.path, 200]);
    const fault = faultOf(operation, { status: 200, type: answer.headers['content-type'] ?? '', body: answer.body });
    expect([operation.path, fault]).toEqual([operation.path, undefined]);
    if (operation.path.startsWith('/v1/')) expect(answer.body).toMatch(/"(sites|toSites|value)":[0-9]/);
  }
});

test('whatever is asked, no answer is a failure of the server, and every answer is as the document says', async () => {
  for (const operation of operations)
    await fc.assert(
      fc.asyncProperty(requestsTo(operation, WORDS), async ({ url }) => {
        const answer = await server.get(url);
        const type = answer.headers['content-type'] ?? '';
        expect(faultOf(operation, { status: answer.status, type, body: answer.body })).toBeUndefined();
        expect(Object.keys(answer.headers)).not.toContain('x-injected');
        for (const value of Object.values(answer.headers)) expect(String(value)).not.toMatch(/[\r\n]/);
        if (type.startsWith('text/csv')) expect(formulasIn(answer.body)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  expect(server.logged).toEqual([]);
  expect(await everything()).toBe(before);
});

/** Fields that a spreadsheet would compute. Numbers may be negative. */
function formulasIn(csv: string): string[] {
  return csv
    .split('\r\n')
    .flatMap((line) => line.split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/))
    .map((field) => field.replace(/^"/, ''))
    .filter((field) => /^[=+\-@\t\r]/.test(field) && !/^-?[0-9.e-]+$/.test(field));
}

test('an injection in any parameter of any endpoint is a name that nothing has, or 400', async () => {
  for (const operation of operations)
    for (const { name } of operation.parameters)
      for (const hostile of HOSTILE) {
        const example = exampleOf(operation)?.url as string;
        const at = new URL(example, 'http://x');
        if (operation.path.includes(`{${name}}`))
          at.pathname = operation.path.replace(`{${name}}`, encodeURIComponent(hostile));
        else at.searchParams.set(name, hostile);
        const answer = await server.get(at.pathname + at.search);
        expect([operation.path, name, hostile, [200, 400, 404, 414].includes(answer.status)]).toEqual([
          operation.path,
          name,
          hostile,
          true,
        ]);
        if (answer.status !== 200) expect(answer.body).not.toContain(hostile.length > 3 ? hostile : '\u0000');
      }
  for (const hostile of HOSTILE.filter((text) => !/^[\\%]/.test(text) && text.length <= 64)) {
    const q = encodeURIComponent(hostile);
    const [counts, found] = [await server.get(`/v1/counts?q=${q}`), await server.get(`/v1/search?q=${q}`)];
    if (counts.status === 200) expect((JSON.parse(counts.body) as CountsAnswer).rows).toEqual([]);
    if (found.status === 200) expect((JSON.parse(found.body) as SearchAnswer).results).toEqual([]);
  }
  expect(await everything()).toBe(before);
  expect(server.logged).toEqual([]);
});
