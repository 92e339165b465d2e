import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { StoredAgreement } from '../../services/ports/agreements.ts';
import { DELIVER_OPTIONS, deliverRelease, redeliver } from '../../services/releases/delivery/deliver.ts';

import { SOON } from '../support/patience.ts';
import { AUGUST, filesOf, openReleaseServer, type ReleaseServer } from './release-server.ts';

let server: ReleaseServer;
let receiver: Server;
let url: string;
/** What the receiver was sent, and what it answers: statuses in turn, the last for good. */
const calls: { headers: IncomingHttpHeaders; body: string }[] = [];
let statuses: number[] = [204];

beforeAll(async () => {
  server = await openReleaseServer();
  receiver = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      const status = statuses.length > 1 ? statuses.shift() : statuses[0];
      response.writeHead(status ?? 500, status === 302 ? { location: `${url}/elsewhere` } : {}).end('thank you');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/secret-path?token=secret-word`;
});
afterAll(async () => {
  receiver.close();
  await server.close();
});

let turn = 0;
let release: { period: typeof AUGUST; party: string; revision: number };
beforeEach(async () => {
  calls.length = 0;
  statuses = [204];
  // Each test has a party of its own.
  turn++;
  release = { period: AUGUST, party: `Party ${turn}`, revision: 0 };
  await server.store.addRelease(filesOf(release.party));
  await agree({ kind: 'webhook', url });
});

async function agree(delivery: StoredAgreement['delivery']): Promise<void> {
  const names = { vendors: ['Snom'], lineage: true, platforms: [], contact: 'Ada' };
  await server.store.putAgreement({ party: release.party, ...names, delivery, at: 1, by: 'admin' });
}
const deliver = () => deliverRelease(release, server.deliverDeps);
const makeDue = () =>
  redeliver(release, { releases: server.store, clock: server.clock, jobs: { enqueue: async () => {} } });
const told = async () =>
  (await server.store.deliveries())
    .filter(({ party }) => party === release.party)
    .map(({ event, outcome }) => `${event} ${outcome}`.trim());

describe('a release that is due', () => {
  test('is brought to its webhook, signed with the secret that releasers are shown', async () => {
    await makeDue();
    await deliver();
    expect(await told()).toEqual(['due', 'delivered 204']);
    const secret = await server.as('releaser', 'GET', `/v1/agreements/${encodeURIComponent(release.party)}/secret`);
    const key = Buffer.from(String(secret.json?.secret).replace('whsec_', ''), 'base64');
    const { headers, body } = calls[0]!;
    const text = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
    expect(headers['webhook-signature']).toBe(`v1,${createHmac('sha256', key).update(text).digest('base64')}`);
    expect(headers['webhook-timestamp']).toBe(String(Math.floor(server.clock.now() / 1_000)));
    const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);
    expect(JSON.parse(body)).toEqual({
      ...{ type: 'release.published', ...release },
      files: filesOf(release.party)
        .map(({ name, content }) => ({ name, content }))
        .sort(byName),
    });
  });

  test('is delivered once, however often the job runs, until it is due again', async () => {
    await makeDue();
    for (let run = 0; run < 3; run++) await deliver();
    expect(calls).toHaveLength(1);
    await makeDue();
    await deliver();
    expect(await told()).toEqual(['due', 'delivered 204', 'due', 'delivered 204']);
    // Of one release every message has one id: a receiver that has it drops it.
    expect(new Set(calls.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test('is tried again after a failure, and each attempt is recorded', async () => {
    statuses = [500, 302, 204];
    await makeDue();
    for (const _ of [500, 302])
      await expect(deliver()).rejects.toMatchObject({ code: 'webhook-failed', retryable: true });
    await deliver();
    expect(await told()).toEqual(['due', 'failed 500', 'failed 302', 'delivered 204']);
    // The redirect went nowhere.
    expect(calls).toHaveLength(3);
  });

  test('is dead after the last attempt, and not called again until somebody makes it due', async () => {
    statuses = [503];
    await makeDue();
    for (let i = 1; i < DELIVER_OPTIONS.attempts; i++)
      await expect(deliver()).rejects.toMatchObject({ retryable: true });
    for (const _ of ['last', 'by hand']) {
      await expect(deliver()).rejects.toMatchObject({ code: 'webhook-dead', retryable: false });
      await expect(deliver()).rejects.toMatchObject({ code: 'webhook-dead' });
    }
    expect(await told()).toEqual(['due', ...Array<string>(8).fill('failed 503'), 'dead']);
    expect(calls).toHaveLength(8);
    statuses = [200];
    await makeDue();
    await deliver();
    expect((await told()).slice(-2)).toEqual(['due', 'delivered 200']);
  });

  test('is not sent when the agreement has ended, or is about downloads', async () => {
    await makeDue();
    await agree({ kind: 'download' });
    await deliver();
    await server.store.endAgreement(release.party, 2, 'admin');
    await deliver();
    expect([calls.length, await told()]).toEqual([0, ['due']]);
  });

  test('is not sent to an address that is not public; that is recorded without the address', async () => {
    await agree({ kind: 'webhook', url: 'https://releases.example/secret-path' });
    const resolve = async () => [{ address: '10.9.8.7', family: 4 }];
    await makeDue();
    const deps = { ...server.deliverDeps, webhook: { resolve } };
    await expect(deliverRelease(release, deps)).rejects.toMatchObject({ code: 'webhook-failed' });
    expect(await told()).toEqual(['due', 'failed webhook-not-public']);
  });

  test('that nobody made is not tried again', async () => {
    await agree({ kind: 'webhook', url });
    for (const wrong of [{ ...release, revision: 7 }, { ...release, period: 'now' }, {}])
      await expect(deliverRelease(wrong, server.deliverDeps)).rejects.toMatchObject({ code: 'no-such-release' });
    expect(calls).toEqual([]);
  });
});

describe('a releaser', () => {
  const again = (party: string, query = '') =>
    server.as('releaser', 'POST', `/v1/releases/${AUGUST}/${encodeURIComponent(party)}/redeliver${query}`);

  test('has a release sent again, which is written down, and the queue brings it there through failures', async () => {
    statuses = [500, 500, 204];
    await server.audited();
    server.enqueued.length = 0;
    const answer = await again(release.party);
    expect([answer.status, answer.json]).toEqual([202, { state: 'enqueued', revision: 0 }]);
    expect(await server.audited()).toEqual([`release.redelivered ${AUGUST} ${release.party} 0`]);
    expect(server.enqueued).toEqual([`deliver ${AUGUST}|${release.party}|0`]);
    await vi.waitFor(async () => expect(await told()).toContain('delivered 204'), SOON);
    expect(await told()).toEqual(['due', 'failed 500', 'failed 500', 'delivered 204']);
  });

  test('is told when there is nothing to send, or nowhere to send it', async () => {
    expect((await again('Nobody')).status).toBe(404);
    expect((await again(release.party, '?revision=1')).status).toBe(404);
    await agree({ kind: 'download' });
    expect((await again(release.party)).json?.type).toBe('/problems/no-webhook');
    await server.store.endAgreement(release.party, 2, 'admin');
    expect((await again(release.party)).json?.type).toBe('/problems/no-such-agreement');
    expect(await told()).toEqual([]);
  });
});

test('what was called stands in no log, in no record, in no failed job and in no audit', async () => {
  statuses = [500];
  await server.as('releaser', 'POST', `/v1/releases/${AUGUST}/${encodeURIComponent(release.party)}/redeliver`);
  await vi.waitFor(async () => expect(await server.jobs.failed()).toHaveLength(1), SOON);
  expect(calls.length).toBe(8);
  const everything = JSON.stringify([
    server.logged,
    await server.store.deliveries(),
    await server.jobs.failed(),
    (await server.as('admin', 'GET', '/v1/audit?limit=1000')).text,
    (await server.as('reader', 'GET', '/v1/ledger')).text,
  ]);
  expect(everything).toContain(release.party);
  for (const secret of ['secret-path', 'secret-word', '127.0.0.1', 'thank you', 'Ünlisted', 'whsec_'])
    expect(everything, secret).not.toContain(secret);
});
