import { describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { openMemoryCounters } from '../../services/adapters/memory/memory-counters.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { periodAt, periodStart } from '../../services/core/period.ts';
import { bytesOf } from '../../services/http/addresses/client-address.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { type Answer, ingestOne } from '../../services/ingest/ingest-one.ts';
import type { Mixer } from '../../services/ingest/mixer.ts';
import { NewTokens } from '../../services/ingest/new-tokens.ts';
import { Refused } from '../../services/ingest/refused.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { parsePopularNetworks } from '../../services/shared/popular-networks.ts';
import { simulate } from '../../services/simulator/simulate.ts';
import { reportOf } from '../support/client.ts';
import { keysOf, sealedNames, TICKETS } from '../support/month-keys.ts';

// Ingest's own way of a report, with the address that it came from and without HTTP: test/service/access-limits.test.ts has that.

const PERIOD = '2026-11' as Period;
const NEXT = '2026-12' as Period;
const LIMIT = 250;
const identifier = buildIdentifier(loadCatalog(), PERIOD);

let made = 0;
const newToken = () => `new-token-${String(made++).padStart(20, '0')}`;

interface Came {
  readonly status: number;
  readonly type?: string;
  readonly detail?: string;
  readonly retryAfter?: number;
  readonly ticket?: string;
  readonly answer?: Answer;
}

/** An ingest that takes reports from addresses. */
class Door {
  readonly clock = new SetClock(periodStart(PERIOD) + 3_600_000);
  appendFails = false;
  readonly #newTokens: NewTokens;
  readonly #deps;

  constructor(perNetwork = LIMIT) {
    const popular = parsePopularNetworks('203.0.113.0/24=300,192.0.2.9/32=320')!;
    const counters = openMemoryCounters(this.clock);
    this.#newTokens = new NewTokens({ perNetwork, popular, counters, keys: keysOf(), clock: this.clock });
    const add = async () => {
      if (this.appendFails) throw new Error('no log');
    };
    this.#deps = {
      openPeriods: () => [periodAt(this.clock.now())],
      identifierOf: () => identifier,
      capOf: () => FIRST_CAP,
      mixer: { add } as unknown as Mixer,
      tickets: TICKETS,
      mostDevices: 1_000,
      sealOf: sealedNames,
    };
  }

  async post(client: string, report: object): Promise<Came> {
    const bytes = bytesOf(client);
    const from = bytes && { bytes, direct: client === '127.0.0.1' };
    const admission = { withinLimit: () => {}, newToken: (period: Period) => this.#newTokens.take(period, from) };
    try {
      const answer = await ingestOne(Buffer.from(JSON.stringify(report)), this.#deps, admission);
      return { status: 202, answer, ...('ticket' in answer ? { ticket: answer.ticket } : {}) };
    } catch (thrown) {
      if (!(thrown instanceof Refused)) return { status: 500 };
      const { status, type, detail, headers } = thrown;
      return { status, type, detail, retryAfter: Number(headers?.['retry-after']) };
    }
  }

  newSite(client: string): Promise<Came> {
    return this.post(client, reportOf({ period: periodAt(this.clock.now()), token: newToken() }));
  }

  /** How many new sites come in, before the first that does not. */
  async room(clientOf: (i: number) => string): Promise<number> {
    for (let i = 0; ; i++) if ((await this.newSite(clientOf(i))).status === 429) return i;
  }
}

function expectAbout(taken: number, limit = LIMIT): void {
  expect(taken).toBeGreaterThanOrEqual(Math.floor(limit * 0.8));
  expect(taken).toBeLessThanOrEqual(Math.ceil(limit * 1.2));
}

describe('one network', () => {
  test('brings 651 tokens no more: after 250, a fifth to either side, new ones are told when to come again', async () => {
    const door = new Door();
    expectAbout(await door.room((i) => `198.51.100.${i % 256}`));
    const refused = await door.newSite('198.51.100.7');
    expect(refused).toMatchObject({ status: 429, type: 'too-many-new-tokens' });
    expect(refused.detail).toContain('ROLLCALL_POPULAR_NETWORKS');
    expect(refused.retryAfter).toBeGreaterThan(0);
    expect(refused.retryAfter).toBeLessThanOrEqual(7 * 86_400);
    // The neighbours' network goes on.
    expect((await door.newSite('198.51.101.7')).status).toBe(202);
  });

  test('that is full: who was there shows the ticket and is taken as often as it likes, and leaves without one', async () => {
    const door = new Door();
    const site = reportOf({ period: PERIOD, token: newToken() });
    const { ticket } = await door.post('198.51.102.1', site);
    expect(ticket).toMatch(/^[A-Za-z0-9_-]{32}$/);
    await door.room(() => '198.51.102.2');
    for (let sequence = 1; sequence < 300; sequence++)
      expect((await door.post('198.51.102.1', { ...site, sequence, ticket })).status).toBe(202);
    expect((await door.post('198.51.102.1', { ...site, sequence: 300 })).status).toBe(429);
    // A withdrawal needs no ticket and gives none: it would be had for nothing.
    const gone = await door.post('198.51.102.1', { ...site, sequence: 301, withdraw: true });
    expect(gone).toEqual({ status: 202, answer: { withdrawn: true } });
    expect((await door.post('198.51.102.1', { ...site, token: newToken(), ticket })).status).toBe(429);
    expect((await door.post('198.51.102.1', { ...site, ticket: 'x' })).status).toBe(400);
  });

  test('is not charged for what the log did not take', async () => {
    const door = new Door();
    door.appendFails = true;
    for (let i = 0; i < 2 * LIMIT; i++) expect((await door.newSite('198.51.103.1')).status).toBe(500);
    door.appendFails = false;
    expectAbout(await door.room(() => '198.51.103.1'));
  });

  test('of IPv6 is a /48', async () => {
    const door = new Door();
    expectAbout(await door.room((i) => `2001:db8:1:${i.toString(16)}::1`));
    expect((await door.newSite('2001:db8:2::1')).status).toBe(202);
  });

  test('has a limit of its own and another one each week: what is left tells nobody how many neighbours there are', async () => {
    const door = new Door(100);
    const rooms = [];
    for (let network = 0; network < 8; network++) rooms.push(await door.room(() => `172.20.${network}.1`));
    expect(new Set(rooms).size).toBeGreaterThan(4);
    expect(Math.max(...rooms) - Math.min(...rooms)).toBeGreaterThan(10);
    // Weeks later some have room for a few more, and some have not.
    const more = [];
    for (let week = 0; week < 3; week++) {
      door.clock.moveTo(door.clock.now() + 7 * 86_400_000);
      for (let network = 0; network < 8; network++) more.push(await door.room(() => `172.20.${network}.1`));
    }
    expect(more).toContain(0);
    expect(Math.max(...more)).toBeGreaterThan(0);
    for (let network = 0; network < 8; network++) {
      const all = rooms[network]! + more.filter((_, i) => i % 8 === network).reduce((sum, n) => sum + n, 0);
      expect(all).toBeLessThanOrEqual(120);
    }
  });

  test('begins each month with room for everybody', async () => {
    const door = new Door();
    await door.room(() => '198.51.120.1');
    door.clock.moveTo(periodStart(NEXT) + 1);
    expect((await door.newSite('198.51.120.1')).status).toBe(202);
  });
});

test('networks of one operator have room for twenty together', async () => {
  const door = new Door(5);
  for (const clientOf of [(i: number) => `172.21.${i % 256}.1`, (i: number) => `2001:db9:${i.toString(16)}::1`]) {
    let taken = 0;
    for (let i = 0; i < 200; i++) if ((await door.newSite(clientOf(i))).status === 202) taken++;
    expectAbout(taken, 100);
  }
});

test('this machine itself brings as many as it likes', async () => {
  const door = new Door();
  for (let i = 0; i < 4 * LIMIT; i++) expect((await door.newSite('127.0.0.1')).status).toBe(202);
});

/** A month of a simulated fleet; every site keeps its ticket as the agent does. */
async function fleetFrom(clientOf: (site: number) => string, sites = 300) {
  const door = new Door();
  const [month] = [...simulate({ sites, months: 1, seed: 7, firstPeriod: PERIOD, identifier })];
  const tickets = new Map<string, string>();
  const numbers = new Map<string, number>();
  const refused = new Set<string>();
  let reports = 0;
  for (const { body } of month!.deliveries) {
    if (body.period !== PERIOD) continue;
    const number = numbers.get(body.token) ?? numbers.size;
    numbers.set(body.token, number);
    const ticket = tickets.get(body.token);
    const came = await door.post(clientOf(number), ticket === undefined ? body : { ...body, ticket });
    reports++;
    if (came.ticket) tickets.set(body.token, came.ticket);
    if (came.status !== 202) refused.add(body.token);
    // Who has been counted is never refused, whatever else comes from there; who leaves never is.
    if (ticket !== undefined || body.withdraw === true) expect(came.status).toBe(202);
  }
  return { sites: numbers.size, reports, refused: refused.size };
}

describe('an honest fleet of about 300 phone systems reports all month', () => {
  test('behind one /24 that the operator has listed', async () => {
    const came = await fleetFrom((site) => `203.0.113.${site % 256}`);
    expect(came.sites).toBeGreaterThan(250);
    expect(came.reports).toBeGreaterThan(came.sites);
    expect(came.refused).toBe(0);
  });

  test('behind one address of a provider that is listed', async () => {
    expect(await fleetFrom(() => '192.0.2.9')).toMatchObject({ refused: 0 });
  });

  test('each with a network of its own of one provider of IPv6, listed or not', async () => {
    expect(await fleetFrom((site) => `2001:db8:${(0x100 + site).toString(16)}::1`)).toMatchObject({ refused: 0 });
  });

  test('behind one /24 that is not listed: whoever is beyond the limit is told so, and nobody who was counted', async () => {
    const came = await fleetFrom((site) => `198.51.110.${site % 256}`);
    expect(came.sites - came.refused).toBeGreaterThanOrEqual(LIMIT * 0.8 - 1);
  });
});
