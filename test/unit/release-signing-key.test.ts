import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { fingerprintOf, keyIdOf } from '../../services/releases/files/sign.ts';
import { createSigningKey, loadSigningKey, signingKeyOf } from '../../services/releases/files/signing-key.ts';
import { KEY, OTHER_KEY } from '../support/made-up-release.ts';

const pemOf = (key: KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }) as string;

describe('the signing key', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'signing-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test('is made once, for its owner alone, and leaves nothing else behind', () => {
    const path = join(folder, 'keys', 'signing-key.pem');
    const made = loadSigningKey(path);
    expect(loadSigningKey(path).keyId).toBe(made.keyId);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(folder, 'keys'))).toEqual(['signing-key.pem']);
    expect(readFileSync(path, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  });

  test('stays when another process has made it in the meantime', () => {
    const path = join(folder, 'signing-key.pem');
    createSigningKey(path);
    const first = readFileSync(path, 'utf8');
    createSigningKey(path);
    expect(readFileSync(path, 'utf8')).toBe(first);
    expect(readdirSync(folder)).toEqual(['signing-key.pem']);
  });

  test('is given out as its public half, and named by that', () => {
    const published = createPublicKey(KEY.publicPem);
    expect(KEY.publicPem).toMatch(/^-----BEGIN PUBLIC KEY-----\n/);
    expect(keyIdOf(published)).toBe(KEY.keyId);
    // RFC 8032 keys are 32 bytes; this is SHA-256 of the one that belongs to the secret 00 01 02 … 1f.
    expect(fingerprintOf(published)).toMatch(/^56475aa75463474c[0-9a-f]{48}$/);
    expect(OTHER_KEY.keyId).not.toBe(KEY.keyId);
  });

  test.each([
    ['of another kind', () => pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['that is public', () => KEY.publicPem],
  ])('is refused when the file holds one %s', (_, pem) => {
    const path = join(folder, 'signing-key.pem');
    writeFileSync(path, pem());
    expect(() => loadSigningKey(path)).toThrow('signing-key-unreadable');
  });

  test('is refused without a word of what the file holds', () => {
    expect(() => signingKeyOf('a secret')).toThrow(/^signing-key-unreadable$/);
    expect(() => fingerprintOf(generateKeyPairSync('x25519').publicKey)).toThrow('not-an-ed25519-key');
  });
});
