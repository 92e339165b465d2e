import { connect, type Socket } from 'node:net';

/** More at once are not opened: whoever would need one counts as not answered. */
const MOST_CONNECTIONS = 4_000;
const SWEEP_MS = 100;
/** What is new to a server is a burst to it. */
const WARMING_SECONDS = 5;

/** Requests that come when they come, and not when the server is done with the one before. */
export interface Arrivals {
  readonly url: string;
  /** The bytes of the next request. */
  readonly next: () => Buffer;
  readonly perSecond: number;
  /** Those that are counted; before them come as many as in {@link WARMING_SECONDS}, which are not. */
  readonly seconds: number;
  /** Whoever asked hangs up then. */
  readonly patienceMs: number;
}

/** What became of them. */
export interface Fates {
  readonly sent: number;
  /** Milliseconds from sending, opening a connection included, to the whole answer: by status. */
  readonly answered: ReadonlyMap<string, readonly number[]>;
  /** Connections that the server cut or refused. */
  readonly broken: number;
  readonly unanswered: number;
  readonly seconds: number;
}

/** Sends them at moments drawn at random (Poisson), each on a free connection or on a new one; resolves when each has its fate. */
export function openLoop(arrivals: Arrivals): Promise<Fates> {
  return new OpenLoop(arrivals).run();
}

interface Connection {
  readonly socket: Socket;
  /** When what is under way was sent; undefined: nothing is. */
  sentAt: number | undefined;
  received: string;
}

class OpenLoop {
  readonly #arrivals: Arrivals;
  readonly #free: Connection[] = [];
  readonly #open = new Set<Connection>();
  readonly #answered = new Map<string, number[]>();
  #sent = 0;
  #broken = 0;
  #unanswered = 0;
  #underWay = 0;
  #countsFrom = 0;

  constructor(arrivals: Arrivals) {
    this.#arrivals = arrivals;
  }

  async run(): Promise<Fates> {
    const began = performance.now();
    this.#countsFrom = Number.POSITIVE_INFINITY;
    const sweep = setInterval(() => this.#hangUp(), SWEEP_MS);
    await this.#send(began, WARMING_SECONDS);
    this.#countsFrom = performance.now();
    this.#sent = 0;
    await this.#send(this.#countsFrom, this.#arrivals.seconds);
    const seconds = (performance.now() - this.#countsFrom) / 1_000;
    while (this.#underWay > 0) await pause(SWEEP_MS);
    clearInterval(sweep);
    for (const { socket } of this.#open) socket.destroy();
    const [sent, broken, unanswered] = [this.#sent, this.#broken, this.#unanswered];
    return { sent, answered: this.#answered, broken, unanswered, seconds };
  }

  async #send(began: number, seconds: number): Promise<void> {
    const { perSecond } = this.#arrivals;
    const end = began + seconds * 1_000;
    let due = began;
    while (performance.now() < end) {
      for (const now = performance.now(); due <= now; due += (-Math.log(1 - Math.random()) * 1_000) / perSecond)
        this.#one();
      await pause(1);
    }
  }

  #one(): void {
    this.#sent++;
    const connection = this.#free.pop() ?? this.#opened();
    if (!connection) {
      if (performance.now() >= this.#countsFrom) this.#unanswered++;
      return;
    }
    this.#underWay++;
    connection.sentAt = performance.now();
    connection.socket.write(this.#arrivals.next());
  }

  #opened(): Connection | undefined {
    if (this.#open.size >= MOST_CONNECTIONS) return undefined;
    const { hostname: host, port } = new URL(this.#arrivals.url);
    const connection: Connection = {
      socket: connect({ host, port: Number(port), noDelay: true }),
      sentAt: undefined,
      received: '',
    };
    this.#open.add(connection);
    connection.socket.on('data', (chunk) => this.#receive(connection, chunk));
    connection.socket.on('error', () => {});
    connection.socket.on('close', () => this.#closed(connection));
    return connection;
  }

  #receive(connection: Connection, chunk: Buffer): void {
    connection.received += chunk.toString('latin1');
    const { received, sentAt } = connection;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0 || sentAt === undefined) return;
    const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
    if (received.length < head + 4 + length) return;
    const status = received.slice(9, 12);
    if (sentAt >= this.#countsFrom) {
      const times = this.#answered.get(status) ?? [];
      times.push(performance.now() - sentAt);
      this.#answered.set(status, times);
    }
    this.#underWay--;
    connection.sentAt = undefined;
    connection.received = '';
    if (/\r\nconnection: close\r\n/i.test(received.slice(0, head + 2))) connection.socket.destroy();
    else this.#free.push(connection);
  }

  #closed(connection: Connection): void {
    this.#open.delete(connection);
    const at = this.#free.indexOf(connection);
    if (at >= 0) this.#free.splice(at, 1);
    if (connection.sentAt === undefined) return;
    if (connection.sentAt >= this.#countsFrom) this.#broken++;
    connection.sentAt = undefined;
    this.#underWay--;
  }

  #hangUp(): void {
    const before = performance.now() - this.#arrivals.patienceMs;
    for (const connection of this.#open) {
      if (connection.sentAt === undefined || connection.sentAt > before) continue;
      if (connection.sentAt >= this.#countsFrom) this.#unanswered++;
      connection.sentAt = undefined;
      this.#underWay--;
      connection.socket.destroy();
    }
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
