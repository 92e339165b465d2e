import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { print } from './compare.ts';
import { askInTurn } from './query-cost/ask.ts';
import { serveStore } from './query-cost/serve-store.ts';
import { STORE, type StoreProcess, startStore } from './query-cost/store-process.ts';
import { type Asked, tableOf } from './query-cost/table.ts';

// Questions are answered from the cube: what they cost must not grow with the facts. Three processes, because the
// embedded engine allows one store a process: few facts, the same few facts again, many facts, and all three the same
// number of cells. They are asked in turn. How far the first two are apart is what this measurement cannot tell.
const PROGRAM = fileURLToPath(import.meta.url);

export async function benchQueryCost(few: number, many: number, requests: number): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
  const stores: StoreProcess[] = [];
  try {
    for (const [name, facts] of Object.entries({ few, again: few, many })) {
      const store = await startStore(PROGRAM, join(directory, name), facts, stopping.signal);
      stores.push(store);
      print(`${name}: ${store.facts} facts, ${store.cells} cells, filled in ${store.fillSeconds.toFixed(0)} s`);
    }
    refuseUnequal(stores);
    const urls = stores.map(({ url }) => url);
    const asked = (await askInTurn(urls, requests)) as unknown as Asked;
    print(`memory of each in MB: ${stores.map((store) => store.memoryMb().toFixed(0)).join(', ')}`);
    print(`ms of ${requests} requests each, in turn, one at a time`);
    for (const line of tableOf(asked)) print(line);
  } finally {
    for (const store of stores) await store.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Stores of different cubes would differ for a reason that is not the number of facts. */
function refuseUnequal(stores: readonly StoreProcess[]): void {
  if (new Set(stores.map(({ cells }) => cells)).size !== 1) throw new Error('the stores differ in their cells');
}

// Run by itself: it fills a disk. `node dist/bench/query-cost.js 1000000 50000000`
if (process.argv[1]?.endsWith('query-cost.js')) {
  const [first, ...rest] = process.argv.slice(2);
  if (first === STORE) await serveStore(rest[0] as string, Number(rest[1]));
  else await benchQueryCost(Number(first ?? 1_000_000), Number(rest[0] ?? 50_000_000), Number(rest[1] ?? 500));
}
