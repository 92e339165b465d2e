import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Where the server listens, such as `http://127.0.0.1:8080`. */
export function urlOf(app: FastifyInstance): string {
  const { address, port, family } = app.server.address() as AddressInfo;
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}

/** For a name with two addresses the framework opens a second server, which none of our listeners would know of. */
export function oneAddress(host: string): string {
  return host === 'localhost' ? '127.0.0.1' : host;
}
