import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WebhookListener {
  readonly url: string;
  /** Method, path, headers and body of every call, as one text each. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

/** A party's server on a free port of this machine, which takes every call and remembers it. */
export async function openWebhookListener(): Promise<WebhookListener> {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      calls.push([request.method, request.url, ...request.rawHeaders, Buffer.concat(chunks).toString()].join('\n'));
      response.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/releases`,
    calls,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
