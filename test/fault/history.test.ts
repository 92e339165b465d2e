import { expect, test } from 'vitest';
import { Random } from '../../services/simulator/random.ts';
import { type Fate, History, MODELS, type Said, verdictOf } from '../support/faults/history.ts';

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
