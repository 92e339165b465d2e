import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../../services/simulator/random.ts';
import { post, reportOf } from '../client.ts';
import type { Fate, History, Said, Site } from './history.ts';

const CLIENTS = 6;
/** An agent gives up then, and tries again later. */
const ANSWER_MS = 8_000;

/** Sites that report, correct themselves, repeat themselves, send late what they said before, and take it all back. */
export class Workload {
  readonly #history: History;
  readonly #url: () => string;
  readonly #running: Promise<void>[];
  #stopped = false;
  /** When the last report was acknowledged, on the clock of `performance`. */
  lastAcknowledged = 0;

  constructor(history: History, url: () => string, seed: number) {
    this.#history = history;
    this.#url = url;
    this.#running = Array.from({ length: CLIENTS }, (_, client) => this.#work(new Random(seed, client + 1)));
  }

  /** Resolves when every client has its last answer. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  async #work(random: Random): Promise<void> {
    const own: Site[] = [];
    while (!this.#stopped) {
      await this.#act(random, own);
      await pause(random.int(0, 8));
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

  #say(site: Site, said: Said): Promise<void> {
    // Noted before it is sent: it may be counted before the answer is here.
    site.said.push(said);
    return this.#send(site, said);
  }

  async #send({ token, model }: Site, said: Said): Promise<void> {
    const { sequence, count } = said;
    const devices = [{ category: 'phone' as const, vendor: 'Yealink', model, count: count ?? 1 }];
    const report = reportOf({ token, sequence, devices, ...(count === undefined ? { withdraw: true } : {}) });
    const fate = await Promise.race([this.#fate(report), pause(ANSWER_MS, 'unknown' as const, { ref: false })]);
    // What was acknowledged once stays so, whatever becomes of its repetition.
    if (said.fate !== 'acknowledged') said.fate = fate;
    if (fate === 'acknowledged') this.lastAcknowledged = performance.now();
    if (fate === 'unknown') await pause(50);
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

const WEIGHTS = { again: 4, newer: 3, swapped: 1, withdraw: 2 } as const;
