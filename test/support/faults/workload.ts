import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../services/simulator/random.ts';
import { post, reportOf } from '../client.ts';
import type { Fate, History, Said, Site } from './history.ts';

const CLIENTS = 6;
/** An agent gives up then, and tries again later. */
const ANSWER_MS = 8_000;
const LITTLE_MS = 2_000;

/** Sites that report, correct themselves, repeat themselves, send late what they said before, and take it all back. */
export class Workload {
  readonly #history: History;
  readonly #url: () => string;
  readonly #running: Promise<void>[];
  readonly #single: Random;
  #stopped = false;

  constructor(history: History, url: () => string, seed: number) {
    this.#history = history;
    this.#url = url;
    this.#single = new Random(seed, CLIENTS + 1);
    this.#running = Array.from({ length: CLIENTS }, (_, client) => this.#work(new Random(seed, client + 1)));
  }

  /** Resolves when every client has its last answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /** One more site reports, with little patience; when it was acknowledged, on the clock of `performance`. */
  async sayOne(): Promise<number | undefined> {
    const said: Said = { sequence: 1, count: this.#single.int(1, 40), fate: 'unknown' };
    await this.#say(this.#history.newSite(this.#single), said, LITTLE_MS);
    return said.at;
  }

  async #work(random: Random): Promise<void> {
    const own: Site[] = [];
    while (!this.#stopped) {
      await this.#act(random, own);
      await pause(random.int(10, 60));
    }
  }

  async #act(random: Random, own: Site[]): Promise<void> {
    const site = own.length > 0 && random.chance(0.35) ? random.pick(own) : undefined;
    if (site === undefined) {
      const fresh = this.#history.newSite(random);
      own.push(fresh);
      return this.#say(fresh, { sequence: 1, count: random.int(1, 40), fate: 'unknown' });
    }
    const newest = Math.max(...site.said.map(({ sequence }) => sequence));
    const kind = random.weighted(['again', 'newer', 'swapped', 'withdraw'] as const, (one) => WEIGHTS[one]);
    if (kind === 'again') return this.#send(site, random.pick(site.said));
    if (kind === 'withdraw') return this.#say(site, { sequence: newest + 1, count: undefined, fate: 'unknown' });
    if (kind === 'newer') return this.#say(site, { sequence: newest + 1, count: random.int(1, 40), fate: 'unknown' });
    // The newer one arrives first.
    await this.#say(site, { sequence: newest + 2, count: random.int(1, 40), fate: 'unknown' });
    await this.#say(site, { sequence: newest + 1, count: random.int(1, 40), fate: 'unknown' });
  }

  #say(site: Site, said: Said, patienceMs?: number): Promise<void> {
    // Noted before it is sent: it may be counted before the answer is here.
    site.said.push(said);
    return this.#send(site, said, patienceMs);
  }

  async #send({ token, model }: Site, said: Said, patienceMs = ANSWER_MS): Promise<void> {
    const { sequence, count } = said;
    const devices = [{ category: 'phone' as const, vendor: 'Yealink', model, count: count ?? 1 }];
    const report = reportOf({ token, sequence, devices, ...(count === undefined ? { withdraw: true } : {}) });
    const answered = this.#fate(report).then((fate) => note(said, fate));
    // Who waits no longer may be answered all the same, and then that is noted.
    const fate = await Promise.race([answered, pause(patienceMs, 'unknown' as const, { ref: false })]);
    if (fate !== 'unknown') return;
    said.doubted = true;
    await pause(50);
  }

  async #fate(report: unknown): Promise<Fate> {
    try {
      const response = await post(this.#url(), report);
      await response.arrayBuffer();
      if (response.status === 202) return 'acknowledged';
      return response.status < 500 && response.status !== 429 ? 'refused' : 'unknown';
    } catch {
      return 'unknown';
    }
  }
}

/** What was acknowledged once stays so; and what may have been taken once is not refused by what becomes of its repetition. */
function note(said: Said, fate: Fate): Fate {
  if (said.fate === 'acknowledged') return fate;
  said.fate = fate === 'refused' && said.doubted ? 'unknown' : fate;
  if (fate === 'acknowledged') said.at = performance.now();
  return fate;
}

const WEIGHTS = { again: 4, newer: 3, swapped: 1, withdraw: 2 } as const;
