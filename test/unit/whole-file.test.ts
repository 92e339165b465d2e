import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeFirst, writeWhole } from '../../services/shared/whole-file.ts';

describe('a file that is whole or not there', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'rollcall-whole-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));
  const code = (act: () => void): unknown => {
    try {
      act();
      return undefined;
    } catch (thrown) {
      return (thrown as NodeJS.ErrnoException).code;
    }
  };

  test.each([
    ['the first one stays', writeFirst, 'one'],
    ['the last one stays', writeWhole, 'two'],
  ])('%s, for its owner alone whatever the mask says, in a folder that was not there', (_name, write, stays) => {
    const path = join(directory, 'new', 'file');
    for (const text of ['one', 'two']) write(path, text);
    expect(readFileSync(path, 'utf8')).toBe(stays);
    const mask = process.umask(0o277);
    try {
      write(`${path}.masked`, 'three');
    } finally {
      process.umask(mask);
    }
    for (const one of [path, `${path}.masked`]) expect(statSync(one).mode & 0o777).toBe(0o600);
    expect(readdirSync(join(directory, 'new')).sort()).toEqual(['file', 'file.masked']);
  });

  test.each([
    ['first', writeFirst],
    ['whole', writeWhole],
  ])('where a file is in the place of the folder it says so and leaves nothing (%s)', (_name, write) => {
    writeFileSync(join(directory, 'folder'), '');
    expect(code(() => write(join(directory, 'folder', 'file'), 'one'))).toMatch(/^(EEXIST|ENOTDIR)$/);
    expect(readdirSync(directory)).toEqual(['folder']);
  });

  test('what fails before it has its name leaves what stood there, and nothing beside it', () => {
    const path = join(directory, 'file');
    writeWhole(path, 'one');
    const before = () => {
      throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
    };
    expect(code(() => writeWhole(path, 'two', { before }))).toBe('ENOSPC');
    expect(readFileSync(path, 'utf8')).toBe('one');
    mkdirSync(join(directory, 'folder'));
    expect(code(() => writeWhole(join(directory, 'folder'), 'two'))).toMatch(/^(EISDIR|ENOTEMPTY|EEXIST)$/);
    expect(readdirSync(directory).sort()).toEqual(['file', 'folder']);
  });
});
