import { percentile } from '../../../bench/compare.ts';
import { post, reportOf } from '../client.ts';
import { SHAPES, sendShape } from './http-shapes.ts';

const HONEST = 150;
const ATTACKERS = 4;

/** Milliseconds of honest reports, alone and while hostile requests came. */
export interface Latencies {
  readonly alone: readonly number[];
  readonly beside: readonly number[];
  /** Hostile requests that came meanwhile. */
  readonly attacks: number;
  /** Honest reports that were not taken. */
  readonly refused: number;
}

/** Honest reports one after the other, without and with four who send hostile shapes of HTTP, each as fast as it is answered. */
export async function honestBeside(url: string, honest = HONEST): Promise<Latencies> {
  const port = Number(new URL(url).port);
  const alone = await honestReports(url, honest);
  let attacking = true;
  let attacks = 0;
  const attackers = Array.from({ length: ATTACKERS }, async (_, first) => {
    for (let i = first; attacking; i++, attacks++)
      await sendShape(port, SHAPES[i % SHAPES.length] as (typeof SHAPES)[number]);
  });
  const beside = await honestReports(url, honest);
  attacking = false;
  await Promise.all(attackers);
  const refused = alone.refused + beside.refused;
  return { alone: alone.took, beside: beside.took, attacks, refused };
}

async function honestReports(url: string, count: number): Promise<{ took: number[]; refused: number }> {
  const took: number[] = [];
  let refused = 0;
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    const response = await post(url, reportOf());
    await response.arrayBuffer();
    took.push(performance.now() - began);
    if (response.status !== 202) refused++;
  }
  return { took, refused };
}

/** How much longer than alone, at this share of them. */
export function ratioAt({ alone, beside }: Pick<Latencies, 'alone' | 'beside'>, share: number): number {
  return percentile(beside, share) / percentile(alone, share);
}
