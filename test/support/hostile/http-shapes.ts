import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';

/** Bytes that no honest client sends, and how long it stays connected when no answer comes. */
export interface Shape {
  readonly name: string;
  readonly bytes: Buffer;
  /** Sent and then nothing more: half a request. */
  readonly half?: boolean;
}

const shape = (name: string, text: string | Buffer, half = false): Shape => ({
  name,
  bytes: Buffer.isBuffer(text) ? text : Buffer.from(text, 'latin1'),
  ...(half ? { half } : {}),
});

const HOST = 'Host: 127.0.0.1\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const POST = `POST /v1/reports HTTP/1.1\r\n${HOST}`;
const bomb = gzipSync(Buffer.alloc(20_000_000, 0x20));

/** None of them is ever answered by 2xx, and none by a fault of the server's. */
export const SHAPES: readonly Shape[] = [
  shape('no host', `POST /v1/reports HTTP/1.1\r\n${JSON_TYPE}Content-Length: 2\r\n\r\n{}`),
  shape('two hosts', `${POST}${HOST}${JSON_TYPE}Content-Length: 2\r\n\r\n{}`),
  shape('CONNECT', `CONNECT example.org:443 HTTP/1.1\r\n${HOST}\r\n`),
  shape('a verb of nobody', `BREW /v1/reports HTTP/1.1\r\n${HOST}\r\n`),
  shape('another verb', `PUT /v1/reports HTTP/1.1\r\n${HOST}${JSON_TYPE}Content-Length: 2\r\n\r\n{}`),
  shape('an expectation', `${POST}${JSON_TYPE}Expect: 200-maybe\r\nContent-Length: 2\r\n\r\n{}`),
  shape('utf-16', `${POST}Content-Type: application/json; charset=utf-16\r\nContent-Length: 4\r\n\r\n{\0}\0`),
  shape('another type', `${POST}Content-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>`),
  shape('length and chunks', `${POST}${JSON_TYPE}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
  shape('two lengths', `${POST}${JSON_TYPE}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`),
  shape('a negative length', `${POST}${JSON_TYPE}Content-Length: -1\r\n\r\n{}`),
  shape('a length of 1 TB', `${POST}${JSON_TYPE}Content-Length: 1099511627776\r\n\r\n{`, true),
  shape('chunks that are none', `${POST}${JSON_TYPE}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n`),
  shape('chunks twice', `${POST}${JSON_TYPE}Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n`),
  shape('an encoding of nobody', `${POST}${JSON_TYPE}Content-Encoding: zstd\r\nContent-Length: 2\r\n\r\n{}`),
  shape('gzip that is none', `${POST}${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}`),
  shape(
    'twenty megabytes in twenty kilobytes',
    Buffer.concat([
      Buffer.from(`${POST}${JSON_TYPE}Content-Encoding: gzip\r\nContent-Length: ${bomb.length}\r\n\r\n`),
      bomb,
    ]),
  ),
  shape('a thousand headers', `${POST}${'X-A: b\r\n'.repeat(1_000)}Content-Length: 2\r\n\r\n{}`),
  shape('a header of 100 KB', `${POST}X-A: ${'b'.repeat(100_000)}\r\n\r\n`),
  shape('a folded header', `${POST}X-A: a\r\n b\r\nContent-Length: 2\r\n\r\n{}`),
  shape('a NUL in a header', `${POST}X-A: a\0b\r\nContent-Length: 2\r\n\r\n{}`),
  shape('an address of 64 KB', `GET /${'a'.repeat(65_536)} HTTP/1.1\r\n${HOST}\r\n`),
  shape('a way out', `GET /../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`),
  shape('a broken escape', `GET /v1/counts?view=%ff%fe%zz HTTP/1.1\r\n${HOST}\r\n`),
  shape('HTTP/0.9', 'GET /v1/reports\r\n', true),
  shape('HTTP/3.7', `GET / HTTP/3.7\r\n${HOST}\r\n`),
  shape('the preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  shape('a handshake of TLS', Buffer.from('16030100c8010000c40303'.padEnd(400, '00'), 'hex')),
  shape('noise', Buffer.from('ff00fe01fd02fc03'.repeat(60), 'hex')),
  shape('deeply nested', bodyOf('['.repeat(30_000))),
  shape('__proto__', bodyOf('{"__proto__":{"a":1}}')),
  shape('half a head', 'POST /v1/reports HT', true),
  shape('half a body', `${POST}${JSON_TYPE}Content-Length: 400\r\n\r\n{"schema"`, true),
  shape('a hundred questions, none read', `GET /livez HTTP/1.1\r\n${HOST}\r\n`.repeat(100), true),
];

function bodyOf(text: string): string {
  return `${POST}${JSON_TYPE}Content-Length: ${text.length}\r\n\r\n${text}`;
}

const STAYS_MS = 150;
const ANSWER_MS = 5_000;

/** Sends it on a connection of its own; resolves to the first line's status, or undefined when there was none. */
export function sendShape(port: number, { bytes, half }: Shape): Promise<number | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const end = () => {
      socket.destroy();
      resolve(half ? undefined : statusOf(answer));
    };
    const timer = setTimeout(end, half ? STAYS_MS : ANSWER_MS);
    socket.on('error', () => {});
    socket.on('close', () => {
      clearTimeout(timer);
      end();
    });
    socket.on('data', (chunk: Buffer) => {
      answer = (answer + chunk.toString('latin1')).slice(0, 200);
      if (!half && statusOf(answer) !== undefined) end();
    });
  });
}

function statusOf(answer: string): number | undefined {
  const status = /^HTTP\/1\.[01] (\d{3})/.exec(answer)?.[1];
  return status === undefined ? undefined : Number(status);
}
