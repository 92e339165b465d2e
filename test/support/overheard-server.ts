import { expect } from 'vitest';
import { startWhole, type Whole } from '../../services/compose/start.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import type { Log, LogFields } from '../../services/shared/log.ts';
import { ADMIN_KEY, temporaryDirectory } from './rollcall-process.ts';

/** A server in this process, on a clock that a test moves, and all that leaves it: answers, journal, metrics, files. */
export class OverheardServer {
  readonly directory = temporaryDirectory();
  /** Where its months' keys are. */
  readonly keys = temporaryDirectory();
  readonly clock: SetClock;
  readonly said: Record<'answers' | 'journal' | 'metrics' | 'files', string[]> = {
    answers: [],
    journal: [],
    metrics: [],
    files: [],
  };

  constructor(now: number) {
    this.clock = new SetClock(now);
  }

  /** In every role. Whoever opens it closes it. */
  open(): Promise<Whole> {
    const config = loadConfig({
      PORT: '0',
      ROLLCALL_DATA_DIR: this.directory,
      ROLLCALL_MONTH_KEY_DIR: this.keys,
      ROLLCALL_ADMIN_KEY: ADMIN_KEY,
      ROLLCALL_PROVISIONAL: 'exact',
      ROLLCALL_REPORTS_PER_MINUTE: '0',
      ROLLCALL_READS_PER_MINUTE: '0',
      // A webhook of this machine.
      ROLLCALL_WEBHOOKS: 'lab',
    });
    return startWhole({ config, clock: this.clock, journal: this.#journal() });
  }

  #journal(): Log {
    const write = (event: string, fields?: LogFields) =>
      void this.said.journal.push(JSON.stringify({ event, ...fields }));
    return { info: write, warn: write, error: write };
  }

  /** Asks with the admin key and keeps the answer. */
  async ask(url: string, method: string, path: string, body?: unknown): Promise<{ status: number; text: string }> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    this.said.answers.push(`${response.status} ${[...response.headers].join(';')} ${text}`);
    return { status: response.status, text };
  }

  /** The same for a path that must answer 200. */
  async read<T>(url: string, path: string): Promise<T> {
    const { status, text } = await this.ask(url, 'GET', path);
    expect(status, path).toBe(200);
    return JSON.parse(text) as T;
  }
}
