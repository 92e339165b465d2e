import { gzipSync } from 'node:zlib';
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { readBody } from '../../services/http/bodies/read-body.ts';

const LIMITS = { maxWireBytes: 1_000, maxInflatedBytes: 10_000 };

test('codings are named in any case, x-gzip is gzip, gzip may have members, and others are refused', async () => {
  const app = fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.post('/', async (request) => (await readBody(request.raw, LIMITS)).toString());
  app.setErrorHandler((error: Error & { problem?: { status: number } }, _request, reply) =>
    reply.code(error.problem?.status ?? 500).send(''),
  );
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const ask = async (coding: string, body: string | Buffer) => {
    const response = await fetch(url, { method: 'POST', headers: { 'content-encoding': coding }, body });
    return [response.status, await response.text()];
  };
  try {
    for (const coding of ['gzip', 'GZIP', 'x-gzip', 'X-GZip'])
      expect([coding, await ask(coding, gzipSync('report'))]).toEqual([coding, [200, 'report']]);
    const members = Buffer.concat([gzipSync('rep'), gzipSync('ort')]);
    expect(await ask('gzip', members)).toEqual([200, 'report']);
    const tooMuch = Buffer.concat([gzipSync('x'.repeat(6_000)), gzipSync('x'.repeat(6_000))]);
    expect((await ask('gzip', tooMuch))[0]).toBe(413);
    expect((await ask('gzip', gzipSync('report').subarray(0, 20)))[0]).toBe(400);
    for (const coding of ['identity', 'Identity']) expect(await ask(coding, 'report')).toEqual([200, 'report']);
    for (const coding of ['deflate', 'br', 'gzip, gzip', 'constructor'])
      expect([coding, (await ask(coding, 'report'))[0]]).toEqual([coding, 415]);
  } finally {
    await app.close();
  }
});
