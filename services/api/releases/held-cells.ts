import type { Period } from '../../../schemas/period.ts';
import { DECIDE_WITHIN_MS, type NoisedCell, type ReleaseCell, ROUNDING } from '../../../schemas/release.ts';
import type { Decision, ReleaseStore, Transition } from '../../ports/release-store.ts';

export interface Numbers {
  readonly sites: number;
  readonly phones: number | null;
}

export interface HeldCell {
  readonly cell: Decision['cell'];
  readonly now: Numbers;
  /** In the last month that was released before; null when it had no such cell. */
  readonly earlier: Numbers | null;
  readonly decision: Decision['decision'] | null;
}

export interface HeldCells {
  /** The last moment for a decision, in milliseconds since 1970; null before the release. */
  readonly deadline: number | null;
  readonly cells: readonly HeldCell[];
}

/** The cells of a period that somebody has to look at; undefined when its numbers were never noised. */
export async function heldCells(period: Period, releases: ReleaseStore): Promise<HeldCells | undefined> {
  const transitions = await releases.transitions();
  const cells = await noisedCells(period, transitions, releases);
  if (!cells) return undefined;
  const before = periodBefore(period, transitions);
  const earlier = before === undefined ? [] : ((await noisedCells(before, transitions, releases)) ?? []);
  const earlierOf = new Map(earlier.map((cell) => [nameOf(cell), numbersOf(cell)]));
  const decided = new Map((await releases.decisions(period)).map((one) => [nameOf(one.cell), one.decision]));
  const released = transitions.find((one) => one.period === period && one.step === 'RELEASED');
  return {
    deadline: released ? released.at + DECIDE_WITHIN_MS : null,
    cells: cells
      .filter(({ held }) => held)
      .map((cell) => ({
        cell: namesOf(cell),
        now: numbersOf(cell),
        earlier: earlierOf.get(nameOf(cell)) ?? null,
        decision: decided.get(nameOf(cell)) ?? null,
      })),
  };
}

/** The newest period with noised numbers. */
export function newestNoised(transitions: readonly Transition[]): Period | undefined {
  return transitions.filter(({ step }) => step === 'NOISED').at(-1)?.period;
}

export function nameOf({ query, platform, category, vendor, model }: ReleaseCell | Decision['cell']): string {
  return [query, platform, category, vendor, model].join('|');
}

async function noisedCells(period: Period, transitions: readonly Transition[], releases: ReleaseStore) {
  const step = transitions.find((one) => one.period === period && one.step === 'NOISED');
  return step && releases.noised(period, Number(step.detail.attempt));
}

function periodBefore(period: Period, transitions: readonly Transition[]): Period | undefined {
  return transitions.filter((one) => one.step === 'RELEASED' && one.period < period).at(-1)?.period;
}

function namesOf({ query, platform, category, vendor, model }: NoisedCell): Decision['cell'] {
  return { query, platform, category, vendor, model };
}

function numbersOf({ sites, phones }: NoisedCell): Numbers {
  return {
    sites: rounded(sites, ROUNDING.sites),
    phones: phones === null ? null : rounded(phones, ROUNDING.phones),
  };
}

function rounded(value: number, step: number): number {
  return Math.round(value / step) * step;
}
