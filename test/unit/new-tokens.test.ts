import { describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import type { Report } from '../../schemas/report.ts';
import { openMemoryCounters } from '../../services/adapters/memory/memory-counters.ts';
import { DAY_MS, nextAttempt } from '../../services/agent/schedule.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { openPeriods, periodAt, periodEnd, periodStart } from '../../services/core/period.ts';
import { bytesOf } from '../../services/http/addresses/client-address.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { type Answer, ingestOne } from '../../services/ingest/ingest-one.ts';
import type { Mixer } from '../../services/ingest/mixer.ts';
import { NewTokens } from '../../services/ingest/new-tokens.ts';
import { Refused } from '../../services/ingest/refused.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { parsePopularNetworks } from '../../services/shared/popular-networks.ts';
import { Random } from '../../services/simulator/random.ts';
import { type Delivery, simulate } from '../../services/simulator/simulate.ts';
import { reportOf } from '../support/client.ts';
import { keysOf, sealedNames, TICKETS } from '../support/month-keys.ts';

// Ingest's own way of a report, with the address that it came from and without HTTP: test/service/access-limits.test.ts has that.

const PERIOD = '2026-11' as Period;
const NEXT = '2026-12' as Period;
const LIMIT = 250;
const WEEK_MS = 7 * DAY_MS;
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
      openPeriods: () => openPeriods(this.clock.now()),
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
    // A week later there is room again, until half as much again as the limit is taken; that too is drawn.
    const all = [...rooms];
    const more = [];
    for (let week = 0; week < 4; week++) {
      door.clock.moveTo(door.clock.now() + WEEK_MS);
      for (let network = 0; network < 8; network++) {
        more.push(await door.room(() => `172.20.${network}.1`));
        all[network]! += more.at(-1)!;
      }
    }
    expect(more).toContain(0);
    for (const taken of all) expectAbout(taken, 150);
    expect(new Set(all).size).toBeGreaterThan(4);
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

/** A site as its agent sees it: what it would send, what it was given, when it comes again. */
interface Agent {
  readonly client: string;
  readonly since: number;
  waiting?: Report | undefined;
  attempts: number;
  ticket?: string | undefined;
  takenAt?: number;
}

let simulated: readonly Delivery[] | undefined;
/** What the fleet's sites send for the month. */
function deliveries(): readonly Delivery[] {
  const [month] = simulated ? [] : [...simulate({ sites: 300, months: 1, seed: 7, firstPeriod: PERIOD, identifier })];
  simulated ??= month!.deliveries.filter(({ body }) => body.period === PERIOD);
  return simulated;
}

/** The same, but that each site's first report comes on the month's first day, as those of agents that run do. */
function allAtOnce(random: Random): Delivery[] {
  const seen = new Set<string>();
  return deliveries()
    .map(({ atMs, body }) => {
      const first = !seen.has(body.token);
      seen.add(body.token);
      return { atMs: first ? periodStart(PERIOD) + random.int(0, DAY_MS) : atMs, body };
    })
    .sort((a, b) => a.atMs - b.atMs);
}

/**
 * A month of a simulated fleet. Every site keeps its ticket, and comes again after a refusal as the agent does: by the agent's own
 * rule, and with its newest report.
 */
async function fleetFrom(clientOf: (site: number) => string, pace: 'its own' | 'at once' = 'at once') {
  const door = new Door();
  const random = new Random(11);
  const coming: (Delivery & { again?: boolean })[] = pace === 'at once' ? allAtOnce(random) : [...deliveries()];
  const agents = new Map<string, Agent>();
  let [reports, refusals] = [0, 0];
  for (let next = coming.shift(); next !== undefined; next = coming.shift()) {
    const { atMs, body } = next;
    // Something newer was sent, or the site has left.
    if (next.again && agents.get(body.token)?.waiting !== body) continue;
    door.clock.moveTo(Math.max(atMs, door.clock.now()));
    const known = agents.get(body.token);
    const agent: Agent = known ?? { client: clientOf(agents.size), since: atMs, attempts: 0 };
    agents.set(body.token, agent);
    const had = agent.ticket;
    const came = await door.post(agent.client, had === undefined ? body : { ...body, ticket: had });
    reports++;
    // Who has been counted is never refused, whatever else comes from there; who leaves never is.
    if (had !== undefined || body.withdraw === true) expect(came.status).toBe(202);
    if (came.status === 202) {
      agent.waiting = undefined;
      agent.takenAt ??= atMs;
      agent.ticket = came.ticket ?? agent.ticket;
      continue;
    }
    expect(came.retryAfter).toBeGreaterThan(0);
    refusals++;
    const again = nextAttempt(atMs, ++agent.attempts, came.retryAfter! * 1_000, (below) => random.int(0, below - 1));
    agent.waiting = body;
    const place = coming.findIndex((one) => one.atMs > again);
    if (again < periodEnd(PERIOD))
      coming.splice(place < 0 ? coming.length : place, 0, { atMs: again, body, again: true });
  }
  const all = [...agents.values()];
  const lateDays = all.map(({ since, takenAt }) => ((takenAt ?? Number.POSITIVE_INFINITY) - since) / DAY_MS);
  return {
    sites: all.length,
    reports,
    refusals,
    refusedAtFirst: all.filter(({ attempts }) => attempts > 0).length,
    never: all.filter(({ takenAt }) => takenAt === undefined).length,
    lateDays: Math.max(...lateDays),
  };
}

describe('an honest fleet of about 300 phone systems reports all month', () => {
  test('behind one /24 that the operator has listed: nobody is refused', async () => {
    const came = await fleetFrom((site) => `203.0.113.${site % 256}`);
    expect(came.sites).toBeGreaterThan(250);
    expect(came.reports).toBeGreaterThan(came.sites);
    expect(came).toMatchObject({ refusals: 0, never: 0 });
  });

  test('behind one address of a provider that is listed', async () => {
    expect(await fleetFrom(() => '192.0.2.9')).toMatchObject({ refusals: 0, never: 0 });
  });

  test('each with a network of its own of one provider of IPv6, listed or not', async () => {
    const came = await fleetFrom((site) => `2001:db8:${(0x100 + site).toString(16)}::1`);
    expect(came).toMatchObject({ refusals: 0, never: 0 });
  });

  test('behind one /24 that is not listed, at the pace of the simulator, whose sites begin in the course of days', async () => {
    expect(await fleetFrom((site) => `198.51.109.${site % 256}`, 'its own')).toMatchObject({ refusals: 0, never: 0 });
  });

  test.each([
    ['one /24', (site: number) => `198.51.110.${site % 256}`],
    ['one address of a NAT', () => '198.51.111.1'],
    ['one /48', (site: number) => `2001:dba:7:${site.toString(16)}::1`],
  ])(
    'behind %s that is not listed, all on one day: who is beyond the limit is taken when the next week has begun',
    async (_, clientOf) => {
      const came = await fleetFrom(clientOf);
      expect(came.sites).toBeGreaterThan(LIMIT);
      expect(came.refusedAtFirst).toBeGreaterThan(0);
      expect(came.refusedAtFirst).toBeLessThanOrEqual(came.sites - LIMIT * 0.8);
      expect(came.never).toBe(0);
      // To the end of the week, and up to a day until the agent asks.
      expect(came.lateDays).toBeLessThanOrEqual(8.1);
    },
  );
});

test('whoever invents sites gets no more by patience than half as many again, all month long', async () => {
  const door = new Door();
  let taken = 0;
  for (let at = periodStart(PERIOD); at < periodEnd(PERIOD); at += DAY_MS / 4) {
    door.clock.moveTo(Math.max(at, door.clock.now()));
    taken += await door.room((i) => `198.51.112.${i % 256}`);
  }
  expectAbout(taken, 1.5 * LIMIT);
});
