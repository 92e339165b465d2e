import { expect, test } from 'vitest';
import { percentile } from '../../bench/compare.ts';
import { honestBeside, ratioAt } from '../support/hostile/beside.ts';
import { SHAPES, sendShape } from '../support/hostile/http-shapes.ts';
import { startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

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

  const latencies = await honestBeside(url);
  const { beside, attacks, refused } = latencies;
  expect(refused).toBe(0);
  expect(attacks).toBeGreaterThan(SHAPES.length);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  // Printed, not judged: how fast a machine with other things to do is says nothing of ours.
  const said = (share: number) =>
    `${percentile(beside, share).toFixed(1)} ms (${ratioAt(latencies, share).toFixed(1)} times alone)`;
  process.stderr.write(`honest reports beside ${attacks} hostile requests: p50 ${said(0.5)}, p99 ${said(0.99)}\n`);
});
