import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeySuccession, SignedSuccession } from '../../schemas/signing-key.ts';
import { ofSigningKey } from '../../services/cli/doctor/configuration.ts';
import { releaseCommand } from '../../services/cli/release.ts';
import { verifyCommand } from '../../services/cli/verify.ts';
import { signingBy } from '../../services/compose/signing.ts';
import { addMonths, parsePeriod, periodAt } from '../../services/core/period.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { fingerprintOf } from '../../services/releases/files/sign.ts';
import { addSigningKey, followSuccessions, type RingKey } from '../../services/releases/files/signing-keys.ts';
import { systemClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { OTHER_KEY, smallOrder } from '../support/made-up-release.ts';

const [NOVEMBER, DECEMBER, JANUARY, MARCH] = ['2026-11', '2026-12', '2027-01', '2027-03'].map(parsePeriod) as [
  ReturnType<typeof parsePeriod>,
  ReturnType<typeof parsePeriod>,
  ReturnType<typeof parsePeriod>,
  ReturnType<typeof parsePeriod>,
];

/** An installation's key, and what its parties have: folders of releases with what the installation publishes beside them. */
let top: string;
let file: string;
let told: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'signing-keys-'));
  file = join(top, 'signing-key.pem');
  told = '';
  for (const stream of [process.stdout, process.stderr])
    vi.spyOn(stream, 'write').mockImplementation((text) => Boolean((told += text)));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(top, { recursive: true });
});

const successionsOf = (ring: readonly RingKey[]) => ring.flatMap(({ succession }) => succession ?? []);
const statementOf = ({ statement }: SignedSuccession) => JSON.parse(statement) as KeySuccession;

/** A release of the month, signed by its key. */
function released(period: typeof NOVEMBER): string {
  const folder = join(top, period);
  mkdirSync(folder);
  const files = releaseFiles(smallOrder({ period, key: signingBy(file).keyOf(period) }));
  for (const { name, content } of files) writeFileSync(join(folder, name), content);
  return folder;
}

/** Checked with a key that was had before any other followed it, and the statements that are published since. */
async function verified(folder: string, trusted: string, successions: readonly SignedSuccession[] = []) {
  if (successions.length > 0) writeFileSync(join(folder, 'key-succession.json'), JSON.stringify(successions));
  told = '';
  return verifyCommand.run([folder, '--key', trusted], {});
}

function keyFile(name: string, { key }: Pick<RingKey, 'key'>): string {
  writeFileSync(join(top, name), key.publicPem);
  return join(top, name);
}

test('a key signs months from its own on; the one before it those before, their amendments too, and both are published at once', () => {
  const signing = signingBy(file);
  const [first] = signing.keys() as [RingKey];
  const before = releaseFiles(smallOrder({ period: DECEMBER, key: signing.keyOf(DECEMBER) }));
  const second = addSigningKey(file, JANUARY);
  expect(signing.keys().map(({ key, since }) => [key.keyId, since])).toEqual([
    [first.key.keyId, null],
    [second.key.keyId, JANUARY],
  ]);
  expect(second.key.keyId).not.toBe(first.key.keyId);
  expect([NOVEMBER, DECEMBER, JANUARY, MARCH].map((period) => signing.keyOf(period).keyId)).toEqual([
    ...[first, first, second, second].map(({ key }) => key.keyId),
  ]);
  // A release that is made again after the rotation is the same, byte for byte.
  expect(releaseFiles(smallOrder({ period: DECEMBER, key: signing.keyOf(DECEMBER) }))).toEqual(before);
});

test('the old key vouches for the new one, in a text that openssl checks', () => {
  const signing = signingBy(file);
  const [first] = signing.keys() as [RingKey];
  const { key, succession } = addSigningKey(file, JANUARY);
  expect(statementOf(succession as SignedSuccession)).toEqual({
    schema: 'rollcall.key/1',
    older: fingerprintOf(first.key.publicKey),
    newer: fingerprintOf(key.publicKey),
    pem: key.publicPem,
    since: JANUARY,
  });
  const [statement, signature] = [join(top, 'statement.json'), join(top, 'statement.sig')];
  writeFileSync(statement, succession?.statement ?? '');
  writeFileSync(signature, Buffer.from(succession?.signature ?? '', 'base64'));
  const check = ['pkeyutl', '-verify', '-pubin', '-inkey', keyFile('first.pem', first), '-rawin'];
  const run = () => execFileSync('openssl', [...check, '-in', statement, '-sigfile', signature], { stdio: 'pipe' });
  expect(run().toString()).toContain('Signature Verified Successfully');
  writeFileSync(statement, (succession?.statement ?? '').replace(JANUARY, NOVEMBER));
  expect(run).toThrow();
});

test('who trusts the first key checks releases of all that followed it, and old releases as before', async () => {
  const first = keyFile('first.pem', signingBy(file).keys()[0] as RingKey);
  const old = released(NOVEMBER);
  addSigningKey(file, JANUARY);
  addSigningKey(file, MARCH);
  const successions = successionsOf(signingBy(file).keys());
  expect(successions).toHaveLength(2);
  expect(await verified(old, first)).toBe(0);
  expect(await verified(old, first, successions)).toBe(0);
  for (const month of [JANUARY, MARCH]) {
    const folder = released(month);
    expect(await verified(folder, first), month).toBe(1);
    expect(told).toContain('another key');
    expect(await verified(folder, first, successions.toReversed()), told).toBe(0);
  }
});

test('each release is also checked by its own verify.mjs, beside its month’s key', () => {
  signingBy(file).keys();
  addSigningKey(file, JANUARY);
  for (const month of [DECEMBER, JANUARY]) {
    const folder = released(month);
    copyFileSync(keyFile(`${month}.pem`, { key: signingBy(file).keyOf(month) }), join(folder, 'public-key.pem'));
    const run = () => execFileSync(process.execPath, ['verify.mjs'], { cwd: folder, encoding: 'utf8', stdio: 'pipe' });
    expect(run()).toContain(`whole and signed: ${month}`);
    copyFileSync(keyFile('other.pem', { key: OTHER_KEY }), join(folder, 'public-key.pem'));
    expect(run).toThrow();
  }
});

test('a key that nobody trusted vouched for is not followed, whatever stands beside the release', async () => {
  const ring = signingBy(file).keys();
  const first = keyFile('first.pem', ring[0] as RingKey);
  // Somebody else's installation, whose second key signs a release under the same name.
  const theirs = join(top, 'theirs.pem');
  addSigningKey(theirs, JANUARY);
  const forged = successionsOf(signingBy(theirs).keys());
  const folder = join(top, 'forged');
  mkdirSync(folder);
  for (const { name, content } of releaseFiles(smallOrder({ period: JANUARY, key: signingBy(theirs).keyOf(JANUARY) })))
    writeFileSync(join(folder, name), content);
  expect(await verified(folder, first, forged)).toBe(1);
  // Nor with its words put into a statement of ours.
  const { succession } = addSigningKey(file, JANUARY);
  const altered = { ...(forged[0] as SignedSuccession), signature: succession?.signature ?? '' };
  expect(await verified(folder, first, [altered, ...forged])).toBe(1);
  const { publicKey } = (ring[0] as RingKey).key;
  expect(followSuccessions(publicKey, [altered, ...forged], fingerprintOf(OTHER_KEY.publicKey))).toBeUndefined();
});

test('a rotation that was interrupted is none until it is made again, by the same key', () => {
  signingBy(file).keys();
  const { key } = addSigningKey(file, JANUARY);
  rmSync(`${file}.1.sig`);
  expect(signingBy(file).keys()).toHaveLength(1);
  expect(addSigningKey(file, JANUARY).key.keyId).toBe(key.keyId);
  expect(signingBy(file).keys()).toHaveLength(2);
  expect(readFileSync(`${file}.1`, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
});

test.each([
  ['the first one', ''],
  ['a later one', '.1'],
  ['what is said of it', '.1.json'],
])('of several keys none is made anew: when %s is missing or damaged, nothing is signed', (_, end) => {
  signingBy(file).keys();
  addSigningKey(file, JANUARY);
  const kept = readFileSync(file + end);
  for (const damage of [() => rmSync(file + end), () => writeFileSync(file + end, '')]) {
    damage();
    const left = readdirSync(top).length;
    for (const use of [
      () => signingBy(file).keys(),
      () => signingBy(file).keyOf(NOVEMBER),
      () => signingBy(file).check(),
    ])
      expect(use).toThrow(expect.objectContaining({ code: 'signing-key-unreadable' }));
    expect(ofSigningKey(loadConfig({ ROLLCALL_DATA_DIR: top }))).toMatchObject({ state: 'bad' });
    expect(readdirSync(top)).toHaveLength(left);
    writeFileSync(file + end, kept);
  }
  expect(signingBy(file).keys()).toHaveLength(2);
});

test('secrets of webhooks stay those of the first key', () => {
  const secret = () => signingBy(file).webhookSecret('Snom', 'https://releases.example/');
  const before = secret();
  addSigningKey(file, JANUARY);
  expect(secret()).toBe(before);
});

test('a new key is for months that have not begun: everybody has until then to learn of it', async () => {
  const env = { ROLLCALL_DATA_DIR: top };
  const now = periodAt(systemClock.now());
  expect(await releaseCommand.run(['new-key', '--since', now], env)).toBe(1);
  expect(told).toContain('That month has begun');
  expect(signingBy(file).keys()).toHaveLength(1);
  expect(await releaseCommand.run(['new-key', '--since', addMonths(now, 2)], env)).toBe(0);
  const [, added] = signingBy(file).keys() as [RingKey, RingKey];
  expect(added.since).toBe(addMonths(now, 2));
  expect(told).toContain(added.key.publicPem);
  expect(told).toContain(fingerprintOf(added.key.publicKey));
});
