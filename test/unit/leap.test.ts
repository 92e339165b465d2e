import { expect, test } from 'vitest';
import { certainTime, leapOf, mayHaveBeenAway } from '../../services/core/leap.ts';

const HOUR = 60 * 60_000;
const DAY = 24 * HOUR;
const NOW = Date.UTC(2026, 10, 26);
const seen = (at: number, uptimeMs = 0, boot = 'first') => ({ at, boot, uptimeMs });

test('a clock that went on as long as its host has been running has not leapt, however long that was', () => {
  expect(leapOf(seen(NOW + 90 * DAY, 90 * DAY), [seen(NOW)])).toBe(0);
  expect(leapOf(seen(NOW + 50 * DAY, HOUR), [seen(NOW)])).toBe(50 * DAY - HOUR);
  expect(leapOf(seen(NOW + 2 * HOUR, 0), [seen(NOW)])).toBe(2 * HOUR);
  expect(leapOf(seen(NOW + HOUR, 0), [seen(NOW)])).toBe(0);
});

test('after a boot nobody knows how long the host was off: a day is believed', () => {
  expect(leapOf(seen(NOW + DAY, 0, 'second'), [seen(NOW, HOUR)])).toBe(0);
  expect(leapOf(seen(NOW + DAY + 1, 0, 'second'), [seen(NOW, HOUR)])).toBe(DAY + 1);
  // A container says its own uptime under its host's boot.
  expect(leapOf(seen(NOW + 2 * DAY, 5), [seen(NOW, HOUR)])).toBe(2 * DAY);
  expect(leapOf(seen(NOW + 2 * DAY, 2 * DAY, ''), [seen(NOW, 0, '')])).toBe(2 * DAY);
});

test('a host that has been seen itself is judged by that, another one by whoever was seen last', () => {
  const both = [seen(NOW, 0, 'first'), seen(NOW + 40 * DAY, 0, 'second')];
  expect(leapOf(seen(NOW + 40 * DAY, 40 * DAY, 'first'), both)).toBe(0);
  expect(leapOf(seen(NOW + 40 * DAY, HOUR, 'third'), both)).toBe(0);
  expect(leapOf(seen(NOW + 42 * DAY, HOUR, 'third'), both)).toBe(2 * DAY);
});

test('a process that was not there may have been away for three weeks, one that has seen the time since it began was there', () => {
  const away = (days: number, began: number, boot = 'first') =>
    mayHaveBeenAway(seen(NOW + days * DAY, HOUR, boot), [seen(NOW, HOUR / 2)], began);
  expect(away(15, HOUR - 1)).toBe(true);
  expect(away(15, HOUR / 2)).toBe(false);
  expect(away(21, 0, 'second')).toBe(true);
  expect(away(22, 0, 'second')).toBe(false);
  // Less than the shortest month: whatever the day, a clock that is a month ahead has leapt.
  expect(away(28, HOUR - 1)).toBe(false);
});

test('backwards nothing becomes due, and the first time that is seen is believed', () => {
  expect(leapOf(seen(NOW - 50 * DAY, HOUR), [seen(NOW)])).toBe(0);
  expect(leapOf(seen(NOW), [])).toBe(0);
});

test('what had ended by the last time that was seen, and what the host has run since, has ended: how long it was off is no proof', () => {
  const minutes = 10 * 60_000;
  expect(certainTime(seen(NOW + 50 * DAY, HOUR), [seen(NOW)])).toBe(NOW + HOUR + minutes);
  expect(certainTime(seen(NOW + 3 * DAY, 0, 'second'), [seen(NOW, HOUR)])).toBe(NOW + minutes);
  expect(certainTime(seen(NOW + HOUR, HOUR), [seen(NOW)])).toBe(NOW + HOUR);
  expect(certainTime(seen(NOW - DAY, HOUR), [seen(NOW)])).toBe(NOW - DAY);
  expect(certainTime(seen(NOW), [])).toBe(NOW);
});
