import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import type { Period } from '../../../schemas/period.ts';
import { KeySuccession, type SignedSuccession } from '../../../schemas/signing-key.ts';
import { Failure } from '../../shared/failure.ts';
import { writeWhole } from '../../shared/whole-file.ts';
import { canonicalJson, readCanonicalJson } from './canonical-json.ts';
import { fingerprintOf, readSignature, signatureFits, signText } from './sign.ts';
import { createSigningKey, existingSigningKey, loadSigningKey, type SigningKey } from './signing-key.ts';

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
 * the month's key. Throws `signing-key-unreadable` when one of several is missing or damaged.
 */
export function loadSigningKeys(path: string): RingKey[] {
  const first = isFollowed(path) ? orUnreadable(() => existingSigningKey(path)) : loadSigningKey(path);
  const ring: RingKey[] = [{ key: first, since: null, succession: null }];
  for (let n = 1; isFollowed(path, n); n++) ring.push(orUnreadable(() => successorIn(path, n, ring.at(-1) as RingKey)));
  return ring;
}

/** Throws `signing-key-unreadable` as {@link loadSigningKeys} does. Makes none: that there is no key yet is no fault. */
export function checkSigningKeys(path: string): void {
  if (existsSync(path) || isFollowed(path)) loadSigningKeys(path);
}

function isFollowed(path: string, by = 1): boolean {
  return existsSync(`${path}.${by}.sig`);
}

/** Nothing of it is made anew: another key would sign what nobody has vouched for. */
function successorIn(path: string, n: number, { key: older }: RingKey): RingKey {
  const [statement, signature] = [readFileSync(`${path}.${n}.json`, 'utf8'), readFileSync(`${path}.${n}.sig`, 'utf8')];
  const key = existingSigningKey(`${path}.${n}`);
  const succession = { statement, signature };
  const vouched = vouchedFor(older.publicKey, succession);
  if (!vouched || fingerprintOf(vouched) !== fingerprintOf(key.publicKey)) throw new Failure('signing-key-unreadable');
  return { key, since: KeySuccession.parse(JSON.parse(statement)).since, succession };
}

function orUnreadable<T>(read: () => T): T {
  try {
    return read();
  } catch {
    // What a parser says of the files is not passed on: it is about a secret.
    throw new Failure('signing-key-unreadable');
  }
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
  writeWhole(`${own}.json`, statement, { mode: 0o644 });
  writeWhole(`${own}.sig`, signature, { mode: 0o644 });
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
