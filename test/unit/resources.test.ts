import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { Resources } from '../../services/shared/resources.ts';

class Opened {
  readonly #name: string;
  readonly #closed: string[];
  constructor(name: string, closed: string[]) {
    this.#name = name;
    this.#closed = closed;
  }
  async close(): Promise<void> {
    await sleep(1);
    this.#closed.push(this.#name);
  }
}

const boom = (name: string) => async () => {
  throw new Error(name);
};

describe('what was opened', () => {
  test('is handed back as it was given', () => {
    const log = new Opened('log', []);
    expect(new Resources().add(log)).toBe(log);
  });

  test('is closed in the reverse order, one after the other', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    resources.add(new Opened('store', closed));
    resources.onClose(async () => void closed.push('queue'));
    resources.add(new Opened('log', closed));
    await resources.close();
    expect(closed).toEqual(['log', 'queue', 'store']);
  });

  test('is closed once, however often it is asked for', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    resources.add(new Opened('log', closed));
    await resources.close();
    await resources.close();
    expect(closed).toEqual(['log']);
  });

  test('is closed once also when it is asked for twice at the same time', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    for (const name of ['store', 'log', 'http']) resources.add(new Opened(name, closed));
    await Promise.all([resources.close(), resources.close()]);
    expect([...closed].sort()).toEqual(['http', 'log', 'store']);
  });

  test('is closed although another one fails to, and the failures are told', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    resources.add(new Opened('store', closed));
    resources.onClose(boom('queue'));
    resources.add(new Opened('log', closed));
    resources.onClose(boom('http'));
    const thrown = await resources.close().catch((failure: unknown) => failure);
    expect(closed).toEqual(['log', 'store']);
    expect(thrown).toBeInstanceOf(AggregateError);
    expect((thrown as AggregateError).errors.map((error: Error) => error.message)).toEqual(['http', 'queue']);
  });

  test('is closed although another one fails before it has promised anything', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    resources.add(new Opened('store', closed));
    resources.onClose(() => {
      throw new Error('queue');
    });
    await expect(resources.close()).rejects.toBeInstanceOf(AggregateError);
    expect(closed).toEqual(['store']);
  });

  test('later is closed by the next close', async () => {
    const closed: string[] = [];
    const resources = new Resources();
    await resources.close();
    resources.add(new Opened('log', closed));
    await resources.close();
    expect(closed).toEqual(['log']);
  });
});
