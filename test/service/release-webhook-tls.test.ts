import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { webhookSecret } from '../../services/releases/delivery/signature.ts';
import { postRelease } from '../../services/releases/delivery/webhook.ts';

/** A party's server over real TLS, with certificates that openssl makes for this test. */
const directory = mkdtempSync(join(tmpdir(), 'webhook-tls-'));
const FILES = [{ period: parsePeriod('2026-11'), party: 'Snom', revision: 0, name: 'release.csv', content: 'row\r\n' }];
const secret = (url: string) => webhookSecret(Buffer.alloc(32, 3), 'Snom', url);

interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** Signed by itself, for one host and two days. */
function certificate(name: string, host: string): Certificate {
  const [key, cert] = [join(directory, `${name}.key`), join(directory, `${name}.pem`)];
  const valid = ['-days', '2'];
  const subject = ['-subj', `/CN=${host}`, '-addext', `subjectAltName=DNS:${host}`];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key];
  execFileSync('openssl', [...made, '-out', cert, ...valid, ...subject], { stdio: 'pipe' });
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') };
}

let good: Certificate;
let otherHost: Certificate;
let other: Certificate;
beforeAll(() => {
  good = certificate('good', 'localhost');
  otherHost = certificate('other-host', 'releases.example');
  other = certificate('other', 'localhost');
});
afterAll(() => rmSync(directory, { recursive: true }));

let server: Server | undefined;
const received: string[] = [];
afterEach(async () => {
  received.length = 0;
  await new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve()));
  server = undefined;
});

async function listen(certificate: Certificate): Promise<string> {
  server = createServer(certificate, (request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      received.push(`${request.headers['webhook-id']} ${body}`);
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return `https://localhost:${(server.address() as AddressInfo).port}/releases`;
}

const toThisMachine = async () => [{ address: '127.0.0.1', family: 4 }];
const send = (url: string, ca: string | undefined) =>
  postRelease(
    { url, secret: secret(url), files: FILES, at: 1_796_000_000_000 },
    { lab: true, resolve: toThisMachine, ...(ca === undefined ? {} : { ca }) },
  );

describe('a webhook over https', () => {
  test('is called when its certificate is one of those that are trusted, and made for its host', async () => {
    const url = await listen(good);
    expect(await send(url, good.cert)).toBe(204);
    expect(received).toHaveLength(1);
    expect(received[0]).toContain('"release.csv"');
  });

  test.each([
    ['is signed by nobody that is trusted', () => good, undefined],
    ['is signed by somebody else', () => good, () => other.cert],
    ['is made for another host', () => otherHost, () => otherHost.cert],
  ])('is refused, and learns nothing, when its certificate %s', async (_what, of, trusted) => {
    const url = await listen(of());
    await expect(send(url, trusted?.())).rejects.toMatchObject({ code: 'webhook-unreachable', retryable: true });
    expect(received).toEqual([]);
  });

  test('is not called on this machine outside a lab, whatever its certificate', async () => {
    const url = await listen(good);
    const order = { url, secret: secret(url), files: FILES, at: 1 };
    await expect(postRelease(order, { resolve: toThisMachine, ca: good.cert })).rejects.toMatchObject({
      code: 'webhook-not-public',
    });
    expect(received).toEqual([]);
  });
});
