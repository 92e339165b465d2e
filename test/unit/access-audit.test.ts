import { describe, expect, test } from 'vitest';
import { BEFORE_FIRST, entryAfter, firstBreak } from '../../services/api/keys/audit-chain.ts';
import type { AuditEntry } from '../../services/ports/audit-store.ts';
import { fc } from '../support/fast-check.ts';

function chainOf(length: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let i = 0; i < length; i++) {
    const act = { actor: 'admin', action: 'key.created', object: `aaaaaaa${i % 10} reader` };
    entries.push(entryAfter(entries.at(-1) ?? BEFORE_FIRST, act, 1_000 + i, `nonce${i}`));
  }
  return entries;
}

describe('a chain of the audit', () => {
  test('that nobody touched is whole, also read in pieces', () => {
    const entries = chainOf(30);
    expect(firstBreak([])).toBeUndefined();
    expect(firstBreak(entries)).toBeUndefined();
    expect(firstBreak(entries.slice(10), entries[9])).toBeUndefined();
    expect(entries[0]).toMatchObject({ seq: 1, previous: '0'.repeat(64) });
  });

  test('names the first entry of which anything was altered', () => {
    const field = fc.constantFrom('at', 'actor', 'action', 'object', 'nonce', 'hash', 'previous');
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 19 }), field, (at, name) => {
        const entries = chainOf(20);
        const entry = entries[at] as AuditEntry;
        entries[at] = { ...entry, [name]: name === 'at' ? entry.at + 1 : `${entry[name as 'actor']}x` };
        expect(firstBreak(entries)?.seq).toBe(at + 1);
      }),
    );
  });

  test('names the place of an entry that is gone, doubled, moved or put in', () => {
    const entries = chainOf(10);
    const forged = entryAfter(entries[3] as AuditEntry, { actor: 'x', action: 'key.created', object: '' }, 5, 'n');
    const without = (at: number) => entries.filter((_, i) => i !== at);
    expect(firstBreak(without(4))).toEqual({ seq: 5, reason: 'missing' });
    expect(firstBreak(without(0))).toEqual({ seq: 1, reason: 'missing' });
    expect(firstBreak([...entries.slice(0, 5), entries[4]!, ...entries.slice(5)])).toEqual({
      seq: 5,
      reason: 'forked',
    });
    expect(firstBreak([...entries.slice(0, 5), forged, ...entries.slice(5)])).toEqual({ seq: 5, reason: 'forked' });
    expect(firstBreak([...entries.slice(0, 4), forged, ...entries.slice(5)])).toEqual({ seq: 6, reason: 'unlinked' });
  });

  test('an entry whose own hash was made to fit breaks at the next', () => {
    const entries = chainOf(10);
    const { actor, action } = entries[5] as AuditEntry;
    entries[5] = entryAfter(entries[4] as AuditEntry, { actor, action, object: 'another' }, 1_005, 'nonce5');
    expect(firstBreak(entries)).toEqual({ seq: 7, reason: 'unlinked' });
  });

  test('cut off at its end looks whole: the head must be kept elsewhere', () => {
    expect(firstBreak(chainOf(10).slice(0, 7))).toBeUndefined();
  });

  test.each(['a report: {"token":"x"}', 'a@b.example', 'line\nbreak', 'x'.repeat(201), '<script>'])(
    'takes no content for an object: %j',
    (object) => {
      expect(() => entryAfter(BEFORE_FIRST, { actor: 'admin', action: 'key.created', object }, 1, 'n')).toThrow();
    },
  );
});
