import { describe, expect, test } from 'vitest';
import { RELEASE_FILES } from '../../schemas/release-file.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { readSignature } from '../../services/releases/files/sign.ts';
import { verifyRelease } from '../../services/releases/files/verify.ts';
import { fc } from '../support/fast-check.ts';
import { bytesOf, KEY, madeUpOrder } from '../support/made-up-release.ts';

const WHOLE = bytesOf(releaseFiles(madeUpOrder()));
const filesBlamed = (files: ReadonlyMap<string, Uint8Array>) => {
  const verdict = verifyRelease(files, KEY.publicKey);
  return verdict.ok ? [] : verdict.faults.map(({ file }) => file);
};

/** A stretch of a file, by its place between 0 and 1 and its length, and what comes in its stead. */
const edit = fc.record({
  name: fc.constantFrom(...RELEASE_FILES),
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat({ max: 40 }),
  put: fc.oneof(
    fc.uint8Array({ maxLength: 40 }),
    fc.string({ maxLength: 10 }).map((text) => Buffer.from(text)),
  ),
});

function edited({ name, at, removed, put }: { name: string; at: number; removed: number; put: Uint8Array }) {
  const bytes = WHOLE.get(name) as Uint8Array;
  const from = Math.round(at * bytes.length);
  return Buffer.concat([bytes.subarray(0, from), put, bytes.subarray(from + removed)]);
}

describe('whatever is done to a file of a release', () => {
  test('the release fails and the file is named', () => {
    fc.assert(
      fc.property(edit, (change) => {
        const content = edited(change);
        fc.pre(!content.equals(WHOLE.get(change.name) as Uint8Array));
        expect(filesBlamed(new Map(WHOLE).set(change.name, content))).toContain(change.name);
      }),
      { numRuns: 2_000 },
    );
  });

  test('nothing else is blamed for what was done to a number', () => {
    fc.assert(
      fc.property(edit, (change) => {
        const content = edited(change);
        fc.pre(!change.name.startsWith('manifest') && !content.equals(WHOLE.get(change.name) as Uint8Array));
        expect(filesBlamed(new Map(WHOLE).set(change.name, content))).toEqual([change.name]);
      }),
      { numRuns: 500 },
    );
  });

  test('and nothing is blamed when nothing was done', () => {
    expect(filesBlamed(WHOLE)).toEqual([]);
  });
});

test('of all texts for the same signature one is read', () => {
  const signature = WHOLE.get('manifest.sig') as Uint8Array;
  const text = Buffer.from(signature).toString();
  expect(readSignature(signature)).toHaveLength(64);
  const blank = fc.constantFrom(' ', '\n', '\t', '=', '\0', '!', '\u00e9');
  fc.assert(
    fc.property(fc.nat({ max: text.length }), blank, (at, more) => {
      expect(readSignature(Buffer.from(text.slice(0, at) + more + text.slice(at)))).toBeUndefined();
    }),
  );
});
