/** The middle value. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Runs both alternately and gives the medians and the median of the pairs' ratios (ours by control). */
export async function alternate(
  runs: number,
  ours: () => Promise<number>,
  control: () => Promise<number>,
): Promise<{ ours: number; control: number; ratio: number }> {
  const pairs: { ours: number; control: number }[] = [];
  for (let i = 0; i < runs; i++) pairs.push({ control: await control(), ours: await ours() });
  return {
    ours: median(pairs.map((pair) => pair.ours)),
    control: median(pairs.map((pair) => pair.control)),
    ratio: median(pairs.map((pair) => pair.ours / pair.control)),
  };
}

export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
