import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { buildHttp, SECURITY_HEADERS } from '../../services/http/server.ts';

const quiet = () => {};

/** Everything that a server answers to the bytes, until it ends the connection. */
async function answerTo(bytes: string): Promise<string> {
  const app = buildHttp({
    log: { info: quiet, warn: quiet, error: quiet },
    maxWireBytes: 1024,
    maxInflatedBytes: 1024,
  });
  onTestFinished(() => app.close());
  await app.listen({ port: 0, host: '127.0.0.1' });
  const socket = connect((app.server.address() as AddressInfo).port, '127.0.0.1');
  socket.write(bytes);
  return (await socket.toArray()).join('');
}

test.each([
  ['what is no HTTP', 'canary canary\r\n\r\n', 400],
  ['headers that are too large', `GET / HTTP/1.1\r\nHost: rollcall\r\nCanary: ${'canary'.repeat(5_000)}\r\n\r\n`, 431],
  ['a broken escape in the path', 'GET /canary%zz HTTP/1.1\r\nHost: rollcall\r\nConnection: close\r\n\r\n', 400],
])('%s is answered as a problem with the headers of every answer, and not repeated', async (_what, bytes, status) => {
  const answer = await answerTo(bytes);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  for (const [name, value] of Object.entries(SECURITY_HEADERS))
    expect(head.toLowerCase()).toContain(`${name}: ${value}`);
  expect(head).toMatch(/content-type: application\/problem\+json/i);
  expect(JSON.parse(body)).toMatchObject({ type: '/problems/bad-request', status });
  expect(answer).not.toContain('canary');
});
