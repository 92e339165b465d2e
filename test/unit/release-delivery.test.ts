import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { isLoopbackAddress, isPublicAddress } from '../../services/releases/delivery/public-address.ts';
import { messageId, signatureHeaders, webhookSecret } from '../../services/releases/delivery/signature.ts';
import { postRelease } from '../../services/releases/delivery/webhook.ts';
import { type Address, resolveTarget, webhookUrlFault } from '../../services/releases/delivery/webhook-target.ts';

const PERIOD = parsePeriod('2026-09');
const ROOT = Buffer.alloc(32, 3);
const AT = Date.parse('2026-10-04T00:10:00.999Z');
const SECONDS = Math.floor(AT / 1_000);

const files = ['release.json', 'manifest.sig'].map((name) => ({
  ...{ period: PERIOD, party: 'Poly & Co.', revision: 2, name },
  content: `"${name}" ü\r\n`,
}));
const order = (url: string) => ({ url, secret: webhookSecret(ROOT, 'Poly & Co.', url), files, at: AT });

describe('a signature', () => {
  test('is the one of the vector that libraries of the specification are tested with', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const headers = signatureHeaders(secret, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, '{"test": 2432232314}');
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test('is made with a secret of its own for each party and each URL', () => {
    const secrets = [
      webhookSecret(ROOT, 'Snom', 'https://a.example/'),
      webhookSecret(ROOT, 'Snom', 'https://a.example/2'),
      webhookSecret(ROOT, 'Poly', 'https://a.example/'),
      webhookSecret(Buffer.alloc(32, 4), 'Snom', 'https://a.example/'),
    ];
    expect(new Set(secrets).size).toBe(4);
    for (const secret of secrets) expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(webhookSecret(ROOT, 'Snom', 'https://a.example/')).toBe(secrets[0]);
  });

  test('covers an id that is a release’s own, without the full stop that separates its parts', () => {
    const ids = [messageId('2026-09', 'Snom', 0), messageId('2026-09', 'Snom', 1), messageId('2026-09', 'A. B.', 0)];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^release_[0-9a-f]{32}$/);
    expect(messageId('2026-09', 'Snom', 0)).toBe(ids[0]);
  });
});

describe('an address', () => {
  const NOT_PUBLIC = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.8', '192.0.2.1', '192.168.1.1', '198.18.0.1', '198.51.100.7'],
    ...['203.0.113.9', '224.0.0.1', '240.0.0.1', '255.255.255.255', '192.88.99.1'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fd12::1', 'ff02::1', '::ffff:10.0.0.1', '::ffff:8.8.8.8'],
    ...['64:ff9b::a00:1', '2001:db8::1', '2001::1', '2002:a00:1::', '3fff::1', '100::1', 'fec0::1'],
    ...['', 'localhost', '1.2.3', '8.8.8.8.8', '08.8.8.8'],
  ];
  const PUBLIC = ['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '198.20.0.1', '2606:4700::1', '2a00:1450::1'];

  test.each(NOT_PUBLIC)('%s is not of the public internet', (address) => expect(isPublicAddress(address)).toBe(false));
  test.each(PUBLIC)('%s is of the public internet', (address) => expect(isPublicAddress(address)).toBe(true));
  test('of this machine is known as such', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1']) expect(isLoopbackAddress(address), address).toBe(true);
    for (const address of ['10.0.0.1', '::2', '::ffff:127.0.0.1', 'localhost'])
      expect(isLoopbackAddress(address), address).toBe(false);
  });
});

describe('a webhook’s URL', () => {
  test.each([
    ['ftp://releases.example/', 'not-https'],
    ['http://releases.example/', 'not-https'],
    ['http://10.0.0.1/', 'not-https'],
    ['http://127.0.0.1.releases.example/', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['https://user:word@releases.example/', 'has-credentials'],
    ['https://user@releases.example/', 'has-credentials'],
    ['https://10.0.0.1/', 'not-public'],
    ['https://127.0.0.1/', 'not-public'],
    ['https://2130706433/', 'not-public'],
    ['https://0x7f.1/', 'not-public'],
    ['https://[::1]/', 'not-public'],
    ['https://[::ffff:8.8.8.8]/', 'not-public'],
    ['https://169.254.169.254/latest/meta-data', 'not-public'],
    ['releases.example', 'not-a-url'],
    ['https://', 'not-a-url'],
    ['https://releases.example/a b', 'not-a-url'],
    ['https://rel\u00e9ases.example/', 'not-a-url'],
  ])('%s is refused', (url, fault) => {
    expect(webhookUrlFault(url)).toBe(fault);
    expect(webhookUrlFault(url, true)).toBe(fault);
  });

  test('has at most 2,000 characters', () => {
    const ofLength = (length: number) => 'https://releases.example/'.padEnd(length, 'a');
    expect([2_000, 2_001].map((length) => webhookUrlFault(ofLength(length)))).toEqual([undefined, 'not-a-url']);
  });

  test.each(['https://releases.example/hook?a=b#c', 'https://releases.example:8443/', 'https://8.8.8.8/'])(
    '%s is taken',
    (url) => expect(webhookUrlFault(url)).toBeUndefined(),
  );

  test.each(['http://127.0.0.1:9000/', 'http://localhost/', 'http://[::1]:1/'])('%s is taken in a lab alone', (url) => {
    expect(webhookUrlFault(url)).toBe('not-https');
    expect(webhookUrlFault(url, true)).toBeUndefined();
  });

  test('of this machine is not called without a lab, however it came to be stored', async () => {
    await expect(postRelease(order('http://127.0.0.1:9/'))).rejects.toMatchObject({ code: 'webhook-not-https' });
  });

  const at =
    (...addresses: string[]) =>
    async (): Promise<Address[]> =>
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  test('leads to no address that is not public, not even to one among others', async () => {
    const refused = { code: 'webhook-not-public' };
    for (const answer of [['10.0.0.1'], ['127.0.0.1'], ['8.8.8.8', '10.0.0.1'], ['8.8.8.8', 'fe80::1']])
      await expect(resolveTarget('https://releases.example/', at(...answer))).rejects.toMatchObject(refused);
    const { addresses } = await resolveTarget('https://releases.example/', at('8.8.8.8', '2606:4700::1'));
    expect(addresses.map(({ address }) => address)).toEqual(['8.8.8.8', '2606:4700::1']);
  });

  test('leads nowhere when it is none, whoever asks', async () => {
    await expect(postRelease(order('https://a:b@releases.example/'))).rejects.toMatchObject({
      code: 'webhook-has-credentials',
      retryable: false,
    });
  });

  test('in a lab leads nowhere but to this machine, whatever localhost is said to be', async () => {
    for (const answer of [['10.0.0.1'], ['8.8.8.8'], ['127.0.0.1', '10.0.0.1']])
      await expect(resolveTarget('http://localhost/', at(...answer), true)).rejects.toMatchObject({
        code: 'webhook-not-public',
      });
    expect((await resolveTarget('http://localhost/', at('127.0.0.1'), true)).addresses).toHaveLength(1);
  });

  test('whose name nobody knows is a failure without the name', async () => {
    const unknown = () => Promise.reject(new Error('getaddrinfo ENOTFOUND releases.example'));
    const thrown = await resolveTarget('https://releases.example/', unknown).catch((failure: unknown) => failure);
    expect(thrown).toMatchObject({ code: 'webhook-unresolved', retryable: true });
    expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown))).not.toContain('releases.example');
  });
});

describe('a call', () => {
  const servers: Server[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  });

  async function serve(answer: RequestListener, host = '127.0.0.1'): Promise<number> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, host, resolve));
    return (server.address() as AddressInfo).port;
  }

  test('carries the release, signed, and its answer is the status', async () => {
    const calls: { headers: IncomingHttpHeaders; method: string | undefined; url: string | undefined; body: string }[] =
      [];
    const port = await serve((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { headers, method, url } = request;
        calls.push({ headers, method, url, body: Buffer.concat(chunks).toString('utf8') });
        response.writeHead(204).end();
      });
    });
    const url = `http://127.0.0.1:${port}/hook?key=1`;
    expect([await postRelease(order(url), { lab: true }), await postRelease(order(url), { lab: true })]).toEqual([
      204, 204,
    ]);
    const [call, again] = calls;
    expect([call?.method, call?.url, call?.headers.host]).toEqual(['POST', '/hook?key=1', `127.0.0.1:${port}`]);
    expect(call?.headers['content-type']).toBe('application/json');
    expect(JSON.parse(call?.body ?? '')).toEqual({
      ...{ type: 'release.published', period: PERIOD, party: 'Poly & Co.', revision: 2 },
      files: files.map(({ name, content }) => ({ name, content })),
    });
    const { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signature } = call?.headers ?? {};
    expect(time).toBe(String(SECONDS));
    // As a receiver checks it, with nothing but the secret it was shown.
    const key = Buffer.from(order(url).secret.replace('whsec_', ''), 'base64');
    const computed = createHmac('sha256', key).update(`${id}.${time}.${call?.body}`).digest('base64');
    expect(signature).toBe(`v1,${computed}`);
    expect(again?.headers['webhook-id']).toBe(id);
  });

  test('follows no redirect', async () => {
    const visited: (string | undefined)[] = [];
    const port = await serve((request, response) => {
      visited.push(request.url);
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect(await postRelease(order(`http://127.0.0.1:${port}/hook`), { lab: true })).toBe(307);
    expect(visited).toEqual(['/hook']);
  });

  test('connects to the address that was checked, and looks the name up once', async () => {
    const port = await serve((_request, response) => void response.writeHead(200).end(), '127.0.0.2');
    let asked = 0;
    const resolve = async () => {
      asked++;
      return [{ address: '127.0.0.2', family: 4 }];
    };
    // Looked up again, localhost would be an address at which nobody listens.
    expect(await postRelease(order(`http://localhost:${port}/`), { resolve, lab: true })).toBe(200);
    expect(asked).toBe(1);
  });

  test('reads no more than a little of an answer that does not end', async () => {
    let written = 0;
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const more = () => {
        written += 16_384;
        if (!response.destroyed) response.write(Buffer.alloc(16_384), more);
      };
      more();
    });
    expect(await postRelease(order(`http://127.0.0.1:${port}/`), { lab: true })).toBe(200);
    expect(written).toBeGreaterThan(65_536);
  });

  test('that was answered stands, also when the rest of the answer does not come', async () => {
    const port = await serve((_request, response) => void response.writeHead(202).write('and'));
    expect(await postRelease(order(`http://127.0.0.1:${port}/`), { timeoutMs: 2_000, lab: true })).toBe(202);
  });

  test('gives up on somebody who does not answer, and on a place where nobody is, without naming it', async () => {
    const port = await serve(() => {});
    const silent = await postRelease(order(`http://127.0.0.1:${port}/`), { timeoutMs: 50, lab: true }).catch(
      (thrown) => thrown,
    );
    expect(silent).toMatchObject({ code: 'webhook-timeout', message: 'webhook-timeout' });
    const gone = await postRelease(order('http://127.0.0.1:1/'), { lab: true }).catch((thrown) => thrown);
    expect(gone).toMatchObject({ code: 'webhook-unreachable', message: 'webhook-unreachable' });
    for (const thrown of [silent, gone]) expect(thrown.cause).toBeUndefined();
    for (const thrown of [silent, gone])
      expect(JSON.stringify(thrown, Object.getOwnPropertyNames(thrown)).replace(thrown.stack, '')).not.toMatch(
        /127\.0/,
      );
  });
});
