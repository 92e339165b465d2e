import { createServer } from 'node:net';

/**
 * Below the range that Linux gives to outgoing connections (32768 up): a server that is down for a moment must find
 * its port free when it comes back, and a client that calls it meanwhile must not by chance connect to itself.
 */
const FIRST = 20_000;
const LAST = 32_000;

/**
 * Each file that runs at the same time has ports of its own: whoever is given one listens there a moment later, or comes back to it after
 * a while, and nobody else may have taken it meanwhile.
 */
const FILES_AT_ONCE = 4;
const SHARE = (LAST - FIRST) / FILES_AT_ONCE;
const OWN = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % FILES_AT_ONCE) * SHARE;

const given = new Set<number>();

/** Ports of 127.0.0.1 on which nothing listens, all different, and each given once. */
export async function freePorts(count: number): Promise<number[]> {
  const ports: number[] = [];
  for (let tries = 0; ports.length < count; tries++) {
    if (tries > 10_000) throw new Error('no free port');
    const port = OWN + Math.floor(Math.random() * SHARE);
    if (given.has(port) || !(await isFree(port))) continue;
    given.add(port);
    ports.push(port);
  }
  return ports;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  return port!;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
