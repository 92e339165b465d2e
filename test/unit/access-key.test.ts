import { describe, expect, test, vi } from 'vitest';
import type { ClickHouseAccess } from '../../services/adapters/clickhouse/access/clickhouse-access.ts';
import { digestOf, issueKey, readKey } from '../../services/api/keys/access-key.ts';
import { Audit } from '../../services/api/keys/audit.ts';
import { Keys } from '../../services/api/keys/keys.ts';
import type { StoredKey } from '../../services/ports/key-store.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { fc } from '../support/fast-check.ts';

const compared = vi.hoisted(() => [] as [number, number][]);
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof import('node:crypto')>();
  return {
    ...crypto,
    timingSafeEqual(a: Uint8Array, b: Uint8Array) {
      compared.push([a.length, b.length]);
      return crypto.timingSafeEqual(a, b);
    },
  };
});

const NUMBER_OF_CHARACTERS = 3 + 8 + 1 + 43 + 6;

describe('an access key', () => {
  test('has a prefix, a public id, 256 random bits and a checksum', () => {
    const keys = Array.from({ length: 200 }, issueKey);
    for (const { id, text } of keys) {
      expect(text).toHaveLength(NUMBER_OF_CHARACTERS);
      expect(text).toMatch(/^rc_[a-z2-7]{8}_[A-Za-z0-9_-]{49}$/);
      expect(readKey(text)).toEqual({ id });
    }
    expect(new Set(keys.map(({ text }) => text.slice(12))).size).toBe(200);
  });

  test('with a character replaced, dropped, doubled or swapped is known to be mistyped', () => {
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-');
    fc.assert(
      fc.property(fc.integer({ min: 3, max: NUMBER_OF_CHARACTERS - 2 }), letter, (at, other) => {
        const { text } = issueKey();
        const swapped = text.slice(0, at) + text[at + 1] + text[at] + text.slice(at + 2);
        for (const slip of [
          text.slice(0, at) + other + text.slice(at + 1),
          text.slice(0, at) + text.slice(at + 1),
          text.slice(0, at) + text[at] + text.slice(at),
          swapped,
        ])
          if (slip !== text) expect(readKey(slip), slip).toBe('mistyped');
      }),
    );
  });

  test('is not confused with a configured admin’s key', () => {
    for (const text of ['rc_admin_for_tests_only_0123456789', 'a-long-configured-secret', ''])
      expect(readKey(text)).toBe('other');
  });
});

describe('the check of a key', () => {
  const known = issueKey();
  const stored: StoredKey = {
    id: known.id,
    digest: digestOf(known.text).toString('hex'),
    owner: 'x',
    scopes: ['reader'],
    createdAt: 0,
    createdBy: 'admin',
    expiresAt: null,
    revokedAt: null,
    lastUsedDay: '1970-01-01',
  };
  let reads = 0;
  const store = {
    keys: async () => {
      reads++;
      return [stored];
    },
    noteUse: async () => {},
  } as unknown as ClickHouseAccess;
  const clock = new SetClock(1_000_000);
  const keys = new Keys({ store, clock, audit: new Audit(store, clock), adminKey: 'the-seed-admin-key' });
  /** A whole key that nobody issued. */
  const forged = issueKey();

  test('compares digests of equal length in constant time, as often for a key that is not there as for one that is', async () => {
    const counts: number[] = [];
    for (const text of [known.text, forged.text]) {
      compared.length = 0;
      await keys.find(text);
      counts.push(compared.length);
      expect(new Set(compared.flat())).toEqual(new Set([32]));
    }
    expect(counts).toEqual([2, 2]);
    expect(typeof (await keys.find(known.text))).toBe('object');
    expect(await keys.find(forged.text)).toBe('unknown');
  });

  test('knows a key by its digest, not by its id', async () => {
    const another = { ...stored, digest: digestOf('another').toString('hex') };
    const twin = { ...store, keys: async () => [another] } as unknown as ClickHouseAccess;
    const odd = new Keys({ store: twin, clock, audit: new Audit(twin, clock), adminKey: 'the-seed-admin-key' });
    expect(await odd.find(known.text)).toBe('unknown');
  });

  test('does not ask the store for each of a flood of unknown keys', async () => {
    reads = 0;
    clock.moveTo(2_000_000);
    for (let i = 0; i < 500; i++) expect(await keys.find(issueKey().text)).toBe('unknown');
    expect(reads).toBeLessThanOrEqual(2);
  });

  test('does not ask the store at all for a mistyped one', async () => {
    reads = 0;
    clock.moveTo(3_000_000);
    expect(await keys.find(`${known.text}x`)).toBe('mistyped');
    expect(reads).toBe(0);
  });

  test('fails, and lets nobody in, when the store fails', async () => {
    const down = { keys: () => Promise.reject(new Error('down')) } as unknown as ClickHouseAccess;
    const closed = new Keys({ store: down, clock, audit: new Audit(down, clock), adminKey: 'the-seed-admin-key' });
    await expect(closed.find(known.text)).rejects.toThrow('down');
    await expect(closed.find(known.text)).rejects.toThrow('down');
    expect(typeof (await closed.find('the-seed-admin-key'))).toBe('object');
  });
});
