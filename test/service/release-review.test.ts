import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPeriods } from '../../services/core/period.ts';
import {
  AUGUST,
  cell,
  closed,
  filesOf,
  OCTOBER,
  openReleaseServer,
  type ReleaseServer,
  SEPTEMBER,
} from './release-server.ts';

const WEEK_MS = 7 * 86_400_000;
let server: ReleaseServer;
beforeAll(async () => {
  server = await openReleaseServer();
});
afterAll(() => server.close());

const typeOf = ({ status, json }: { status: number; json: Record<string, unknown> | undefined }) =>
  `${status} ${String(json?.type ?? '').replace('/problems/', '')}`.trim();

describe('held numbers', () => {
  let releasedAt: number;
  const decide = (model: string, decision: string, period: string = SEPTEMBER) =>
    server.as('releaser', 'POST', '/v1/held/decisions', {
      period,
      cell: { query: 'phone_model', category: 'phone', vendor: 'Snom', model },
      decision,
    });
  const heldAnswer = async (query = '') => (await server.as('releaser', 'GET', `/v1/held${query}`)).json;

  test('are none before any month was noised', async () => {
    expect(await heldAnswer()).toEqual({ period: null, deadline: null, first: false, cells: [] });
    expect(await heldAnswer(`?period=${AUGUST}`)).toEqual({ period: AUGUST, deadline: null, first: false, cells: [] });
  });

  test('stand beside those of the month before, rounded, and are not decided before the release', async () => {
    releasedAt = server.clock.now();
    await closed(server.store, AUGUST, [cell('D785', { sites: 21, phones: null })], 1);
    // An installation's first says that nothing of it is held, and why.
    const ofFirst = { period: AUGUST, deadline: new Date(1 + WEEK_MS).toISOString(), first: true, cells: [] };
    expect(await heldAnswer()).toEqual(ofFirst);
    expect(await heldAnswer('?period=all')).toMatchObject({ period: null, first: true, cells: [] });
    const cells = [
      cell('D735', { held: 'growth' }),
      cell('D785', { held: 'growth', sites: 88, phones: 9_876 }),
      cell('D865'),
    ];
    const last = cell('D120', { held: 'growth', phones: null });
    await closed(server.store, SEPTEMBER, [...cells, last], undefined, AUGUST);
    expect(await heldAnswer()).toMatchObject({ period: SEPTEMBER, deadline: null, cells: [{}, {}, {}] });
    expect(typeOf(await decide('D785', 'approve'))).toBe('409 not-released');
    await server.store.addTransition({
      ...{ period: SEPTEMBER, seq: 7, step: 'RELEASED', at: releasedAt, nonce: 'n', detail: {} },
    });
    const names = { query: 'phone_model', platform: '', category: 'phone', vendor: 'Snom' };
    const deadline = new Date(releasedAt + WEEK_MS).toISOString();
    const more = {
      ...{ period: SEPTEMBER, deadline, why: 'growth', decision: null },
      margin: { sites: 16, phones: 5 as number | null },
      limit: { sites: expect.any(Number), phones: null },
    };
    const open = [
      {
        ...more,
        cell: { ...names, model: 'D120' },
        now: { sites: 45, phones: null },
        margin: { sites: 16, phones: null },
        earlier: null,
      },
      { ...more, cell: { ...names, model: 'D735' }, now: { sites: 45, phones: 4_320 }, earlier: null },
      {
        ...more,
        cell: { ...names, model: 'D785' },
        now: { sites: 90, phones: 9_880 },
        earlier: { sites: 20, phones: null },
      },
    ];
    expect(await heldAnswer(`?period=${SEPTEMBER}`)).toEqual({
      period: SEPTEMBER,
      deadline,
      first: false,
      cells: open,
    });
    expect(await heldAnswer('?period=all')).toMatchObject({ period: null, deadline: null, cells: open });
  });

  test('are decided once, written down first, and an approved one makes an amendment', async () => {
    await server.audited();
    expect((await decide('D785', 'approve')).status).toBe(201);
    expect(await server.audited()).toEqual([`cell.decided ${SEPTEMBER} approve phone_model phone Snom D785`]);
    expect(server.enqueued).toEqual([`issue ${SEPTEMBER}`]);
    expect((await decide('D735', 'suppress')).status).toBe(201);
    expect(server.enqueued).toHaveLength(1);
    for (const again of ['approve', 'suppress'])
      expect(typeOf(await decide('D785', again))).toBe('409 decided-already');
    expect((await heldAnswer())?.cells).toMatchObject([
      { decision: null },
      { decision: 'suppress' },
      { decision: 'approve' },
    ]);
    expect(await server.store.decisions(SEPTEMBER)).toHaveLength(2);
  });

  test('that no release has shown are decided in one act, but for those that were decided one by one', async () => {
    const decideAll = (decision: string, period: string = OCTOBER) =>
      server.as('releaser', 'POST', '/v1/held/new-names', { period, decision });
    const fresh = ['D892', 'D895', 'D897'].map((model) => cell(model, { held: 'new-name' }));
    await closed(server.store, OCTOBER, [...fresh, cell('D899', { held: 'growth' })], server.clock.now(), SEPTEMBER);
    expect(typeOf(await decideAll('approve', SEPTEMBER))).toBe('404 not-held');
    expect((await decide('D895', 'suppress', OCTOBER)).status).toBe(201);
    await server.audited();
    const before = server.enqueued.length;
    expect(await decideAll('approve')).toMatchObject({ status: 201, json: { period: OCTOBER, decided: 2 } });
    expect(await server.audited()).toEqual([`new-names.decided ${OCTOBER} approve 2`]);
    expect(server.enqueued.slice(before)).toEqual([`issue ${OCTOBER}`]);
    expect((await heldAnswer(`?period=${OCTOBER}`))?.cells).toMatchObject([
      { cell: { model: 'D892' }, why: 'new-name', decision: 'approve' },
      { cell: { model: 'D895' }, why: 'new-name', decision: 'suppress' },
      { cell: { model: 'D897' }, why: 'new-name', decision: 'approve' },
      { cell: { model: 'D899' }, why: 'growth', decision: null },
    ]);
    expect(typeOf(await decideAll('approve'))).toBe('404 not-held');
    expect((await server.as('reader', 'POST', '/v1/held/new-names', { period: OCTOBER })).status).toBe(403);
  });

  test('are only those that are held', async () => {
    for (const model of ['D865', 'none']) expect(typeOf(await decide(model, 'approve'))).toBe('404 not-held');
    expect(typeOf(await decide('D785', 'approve', '2025-01'))).toBe('404 not-held');
    expect(typeOf(await decide("D785'\n", 'approve'))).toBe('400 invalid-body');
    expect(await server.audited()).not.toContainEqual(expect.stringContaining('D865'));
  });

  test('stay unpublished when nobody decided within a week', async () => {
    server.clock.moveTo(releasedAt + WEEK_MS + 1);
    expect(typeOf(await decide('D120', 'approve'))).toBe('409 too-late');
    expect(await server.store.decisions(SEPTEMBER)).toHaveLength(2);
  });

  test('are shown to releasers only', async () => {
    for (const scope of ['reader', 'curator', 'manufacturer:Snom'])
      expect((await server.as(scope, 'GET', '/v1/held')).status, scope).toBe(403);
  });
});

describe('the ledger', () => {
  test('says what each month cost and who received what when, also as rows', async () => {
    const at = Date.parse('2026-10-04T00:10:00Z');
    const noised = { rho: 0.245625, epsilon: 3.51, delta: 1.1e-6 };
    await server.store.addLedgerEntry({ period: SEPTEMBER, at, profile: 'noised', ...noised });
    const bare = { rho: null, epsilon: null, delta: null };
    await server.store.addLedgerEntry({ period: AUGUST, at: at - 1, profile: 'threshold', ...bare });
    await server.store.addRelease(filesOf('Snom', 0, SEPTEMBER));
    await server.store.addRelease(filesOf('Yealink', 0, SEPTEMBER));
    for (const [event, outcome] of [
      ['due', ''],
      ['failed', '503'],
      ['delivered', '204'],
    ] as const)
      await server.store.addDelivery({
        period: SEPTEMBER,
        party: 'Snom',
        revision: 0,
        event,
        at,
        way: 'webhook',
        outcome,
      });
    const time = new Date(at).toISOString();
    const { json } = await server.as('reader', 'GET', '/v1/ledger');
    expect(json?.entries).toEqual([
      { period: AUGUST, at: new Date(at - 1).toISOString(), profile: 'threshold', ...bare, releases: [] },
      {
        ...{ period: SEPTEMBER, at: time, profile: 'noised', ...noised },
        releases: [
          {
            ...{ party: 'Snom', revision: 0 },
            deliveries: [
              { event: 'due', at: time, way: 'webhook', outcome: '' },
              { event: 'failed', at: time, way: 'webhook', outcome: '503' },
              { event: 'delivered', at: time, way: 'webhook', outcome: '204' },
            ],
          },
          { party: 'Yealink', revision: 0, deliveries: [] },
        ],
      },
    ]);
    const pages = await Promise.all(
      ['limit=1', 'limit=1&offset=1', 'offset=2'].map(
        async (page) => (await server.as('releaser', 'GET', `/v1/ledger?${page}`)).json,
      ),
    );
    // Each page says how many months there are, and what all of the year cost.
    for (const one of pages) expect(one).toMatchObject({ total: 2, lastYear: json?.lastYear });
    expect(pages.flatMap((one) => one?.entries)).toEqual(json?.entries);
    expect((await server.as('releaser', 'GET', '/v1/ledger?limit=0')).status).toBe(400);
    const { text } = await server.as('curator', 'GET', '/v1/ledger?format=csv');
    expect(text.replace('\ufeff', '').trimEnd().split('\r\n')).toEqual([
      'period,at,profile,rho,epsilon,delta,party,revision,event,eventAt,way,outcome',
      `2026-08,2026-10-04T00:09:59.999Z,threshold,,,,,,,,,`,
      ...[',due,', ',failed,503', ',delivered,204'].map((said) => {
        const [, event, outcome] = said.split(',');
        return `2026-09,${time},noised,0.245625,3.51,0.0000011,Snom,0,${event},${time},webhook,${outcome}`;
      }),
      `2026-09,${time},noised,0.245625,3.51,0.0000011,Yealink,0,,,,`,
    ]);
  });
});

describe('the profile', () => {
  const choose = (profile: string, since: string) =>
    server.as('admin', 'POST', '/v1/release-profile', { profile, since });

  test('is chosen by an admin for months that have not begun', async () => {
    await server.audited();
    const month = openPeriods(server.clock.now())[0];
    expect(month).toBe(OCTOBER);
    for (const since of [SEPTEMBER, OCTOBER]) expect(typeOf(await choose('threshold', since))).toBe('409 period-begun');
    expect((await choose('threshold', '2026-11')).status).toBe(201);
    expect((await choose('noised', '2027-01')).status).toBe(201);
    expect(await server.audited()).toEqual(['profile.chosen threshold 2026-11', 'profile.chosen noised 2027-01']);
    const at = new Date(server.clock.now()).toISOString();
    expect((await server.as('reader', 'GET', '/v1/release-profile')).json).toEqual({
      choices: [
        { since: '2026-11', profile: 'threshold', at, by: 'admin' },
        { since: '2027-01', profile: 'noised', at, by: 'admin' },
      ],
    });
    expect((await server.as('releaser', 'POST', '/v1/release-profile', {})).status).toBe(403);
  });
});

describe('a month', () => {
  const close = (period: string) => server.as('releaser', 'POST', `/v1/periods/${period}/close`);

  test('is closed on request when it may be, and the answer says from when', async () => {
    await server.audited();
    const early = await close(OCTOBER);
    expect(typeOf(early)).toBe('409 too-early');
    expect(early.json?.detail).toContain('2026-11-04T00:10:00.000Z');
    expect(await server.audited()).toEqual([]);
    const answer = await close(SEPTEMBER);
    expect([answer.status, answer.json]).toEqual([202, { state: 'enqueued' }]);
    expect(await server.audited()).toEqual([`close.requested ${SEPTEMBER}`]);
    server.closing = 'already';
    expect((await close(SEPTEMBER)).json).toEqual({ state: 'already' });
    server.closing = 'too-early';
    expect(typeOf(await close(SEPTEMBER))).toBe('409 too-early');
    for (const wrong of ['2026-13', 'now']) expect((await close(wrong)).status).toBe(400);
  });
});
