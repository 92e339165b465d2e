import { createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openServerClients } from '../../services/adapters/clickhouse/client/open-server.ts';
import { PATIENCE_MS, SOON } from '../support/patience.ts';

/** Takes connections; what it does with one is `meet`. */
async function listening(
  meet: (socket: Socket) => void,
  timeoutMs: number,
): Promise<{ url: string; taken: () => number }> {
  let taken = 0;
  const server = createServer((socket) => {
    taken++;
    socket.on('error', () => {});
    meet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as { port: number };
  return { url: `http://u:p@127.0.0.1:${port}/rollcall?request_timeout=${timeoutMs}`, taken: () => taken };
}

test('a store that takes a question and never answers fails it in its time, and is not asked the same again', async () => {
  const store = await listening((socket) => socket.resume(), 300);
  const clients = openServerClients(store.url);
  onTestFinished(() => clients.close());
  await expect(clients.read.rows('SELECT 1')).rejects.toMatchObject({
    code: 'store-unavailable',
    retryable: true,
    detail: { code: 'timeout' },
  });
  await vi.waitFor(() => expect(store.taken()).toBe(1), SOON);
});

test('a connection that a store resets is made again, a few times, and then it is unavailable', async () => {
  const store = await listening((socket) => socket.once('data', () => socket.resetAndDestroy()), PATIENCE_MS);
  const clients = openServerClients(store.url);
  onTestFinished(() => clients.close());
  await expect(clients.read.rows('SELECT 1')).rejects.toMatchObject({ code: 'store-unavailable', retryable: true });
  expect(store.taken()).toBe(3);
});
