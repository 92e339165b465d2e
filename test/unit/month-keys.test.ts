import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { MonthKeys, type Purpose } from '../../services/shared/month-keys.ts';
import { temporaryDirectory } from '../support/rollcall-process.ts';

const PERIOD = '2026-11' as Period;
const hex = (keys: MonthKeys, period = PERIOD, purpose: Purpose = 'ticket') =>
  keys.of(period).for(purpose).toString('hex');

test('a month has one key, whoever asks first, and one for each purpose that tells none of the others', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const [one, other] = [new MonthKeys({ directory, prefix: '' }), new MonthKeys({ directory, prefix: '' })];
  expect(one.existing(PERIOD)).toBeUndefined();
  expect(hex(one)).toBe(hex(other));
  expect(hex(new MonthKeys({ directory, prefix: '' }))).toBe(hex(one));
  expect(hex(one, '2026-12' as Period)).not.toBe(hex(one));
  expect(hex(one, PERIOD, 'seal-box')).not.toBe(hex(one));
  const file = readFileSync(join(directory, `${PERIOD}.key`)).toString('hex');
  expect([hex(one), hex(one, PERIOD, 'limits')]).not.toContain(file);
});

test('its file is for its owner alone, and installations that share a directory have keys of their own', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const one = new MonthKeys({ directory, prefix: 'a-' });
  const other = new MonthKeys({ directory, prefix: 'b-' });
  expect(hex(one)).not.toBe(hex(other));
  expect(readdirSync(directory).sort()).toEqual([`a-${PERIOD}.key`, `b-${PERIOD}.key`]);
  expect(statSync(join(directory, `a-${PERIOD}.key`)).mode & 0o777).toBe(0o600);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
});

test('one that is forgotten is gone from the directory, and a new one is another', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const keys = new MonthKeys({ directory, prefix: '' });
  const before = hex(keys);
  keys.forget(PERIOD);
  keys.forget(PERIOD);
  expect(readdirSync(directory)).toEqual([]);
  expect(keys.existing(PERIOD)).toBeUndefined();
  expect(hex(keys)).not.toBe(before);
});

test('a process that did not close the month itself keeps its key for the month after at most', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const [closes, takes] = [new MonthKeys({ directory, prefix: '' }), new MonthKeys({ directory, prefix: '' })];
  hex(takes);
  closes.forget(PERIOD);
  hex(takes, '2026-12' as Period);
  expect(takes.existing(PERIOD)).toBeDefined();
  hex(takes, '2027-01' as Period);
  expect(takes.existing(PERIOD)).toBeUndefined();
});

test('months that no close deleted here go when a new key is made', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const keys = new MonthKeys({ directory, prefix: '' });
  for (const period of ['2026-08', '2026-09', '2026-10', '2026-11'] as Period[]) hex(keys, period);
  hex(new MonthKeys({ directory, prefix: 'other-' }), '2026-12' as Period);
  hex(keys, '2026-12' as Period);
  expect(readdirSync(directory).sort()).toEqual(['2026-10.key', '2026-11.key', '2026-12.key', 'other-2026-12.key']);
});

test('a clock that is a year ahead for a while takes no key of a month that is open', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const before = new MonthKeys({ directory, prefix: '' });
  const [grace, open] = [hex(before, '2026-10' as Period), hex(before)];
  hex(new MonthKeys({ directory, prefix: '' }), '2027-12' as Period);
  const after = new MonthKeys({ directory, prefix: '' });
  expect([hex(after, '2026-10' as Period), hex(after)]).toEqual([grace, open]);
});

test('by a secret it is the same everywhere, and no file is made', () => {
  const directory = join(temporaryDirectory(), 'keys');
  const secret = 's'.repeat(32);
  const one = new MonthKeys({ directory, prefix: '', secret });
  expect(hex(one)).toBe(hex(new MonthKeys({ directory: '/nowhere', prefix: '', secret })));
  expect(hex(one)).not.toBe(hex(new MonthKeys({ directory, prefix: '', secret: `${secret}x` })));
  expect(() => readdirSync(directory)).toThrow();
});

test('a directory that cannot be made is named, with its setting', () => {
  const file = join(temporaryDirectory(), 'file');
  writeFileSync(file, '');
  const keys = new MonthKeys({ directory: join(file, 'keys'), prefix: '' });
  expect(() => keys.of(PERIOD)).toThrow(
    expect.objectContaining({
      code: 'month-key-unusable',
      detail: expect.objectContaining({ ROLLCALL_MONTH_KEY_DIR: join(file, 'keys') }),
    }),
  );
});

test('whether it lies in memory is known', () => {
  const directory = join(temporaryDirectory(), 'deep', 'keys');
  mkdirSync(join(directory, '..'));
  expect(new MonthKeys({ directory: '/proc/nothing', prefix: '' }).inMemory()).toBe(false);
  expect(new MonthKeys({ directory: '/dev/shm/not/there', prefix: '' }).inMemory()).toBe(true);
  expect(new MonthKeys({ directory, prefix: '' }).inMemory()).toBeTypeOf('boolean');
});
