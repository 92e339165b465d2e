import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { ISocketFactory, ISocketFactoryArgs } from 'kafkajs';

/** Where there is another one to ask: a broker that has said nothing for this long is left, whoever took the connection. */
const HANDSHAKE_MS = 3_000;
/** Of the Kafka protocol: JoinGroup and SyncGroup are answered when the other members have been heard. */
const ANSWERED_LATE = new Set([11, 14]);
const LATE_MS = 75_000;
const KEEP_ALIVE_MS = 60_000;
/** One that was silent is asked after the others for so long. */
const AVOIDED_MS = 60_000;

/**
 * The brokers that an operator listed, in the order in which to try them, and the sockets to all brokers. kafkajs begins
 * with the first of its list each time, gives up a request that is not answered but not its connection, and takes no
 * address of IPv6. So here those that were silent come last; a connection that owes an answer is ended; and an address in
 * brackets goes under a name of its own.
 */
export class Sockets {
  readonly #seeds: readonly string[];
  readonly #silenceMs: number;
  /** By `host:port`, when it was silent, by performance.now(). */
  readonly #silentAt = new Map<string, number>();

  constructor(seeds: readonly string[], timeoutMs: number) {
    this.#seeds = seeds;
    // A broker answers each request within `timeoutMs`: what is later than a second after that never comes.
    this.#silenceMs = timeoutMs + 1_000;
  }

  /** As kafkajs wants them: without brackets. */
  brokers(): string[] {
    const since = performance.now() - AVOIDED_MS;
    const silent = (seed: string) => (this.#silentAt.get(seed) ?? Number.NEGATIVE_INFINITY) > since;
    const inOrder = [...this.#seeds.filter((seed) => !silent(seed)), ...this.#seeds.filter(silent)];
    return inOrder.map((seed) => seed.replace(/^\[.*\]/, `[${this.#seeds.indexOf(seed)}]`));
  }

  readonly open: ISocketFactory = (order) => {
    const host = this.#hostOf(order.host);
    const socket = connected({ ...order, host });
    const place = `${isIP(host) === 6 ? `[${host}]` : host}:${order.port}`;
    const toldSilent = () => void this.#silentAt.set(place, performance.now());
    socket.on('error', toldSilent);
    socket.once('data', () => this.#silentAt.delete(place));
    endWhenSilent(socket, this.#silenceMs, this.#seeds.length > 1 ? HANDSHAKE_MS : this.#silenceMs);
    return socket;
  };

  #hostOf(host: string): string {
    const [, which] = /^\[(\d+)\]$/.exec(host) ?? [];
    const seed = which === undefined ? undefined : this.#seeds[Number(which)];
    return seed === undefined ? host : seed.slice(1, seed.lastIndexOf(']'));
  }
}

function connected({ host, port, ssl, onConnect }: ISocketFactoryArgs): Socket {
  const socket = ssl
    ? connectTls({ host, port, ...(isIP(host) ? {} : { servername: host }), ...ssl }, onConnect)
    : connectTcp({ host, port }, onConnect);
  return socket.setKeepAlive(true, KEEP_ALIVE_MS);
}

/** Ends the connection by an error when an answer is overdue: half of it may be gone without a word. */
function endWhenSilent(socket: Socket, silenceMs: number, handshakeMs: number): void {
  const end = () => socket.destroy(new Error('silent'));
  let timer: NodeJS.Timeout | undefined = setTimeout(end, handshakeMs);
  const write = socket.write.bind(socket) as (bytes: Buffer, ...rest: never[]) => boolean;
  const watched = (bytes: Buffer, ...rest: never[]): boolean => {
    timer ??= setTimeout(end, ANSWERED_LATE.has(apiKeyOf(bytes)) ? LATE_MS : silenceMs);
    return write(bytes, ...rest);
  };
  socket.write = watched as Socket['write'];
  const heard = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  socket.on('data', heard).on('close', heard);
}

/** A request begins with its length and what it asks; kafkajs writes each at one go. */
function apiKeyOf(bytes: Buffer): number {
  return bytes.length >= 6 ? bytes.readInt16BE(4) : -1;
}
