import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimFormat, DATA_FORMAT } from '../../services/shared/data-format.ts';
import { packageVersion } from '../../services/shared/package-root.ts';
import { temporaryDirectory } from '../support/rollcall-process.ts';

const markerIn = (directory: string) => readFileSync(join(directory, 'installation.json'), 'utf8');

test('a directory without a marker is of the first format, and is marked', () => {
  const directory = temporaryDirectory();
  claimFormat(directory);
  expect(JSON.parse(markerIn(directory))).toEqual({ format: DATA_FORMAT, writtenBy: packageVersion() });
});

test('a directory of an earlier format is marked with this one, and the earlier build refuses it from then on', () => {
  const directory = temporaryDirectory();
  claimFormat(directory, DATA_FORMAT);
  claimFormat(directory, DATA_FORMAT + 1);
  expect(() => claimFormat(directory, DATA_FORMAT)).toThrow('data-from-newer-version');
});

test('a marker keeps who wrote the format first', () => {
  const directory = temporaryDirectory();
  const text = JSON.stringify({ format: DATA_FORMAT, writtenBy: '0.0.1' });
  writeFileSync(join(directory, 'installation.json'), text);
  claimFormat(directory);
  expect(markerIn(directory)).toBe(text);
});

test('who wrote it is told when it is a version, and nothing else is repeated', () => {
  const directory = temporaryDirectory();
  const text = JSON.stringify({ format: DATA_FORMAT + 1, writtenBy: 'canary of a host' });
  writeFileSync(join(directory, 'installation.json'), text);
  expect(() => claimFormat(directory)).toThrow(
    expect.objectContaining({ detail: expect.objectContaining({ writtenBy: 'unknown' }) }),
  );
});
