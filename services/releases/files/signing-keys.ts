import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { Period } from '../../../schemas/period.ts';
import { KeySuccession, type SignedSuccession } from '../../../schemas/signing-key.ts';
import { canonicalJson, readCanonicalJson } from './canonical-json.ts';
import { fingerprintOf, readSignature, signatureFits, signText } from './sign.ts';
import { createSigningKey, loadSigningKey, type SigningKey } from './signing-key.ts';

/** A key with the months that it signs. */
export interface RingKey {
  readonly key: SigningKey;
  /** Null for an installation's first key. */
  readonly since: Period | null;
  /** By which the key before vouches for it. */
  readonly succession: SignedSuccession | null;
}

/**
 * Every key of an installation, oldest first: the file's own, and its successors beside it (`FILE.1`, `FILE.1.json`,
 * `FILE.1.sig`, ...). The first is made when there is none. None is ever thrown away: amendments of a month are signed by
 * the month's key.
 */
export function loadSigningKeys(path: string): RingKey[] {
  const ring: RingKey[] = [{ key: loadSigningKey(path), since: null, succession: null }];
  for (let n = 1; existsSync(`${path}.${n}.sig`); n++) {
    const succession = {
      statement: readFileSync(`${path}.${n}.json`, 'utf8'),
      signature: readFileSync(`${path}.${n}.sig`, 'utf8'),
    };
    const { since } = KeySuccession.parse(JSON.parse(succession.statement));
    ring.push({ key: loadSigningKey(`${path}.${n}`), since, succession });
  }
  return ring;
}

/** The key that releases of the month are signed by. */
export function keyOfPeriod(ring: readonly RingKey[], period: Period): SigningKey {
  return (ring.findLast(({ since }) => since === null || since <= period) as RingKey).key;
}

/**
 * Adds a key for months from `since` on, vouched for by the newest one. From now on both are published: whoever checks
 * releases has until then to learn of it. The signature is written last: what it is missing of is no successor yet.
 */
export function addSigningKey(path: string, since: Period): RingKey {
  const ring = loadSigningKeys(path);
  const older = (ring.at(-1) as RingKey).key;
  const own = `${path}.${ring.length}`;
  if (!existsSync(own)) createSigningKey(own);
  const key = loadSigningKey(own);
  const statement = canonicalJson(KeySuccession, {
    schema: 'rollcall.key/1',
    older: fingerprintOf(older.publicKey),
    newer: fingerprintOf(key.publicKey),
    pem: key.publicPem,
    since,
  });
  const signature = signText(statement, older.privateKey);
  writeFileSync(`${own}.json`, statement, { mode: 0o644 });
  writeFileSync(`${own}.sig`, signature, { mode: 0o644 });
  return { key, since, succession: { statement, signature } };
}

/**
 * The key of `fingerprint`, when the trusted key vouches for it through successions, whatever order they come in;
 * undefined otherwise. A succession that nobody trusted signed is passed over.
 */
export function followSuccessions(
  trusted: KeyObject,
  successions: readonly SignedSuccession[],
  fingerprint: string,
): KeyObject | undefined {
  let key = trusted;
  for (let steps = 0; steps <= successions.length; steps++) {
    if (fingerprintOf(key) === fingerprint) return key;
    const next = successions.map((one) => vouchedFor(key, one)).find((found) => found !== undefined);
    if (!next) return undefined;
    key = next;
  }
  return undefined;
}

function vouchedFor(older: KeyObject, { statement, signature }: SignedSuccession): KeyObject | undefined {
  const bytes = Buffer.from(statement);
  const signed = readSignature(Buffer.from(signature));
  if (!signed || !signatureFits(bytes, signed, older)) return undefined;
  const read = readCanonicalJson(KeySuccession, bytes);
  if (typeof read !== 'object' || read.document.older !== fingerprintOf(older)) return undefined;
  const newer = createPublicKey(read.document.pem);
  return fingerprintOf(newer) === read.document.newer ? newer : undefined;
}
