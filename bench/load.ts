import { connect, type Socket } from 'node:net';

export interface Load {
  readonly url: string;
  readonly bodies: readonly Buffer[];
  readonly connections: number;
  readonly seconds: number;
  readonly expectedStatus: string;
}

/**
 * Requests a second that the server answers, over keep-alive connections with one request in flight each. Raw sockets:
 * the generator must cost less than the server it measures. Throws when an answer has another status.
 */
export async function requestsPerSecond(load: Load): Promise<number> {
  const { hostname, port } = new URL(load.url);
  const requests = load.bodies.map((body) =>
    Buffer.concat([
      Buffer.from(
        `POST /v1/reports HTTP/1.1\r\nHost: ${hostname}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`,
      ),
      body,
    ]),
  );
  const until = performance.now() + load.seconds * 1000;
  const began = performance.now();
  const counts = await Promise.all(
    Array.from({ length: load.connections }, (_, i) => drive(hostname, Number(port), requests, i, until, load)),
  );
  return counts.reduce((sum, n) => sum + n, 0) / ((performance.now() - began) / 1000);
}

function drive(
  host: string,
  port: number,
  requests: readonly Buffer[],
  first: number,
  until: number,
  { expectedStatus }: Load,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port, noDelay: true });
    let next = first * 997;
    let answered = 0;
    let buffered = '';
    const send = () => socket.write(requests[next++ % requests.length] as Buffer);
    socket.once('connect', send);
    socket.on('data', (chunk) => {
      buffered += chunk.toString('latin1');
      const head = buffered.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0);
      if (buffered.length < head + 4 + length) return;
      if (!buffered.startsWith(`HTTP/1.1 ${expectedStatus}`))
        return reject(new Error(`unexpected answer ${buffered.slice(9, 12)}`));
      buffered = '';
      answered++;
      if (performance.now() < until) send();
      else {
        socket.end();
        resolve(answered);
      }
    });
    socket.once('error', reject);
  });
}
