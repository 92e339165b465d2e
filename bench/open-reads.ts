import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type Fates, openLoop } from './open-loop.ts';

export interface Reads {
  readonly url: string;
  readonly key: string;
  readonly paths: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  readonly patienceMs: number;
}

/** Reads that come when they come, from a thread of their own: one that also sends reports would tell their lateness as its own. */
export function openReads(reads: Reads): Promise<Fates> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: reads });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

if (!isMainThread) {
  const { url, key, paths, ...rest } = workerData as Reads;
  let asked = 0;
  const next = () =>
    Buffer.from(
      `GET ${paths[asked++ % paths.length]} HTTP/1.1\r\nHost: rollcall\r\nAuthorization: Bearer ${key}\r\n\r\n`,
    );
  parentPort?.postMessage(await openLoop({ url, next, ...rest }));
}
