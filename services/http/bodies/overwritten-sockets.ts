import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** As much as the system hands over at once. */
const READ_BYTES = 64 * 1024;

/**
 * What node does with a socket's bytes leaves copies that nobody can reach to overwrite: its HTTP parser reads into a
 * buffer of its own, which keeps the last requests, and streams read into buffers that are freed as they are. So each
 * connection of `server` reads into one buffer of ours, which is overwritten as soon as a chunk is copied out of it, and
 * each chunk is overwritten when the parser has read it. What the parser hands on are copies: see read-body.ts.
 *
 * Nobody but `net.connect` is offered such a buffer (`onread`), so this is done over the names that node has for it.
 * Throws where it has them no more: better no server than one that keeps what it promises to forget.
 */
export function overwriteSockets(server: Server): void {
  const shared = Buffer.alloc(READ_BYTES);
  // Before node's own listener, which would tie the socket to the parser.
  server.prependListener('connection', (socket: Socket) => readInto(shared, socket));
  // Behind it: its listener for data comes first, and this one unties the two.
  server.on('connection', (socket: Socket) => {
    socket.on('data', overwrite);
  });
}

type Reading = Record<symbol, unknown> & { readonly _handle?: { useUserBuffer?(buffer: Buffer): void } | null };

function readInto(shared: Buffer, socket: Socket): void {
  const reading = socket as unknown as Reading;
  const [buffer, callback] = [symbolOf(socket, 'kBuffer'), symbolOf(socket, 'kBufferCb')];
  const handle = reading._handle;
  // The client has gone already.
  if (!handle) return;
  if (!buffer || !callback || !handle.useUserBuffer) throw new Error('this version of node reads sockets otherwise');
  reading[buffer] = shared;
  reading[callback] = (bytes: number) => {
    const chunk = Buffer.from(shared.subarray(0, bytes));
    shared.fill(0, 0, bytes);
    return socket.push(chunk);
  };
  handle.useUserBuffer(shared);
}

function symbolOf(socket: Socket, name: string): symbol | undefined {
  return Object.getOwnPropertySymbols(socket).find(({ description }) => description === name);
}

export function overwrite(bytes: Uint8Array): void {
  bytes.fill(0);
}
