import { connect, type Socket } from 'node:net';

const AGAIN_MS = 100;

export interface Load {
  readonly url: string;
  readonly bodies: readonly Buffer[];
  readonly connections: number;
  /** How many are sent in all. */
  readonly count: number;
  readonly expectedStatus: string;
}

/**
 * Sends so many requests and waits for their answers, over keep-alive connections with one request in flight each. Raw sockets:
 * the generator must cost less than the server it measures. Throws when an answer has another status.
 */
export async function sendAll(load: Load): Promise<void> {
  const requests = load.bodies.map((body) => requestOf(load.url, body));
  let left = load.count;
  await sendEach(load, () => (left-- > 0 ? requests[left % requests.length] : undefined));
}

/** The bytes of a report's request; at another path, of another type, of what is sent there. */
export function requestOf(url: string, body: Buffer, path = '/v1/reports', type = 'application/json'): Buffer {
  const head = `POST ${path} HTTP/1.1\r\nHost: ${new URL(url).hostname}\r\nContent-Type: ${type}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), body]);
}

/** What is sent next: undefined ends a connection, a promise makes it wait. */
type Next = () => Buffer | undefined | Promise<Buffer | undefined>;

/** The same with requests that are made, or due, one by one. */
export async function sendEach(
  { url, connections, expectedStatus }: Pick<Load, 'url' | 'connections' | 'expectedStatus'>,
  next: Next,
): Promise<void> {
  const { hostname, port } = new URL(url);
  await Promise.all(Array.from({ length: connections }, () => drive(hostname, Number(port), next, expectedStatus)));
}

function drive(host: string, port: number, next: Next, expectedStatus: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket: Socket = connect({ host, port, noDelay: true });
    let buffered = '';
    let sent: Buffer = Buffer.alloc(0);
    const write = (request: Buffer | undefined) => {
      if (request) return void socket.write((sent = request));
      socket.end();
      resolve();
    };
    const send = () => {
      const request = next();
      if (request instanceof Promise) request.then(write, reject);
      else write(request);
    };
    socket.once('connect', send);
    socket.on('data', (chunk) => {
      buffered += chunk.toString('latin1');
      const head = buffered.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(buffered)?.[1] ?? 0);
      if (buffered.length < head + 4 + length) return;
      const status = buffered.slice(9, 12);
      buffered = '';
      // Whoever is told to come again does, as an agent would: what is counted are acknowledgements.
      if (status === '503') return void setTimeout(() => socket.write(sent), AGAIN_MS);
      if (status !== expectedStatus) return reject(new Error(`unexpected answer ${status}`));
      send();
    });
    socket.once('error', reject);
  });
}
