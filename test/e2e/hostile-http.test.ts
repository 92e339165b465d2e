import { expect, test } from 'vitest';
import { post, reportOf } from '../support/client.ts';
import { SHAPES, sendShape } from '../support/hostile/http-shapes.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const HONEST = 150;
const ATTACKERS = 4;

/** Milliseconds of each of so many reports, one after the other, all of them taken. */
async function honestLatencies(url: string): Promise<number[]> {
  const took: number[] = [];
  for (let i = 0; i < HONEST; i++) {
    const began = performance.now();
    const response = await post(url, reportOf());
    await response.arrayBuffer();
    took.push(performance.now() - began);
    expect(response.status).toBe(202);
  }
  return took.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], share: number): number => sorted[Math.floor(sorted.length * share)] as number;

test('no hostile shape of HTTP is taken or ends in a fault of ours, and honest reports beside them are all taken', async () => {
  const { url } = await startRollcall(temporaryDirectory());
  const port = Number(new URL(url).port);
  const answers = new Map<string, number | undefined>();
  for (const one of SHAPES) answers.set(one.name, await sendShape(port, one));
  for (const [name, status] of answers) {
    // 501 and 505 say that a verb, an encoding or a version is of nobody: that is the client's fault.
    const fault = status !== undefined && status >= 500 && status !== 501 && status !== 505;
    expect([name, status, status !== undefined && status < 300, fault]).toEqual([name, status, false, false]);
  }

  const alone = await honestLatencies(url);
  let attacking = true;
  let attacks = 0;
  const attackers = Array.from({ length: ATTACKERS }, async (_, first) => {
    for (let i = first; attacking; i++, attacks++)
      await sendShape(port, SHAPES[i % SHAPES.length] as (typeof SHAPES)[number]);
  });
  const beside = await honestLatencies(url);
  attacking = false;
  await Promise.all(attackers);
  expect(attacks).toBeGreaterThan(SHAPES.length);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  // Printed, not judged: how fast a machine with other things to do is says nothing of ours.
  const ratio = (share: number) => (at(beside, share) / at(alone, share)).toFixed(1);
  process.stderr.write(
    `honest reports beside ${attacks} hostile requests: p50 ${at(beside, 0.5).toFixed(1)} ms (${ratio(0.5)} times alone), p99 ${at(beside, 0.99).toFixed(1)} ms (${ratio(0.99)} times)\n`,
  );
});
