import { afterAll, beforeAll, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { exampleOf, type FuzzRequest, faultOf, type Operation, operationsOf, requestsTo } from '../support/api/fuzz.ts';
import { fc } from '../support/fast-check.ts';
import { AUGUST, cell, closed, filesOf, type Method, openReleaseServer, type ReleaseServer } from './release-server.ts';

const WORDS = [AUGUST, '2026-07', '2099-12', 'Snom', 'Poly', 'release.json', 'release.csv', 'summary.html', '0'];
/** Of each of the 14 operations. */
const RUNS = 60;
/** A file is sent as what it is: the document says any type, and its bytes are another test's matter. */
const FILE = '/v1/releases/{period}/{party}/{file}';

let server: ReleaseServer;
let operations: Operation[];
beforeAll(async () => {
  server = await openReleaseServer();
  await server.store.addRelease(filesOf('Snom', 0));
  await closed(server.store, AUGUST, [cell('D785', { held: 'growth' })], server.clock.now());
  // What the document's example of a decision is about.
  const example = cell('SIP-T46S', { vendor: 'Yealink', held: 'growth' });
  const fresh = cell('SIP-T57W', { vendor: 'Yealink', held: 'new-name' });
  await closed(server.store, parsePeriod('2026-11'), [example, fresh], server.clock.now());
  const document = (await server.as('', 'GET', '/openapi.json')).json as Record<string, unknown>;
  const ours = /^\/v1\/(agreements|releases|held|ledger|release-profile|periods\/\{period\}|signing-key)/;
  operations = operationsOf(document).filter(({ path }) => ours.test(path));
});
afterAll(() => server.close());

test('whatever is asked of releases, by whomever, no answer is a failure of the server, and each is as the document says', async () => {
  expect(operations).toHaveLength(15);
  let examples = 0;
  for (const operation of operations) {
    const name = `${operation.method} ${operation.path}`;
    const ask = async (scope: string, { method, url, body }: FuzzRequest): Promise<number> => {
      const answer = await server.send(scope, method as Method, url, body);
      const type = String(answer.headers['content-type'] ?? '');
      if (operation.path === FILE && answer.statusCode === 200) return 200;
      const fault = faultOf(operation, { status: answer.statusCode, type, body: answer.body });
      expect(fault, `${name} ${scope} ${server.logged}`).toBeUndefined();
      return answer.statusCode;
    };
    const example = exampleOf(operation);
    if (example) examples++;
    // What the document shows works, and beyond it anything is asked.
    if (example) expect(await ask('admin', example), name).toBeLessThan(300);
    await fc.assert(
      fc.asyncProperty(
        requestsTo(operation, WORDS),
        fc.constantFrom('admin', 'admin', 'reader', 'manufacturer:Snom'),
        async (request, scope) => void (await ask(scope, request)),
      ),
      { numRuns: RUNS },
    );
  }
  expect([server.logged, examples]).toEqual([[], 10]);
});
