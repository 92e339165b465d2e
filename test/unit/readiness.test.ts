import { expect, test } from 'vitest';
import { tellOfOutages } from '../../services/compose/when-ready.ts';
import { rememberedCheck } from '../../services/http/remembered-check.ts';
import { Failure } from '../../services/shared/failure.ts';
import type { LogFields } from '../../services/shared/log.ts';
import { Troubles } from '../../services/shared/troubles.ts';

function written() {
  const lines: string[] = [];
  const note = (event: string, fields: LogFields = {}) => void lines.push(`${event} ${JSON.stringify(fields)}`);
  return { lines, journal: { info: note, warn: note, error: note } };
}

test('two thousand who ask whether a server is ready have its dependency asked once', async () => {
  let asked = 0;
  let now = 0;
  const { check } = rememberedCheck({ name: 'store', check: async () => void asked++ }, () => now);
  await Promise.all(Array.from({ length: 2_000 }, () => check()));
  expect(asked).toBe(1);
  now = 1_001;
  await check();
  expect(asked).toBe(2);
});

test('a dependency that hangs is not asked a second time, is not ready, and is as soon as it answers', async () => {
  let asked = 0;
  let now = 0;
  let answer = () => {};
  const hangs = () => {
    asked++;
    return new Promise<void>((resolve) => {
      answer = resolve;
    });
  };
  const { check } = rememberedCheck({ name: 'store', check: hangs }, () => now);
  await expect(check()).rejects.toMatchObject({ code: 'no-answer-in-time' });
  now += 5_000;
  const second = check();
  expect(asked).toBe(1);
  answer();
  await second;
});

test('a failure is remembered as long as an answer, and no longer', async () => {
  let works = false;
  let now = 0;
  const check = async () => {
    if (!works) throw new Failure('log-unavailable');
  };
  const remembered = rememberedCheck({ name: 'log', check }, () => now);
  await expect(remembered.check()).rejects.toThrow('log-unavailable');
  works = true;
  await expect(remembered.check()).rejects.toThrow('log-unavailable');
  now = 1_001;
  await remembered.check();
});

test('an outage after the start is in the journal, with the setting, once; and so is its end', async () => {
  const { lines, journal } = written();
  const end = new AbortController();
  let asked = 0;
  const check = async () => {
    asked++;
    if (asked === 6) end.abort();
    if (asked === 2 || asked === 3) throw new Failure('log-unavailable');
  };
  const env = { logUrl: 'kafka://one:9092' };
  await tellOfOutages({ checks: [{ name: 'log', check }] }, { journal, env, signal: end.signal, againMs: 1 });
  expect(lines).toEqual([
    'not ready: log {"setting":"ROLLCALL_LOG_URL","at":"kafka://one:9092","failure":"log-unavailable","times":1}',
    expect.stringMatching(/^ready again: log \{"afterSeconds":\d+,"failures":2\}$/),
  ]);
});

test('what goes on failing is told again once a minute, with how often it did', () => {
  const { lines, journal } = written();
  let now = 0;
  const troubles = new Troubles(journal, () => now);
  for (; now < 150_000; now += 1_000) troubles.met('Kafka did not take a block', new Failure('log-unavailable'));
  expect(lines.map((line) => JSON.parse(line.slice(line.indexOf('{'))).times)).toEqual([1, 61, 121]);
  troubles.over('Kafka did not take a block', 'Kafka takes blocks again');
  troubles.over('Kafka did not take a block', 'Kafka takes blocks again');
  expect(lines.slice(3)).toEqual(['Kafka takes blocks again {"afterSeconds":150,"failures":150}']);
});
