import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Config } from '../shared/config.ts';
import { Failure } from '../shared/failure.ts';
import type { FailureCode } from '../shared/failure-codes.ts';
import { oneAddress } from './listening.ts';

/** Before anything is made or opened: whether this process can be served where its settings say. */
export async function checkPorts({ host, port }: Config): Promise<void> {
  await tryToListen(oneAddress(host), port, 'PORT');
}

async function tryToListen(host: string, port: number, setting: string): Promise<void> {
  const server = createServer();
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (thrown) {
    throw listenFailure(thrown, { host, port, setting });
  }
  server.close();
  await once(server, 'close');
}

const CODES: Readonly<Record<string, FailureCode>> = {
  EADDRINUSE: 'port-in-use',
  EACCES: 'port-not-allowed',
  EADDRNOTAVAIL: 'host-unknown',
  ENOTFOUND: 'host-unknown',
  EAI_AGAIN: 'host-unknown',
};

/** In words, with the setting to mend; anything else as it was thrown. */
export function listenFailure(thrown: unknown, where: { host: string; port: number; setting: string }): unknown {
  const code = CODES[(thrown as NodeJS.ErrnoException).code ?? ''];
  if (code === undefined) return thrown;
  const detail = code === 'host-unknown' ? { HOST: where.host } : { [where.setting]: where.port, HOST: where.host };
  return new Failure(code, detail, { cause: thrown });
}
