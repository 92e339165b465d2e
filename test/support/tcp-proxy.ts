import { connect, createServer, type Socket } from 'node:net';

/**
 * What becomes of the bytes: `pass`; `swallow`: they vanish in both directions, and nobody is told (new connections are
 * taken too, and one that lost bytes never gets any again); `refuse`: new connections are closed at once, open ones go on.
 */
export type ProxyMode = 'pass' | 'swallow' | 'refuse';

export interface TcpProxy {
  readonly port: number;
  mode: ProxyMode;
  /** Each chunk is held for this long, in both directions. */
  delayMs: number;
  /** Where new connections lead; open ones stay where they are. */
  leadTo(port: number): void;
  /** Ends every open connection, by a reset. */
  reset(): void;
  /** Connections that clients have open now. */
  readonly open: number;
  close(): Promise<void>;
}

/** Stands between a client and a server of 127.0.0.1, with the faults of a network. Close it at the end. */
export async function openTcpProxy(target: number, port = 0): Promise<TcpProxy> {
  const clients = new Set<Socket>();
  const ends = new Set<Socket>();
  const keep = (socket: Socket): Socket => {
    ends.add(socket);
    return socket.on('error', () => {}).on('close', () => ends.delete(socket));
  };
  let to = target;
  const server = createServer((client) => {
    clients.add(keep(client));
    client.on('close', () => clients.delete(client));
    if (proxy.mode === 'refuse') return void client.destroy();
    const pair = { client, upstream: keep(connect(to, '127.0.0.1')).setMaxListeners(0), lost: false };
    relay(pair.client, pair.upstream, pair, proxy);
    relay(pair.upstream, pair.client, pair, proxy);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const proxy = {
    port: (server.address() as { port: number }).port,
    mode: 'pass' as ProxyMode,
    delayMs: 0,
    leadTo(other: number) {
      to = other;
    },
    reset() {
      for (const socket of ends) socket.resetAndDestroy();
    },
    get open() {
      return clients.size;
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of ends) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

function relay(from: Socket, to: Socket, pair: { lost: boolean }, proxy: Pick<TcpProxy, 'mode' | 'delayMs'>): void {
  const lost = () => {
    pair.lost ||= proxy.mode === 'swallow';
    return pair.lost;
  };
  let heldUntil = 0;
  from.on('data', (chunk: Buffer) => {
    const now = performance.now();
    heldUntil = Math.max(heldUntil, now + proxy.delayMs);
    if (lost()) return;
    if (heldUntil <= now) return void to.write(chunk);
    setTimeout(() => lost() || to.write(chunk), heldUntil - now);
  });
  from.on('close', () => lost() || to.destroy());
}
