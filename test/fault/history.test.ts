import { expect, test } from 'vitest';
import { Random } from '../../services/simulator/random.ts';
import { type Fate, History, MODELS, type Said, verdictOf } from '../support/faults/history.ts';
import { planOf } from '../support/faults/plan.ts';
import { Probe } from '../support/faults/probe.ts';

const random = new Random(1);
const [MODEL] = MODELS;

function historyOf(
  ...sites: readonly (readonly [sequence: number, count: number | undefined, fate: Fate][])[]
): History {
  const history = new History();
  for (const said of sites) {
    const site = { token: random.token(), model: MODEL, said: [] as Said[] };
    for (const [sequence, count, fate] of said) site.said.push({ sequence, count, fate });
    history.sites.push(site);
  }
  return history;
}

test.each<[string, History, [number, number], [number, number]]>([
  ['an acknowledged report counts', historyOf([[1, 7, 'acknowledged']]), [1, 1], [7, 7]],
  ['one of which nobody knows may count', historyOf([[1, 7, 'unknown']]), [0, 1], [0, 7]],
  ['a refused one does not', historyOf([[1, 7, 'refused']]), [0, 0], [0, 0]],
  [
    'the newest acknowledged one holds',
    historyOf([
      [1, 7, 'acknowledged'],
      [2, 3, 'acknowledged'],
    ]),
    [1, 1],
    [3, 3],
  ],
  [
    'whatever order they came in',
    historyOf([
      [2, 3, 'acknowledged'],
      [1, 7, 'acknowledged'],
    ]),
    [1, 1],
    [3, 3],
  ],
  [
    'an older unknown one never does',
    historyOf([
      [1, 7, 'unknown'],
      [2, 3, 'acknowledged'],
    ]),
    [1, 1],
    [3, 3],
  ],
  [
    'a newer unknown one may',
    historyOf([
      [1, 7, 'acknowledged'],
      [2, 3, 'unknown'],
    ]),
    [1, 1],
    [3, 7],
  ],
  [
    'a withdrawal wins',
    historyOf([
      [1, 7, 'acknowledged'],
      [2, undefined, 'acknowledged'],
    ]),
    [0, 0],
    [0, 0],
  ],
  [
    'an unknown one may have',
    historyOf([
      [1, 7, 'acknowledged'],
      [2, undefined, 'unknown'],
    ]),
    [0, 1],
    [0, 7],
  ],
])('%s', (_what, history, sites, devices) => {
  expect(history.bounds(MODEL)).toEqual({ sites, devices });
});

test('what is lost, double or wrong is told; what is under the threshold and hidden is not', () => {
  const history = historyOf(...Array.from({ length: 6 }, () => [[1, 2, 'acknowledged']] as [number, number, Fate][]));
  const verdict = (sites: number, devices: number) => verdictOf(history, new Map([[MODEL, { sites, devices }]]), 5);
  expect(verdict(6, 12)).toEqual({ lost: 0, double: 0, wrongDevices: 0 });
  expect(verdict(5, 10)).toMatchObject({ lost: 1 });
  expect(verdict(7, 14)).toMatchObject({ double: 1 });
  expect(verdict(6, 13)).toMatchObject({ wrongDevices: 1 });
  expect(verdictOf(history, new Map(), 5)).toMatchObject({ lost: 6 });
  expect(verdictOf(historyOf([[1, 2, 'acknowledged']]), new Map(), 5)).toMatchObject({ lost: 0 });
});

test('at a later time, what was acknowledged by then holds unless a newer word came since', () => {
  const history = historyOf(
    [[1, 7, 'acknowledged']],
    [
      [1, 7, 'acknowledged'],
      [2, undefined, 'acknowledged'],
    ],
  );
  for (const [i, { said }] of history.sites.entries()) for (const one of said) one.at = 100 * (i + one.sequence);
  expect(history.bounds(MODEL, 50).sites).toEqual([0, 2]);
  expect(history.bounds(MODEL, 250).sites).toEqual([1, 2]);
  expect(history.bounds(MODEL, 350).sites).toEqual([1, 1]);
});

test('what earlier runs came to is kept when their sites say nothing any more', () => {
  const history = historyOf([[1, 7, 'acknowledged']], [[1, 5, 'unknown']], [[1, 3, 'refused']]);
  const before = { ...history.bounds(MODEL), ever: history.everSaid(MODEL), sent: history.sent };
  history.seal();
  expect({ ...history.bounds(MODEL), ever: history.everSaid(MODEL), sent: history.sent }).toEqual(before);
  expect(before).toEqual({ sites: [1, 2], devices: [7, 12], ever: 2, sent: 3 });
  expect(history.mayHaveGone(MODEL)).toBe(1);
});

/** An installation that is always ready and shows these numbers of sites, one after the other. */
async function wrongAmong(history: History, sites: readonly number[]): Promise<number> {
  const left = [...sites];
  const shown = () => (left.length > 1 ? left.shift() : left[0]) ?? 0;
  const target = {
    ...{ history, threshold: 5, memoryMb: () => 0, isReady: async () => true },
    counted: async () => new Map([[MODEL, { sites: shown(), devices: 0 }]]),
  };
  const probe = new Probe(target);
  await expect.poll(() => left.length).toBe(1);
  await probe.stop();
  return probe.wrong;
}

test('counts that are more than was sent, or fewer than they were, are wrong while everything is ready', async () => {
  const acknowledged = Array.from({ length: 9 }, () => [[1, 2, 'acknowledged']] as [number, number, Fate][]);
  expect(await wrongAmong(historyOf(...acknowledged), [6, 8, 9])).toBe(0);
  expect(await wrongAmong(historyOf(...acknowledged), [10, 9])).toBe(1);
  expect(await wrongAmong(historyOf(...acknowledged), [9, 6, 9])).toBe(1);
  expect(await wrongAmong(historyOf(...acknowledged), [9, 0, 9])).toBe(1);
  const withdrawn = [...acknowledged, [[2, undefined, 'unknown']] as [number, undefined, Fate][]];
  expect(await wrongAmong(historyOf(...withdrawn), [9, 8])).toBe(0);
});

test('pairs are of different things, and a draw strikes with every fault before it strikes with one again', () => {
  const drawn = planOf({ faults: 'distributed-pairs', seed: 3, times: 20 });
  const faults = drawn.flatMap((run) => run.faults);
  expect(drawn).toHaveLength(20);
  expect(new Set(faults).size).toBe(40);
  expect(drawn).toEqual(planOf({ faults: 'distributed-pairs', seed: 3, times: 20 }));
  const all = planOf({ faults: 'pairs', seed: 1, times: 0 });
  expect(all.some((run) => run.faults.join('+') === 'kill+freeze')).toBe(false);
  expect(new Set(all.map((run) => `${run.target} ${run.faults.toSorted().join('+')}`)).size).toBe(all.length);
});
