import { gzipSync } from 'node:zlib';
import type { Period } from '../../schemas/period.ts';
import { periodAt } from '../../services/core/period.ts';
import { post, reportOf } from './client.ts';

/** What must never be found anywhere. Each is unlike anything else in the system. */
export const CANARIES = {
  token: 'CanaryTokenqZ8vN3xW5rT7yU1pL9kJ4hG6fD2',
  address: '198.51.100.217',
  mac: '00:15:65:CA:9A:27',
  bareMac: '001565ca9a28',
  serial: 'CANARYSN7731904',
  phone: '+4930771920455',
  host: 'canary-pbx.example.org',
  mail: 'canary.owner@example.org',
  uuid: 'c0ffee11-77aa-4bcd-9e12-5a5ca9a7a001',
  key: 'canary-access-key-5518',
  word: 'canaryunknownkey',
};
export const CANARY_TEXTS: readonly string[] = Object.values(CANARIES);

const line = (vendor: string, model: string) => ({ category: 'phone' as const, vendor, model, count: 1 });

/** A canary in every place that takes input from a site or a stranger. Resolves to the answers: headers and body. */
export async function sprinkle(url: string, period: Period = periodAt(Date.now())): Promise<string[]> {
  const c = CANARIES;
  const hidden = [
    line('Yealink', `SIP-T46S ${c.mac}`),
    line('Yealink', `Yealink SIP-T46S 66.86.0.15 ${c.bareMac}`),
    line('', `Odd Phone ${c.bareMac}`),
    line(c.phone, 'SIP-T46S'),
    line('Yealink', `SN:${c.serial}`),
    line(c.host, 'SIP-T46S'),
    line('', c.mail),
    line('Acme', c.uuid),
    line('Acme', `sip:100@${c.address}`),
    line(c.bareMac.slice(0, 6), c.bareMac.slice(6)),
  ];
  const headers = {
    'x-forwarded-for': c.address,
    forwarded: `for=${c.address}`,
    'user-agent': c.host,
    authorization: `Bearer ${c.key}`,
    'x-request-id': c.word,
    cookie: `s=${c.token}`,
  };
  const report = {
    ...reportOf({ period, token: c.token, devices: hidden }),
    platform: { name: c.host, version: '17' },
  };
  const bodies: [unknown, Record<string, string>][] = [
    [report, {}],
    [gzipSync(JSON.stringify(report)), { 'content-encoding': 'gzip' }],
    [{ ...report, [c.word]: c.mail }, {}],
    [{ ...report, sequence: c.serial }, {}],
    [{ ...report, token: `${c.token} ` }, {}],
    [{ ...report, period: '2020-01' }, {}],
    [{ ...report, devices: [{ ...hidden[0], category: c.word }] }, {}],
    [JSON.stringify(report).slice(0, -9), {}],
    [`{"token":"${c.token}","token":"${c.token}"}`, {}],
    [Buffer.from(`\xff${c.token}`, 'latin1'), {}],
    [JSON.stringify(report).padEnd(70_000), {}],
    [JSON.stringify(report), { 'content-type': c.host }],
    [JSON.stringify(report), { 'content-encoding': c.word }],
  ];
  const answers = [];
  for (const [body, more] of bodies) answers.push(await post(url, body, { ...headers, ...more }));
  for (const path of [
    `/v1/counts?q=${c.word}&nonsense=${c.token}`,
    `/v1/counts?${c.word}=1`,
    `/v1/counts?period=${c.serial}`,
    `/${c.word}/%`,
    `/v1/${c.token}`,
    `/v1/counts/%E0%A4%A${c.word}`,
  ])
    answers.push(await fetch(url + path, { headers }));
  answers.push(await fetch(`${url}/v1/reports`, { method: 'PUT', headers, body: c.token }));
  return Promise.all(answers.map(async (answer) => `${[...answer.headers].join(';')} ${await answer.text()}`));
}

type Attempt = readonly [method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown];

/** A canary in every place where staff say something about releases, each of which is refused or finds nothing. */
export function staffCanaries(period: Period): readonly Attempt[] {
  const c = CANARIES;
  const agreement = { party: 'Poly', vendors: ['Poly'], platforms: [], contact: 'somebody' };
  const webhook = (url: string) => ({ ...agreement, delivery: { kind: 'webhook', url } });
  return [
    ['POST', '/v1/agreements', { ...agreement, party: c.host, vendors: [c.word], delivery: { kind: 'download' } }],
    ['POST', '/v1/agreements', webhook(`https://${c.mail}/${c.token}`)],
    ['POST', '/v1/agreements', webhook(`http://${c.host}/`)],
    ['POST', '/v1/agreements', { ...agreement, delivery: { kind: c.word }, [c.word]: c.token }],
    ['DELETE', `/v1/agreements/${c.token}`],
    ['GET', `/v1/agreements/${c.serial}/secret`],
    ['GET', `/v1/releases?${c.word}=${c.token}`],
    ['GET', `/v1/releases/${period}/${c.token}/release.json`],
    ['GET', `/v1/releases/${period}/Yealink/${c.word}`],
    ['POST', `/v1/releases/${period}/${c.token}/redeliver`],
    ['POST', `/v1/periods/${c.serial}/close`],
    ['POST', '/v1/held/decisions', { period, decision: 'approve', cell: { query: 'phone_model', model: c.mac } }],
    ['POST', '/v1/release-profile', { profile: c.word, since: c.serial }],
    ['POST', '/v1/keys', { owner: `=${c.mail}`, scopes: [c.word] }],
    ['DELETE', `/v1/keys/${c.key}`],
  ];
}
