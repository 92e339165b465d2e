import type { Seeded } from '../re-join/seeded.ts';
import type { Cube } from './cube.ts';
import type { Attack, Question } from './question.ts';
import type { Releaser } from './releaser.ts';
import { bestAccuracy, type Score } from './score.ts';

/**
 * Many questions, each about a fresh target under fresh noise, in one of two worlds that a coin chose. Where the releases
 * tell nothing, a coin guesses as well.
 */
export function runAttack(
  attack: Attack,
  releaser: Releaser,
  { fleets, trials, random }: { readonly fleets: readonly Cube[]; readonly trials: number; readonly random: Seeded },
): Score {
  let [right, best] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const { worlds, guess } = poseOne(attack, releaser, fleets, random);
    const truth = random.below(2) as 0 | 1;
    const guessed = guess(releaser.release(worlds[truth])) ?? random.below(2);
    if (guessed === truth) right++;
    best += bestAccuracy(...worlds);
  }
  return { trials, accuracy: right / trials, best: best / trials };
}

const MOST_TRIES = 100;

function poseOne(attack: Attack, releaser: Releaser, fleets: readonly Cube[], random: Seeded): Question {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const question = attack.pose(fleets[random.below(fleets.length)]!, releaser, random);
    if (question !== undefined) return question;
  }
  throw new Error(`no fleet has a target for: ${attack.name}`);
}
