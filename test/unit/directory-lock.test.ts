import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LOCK_FILE, lockDirectory } from '../../services/shared/directory-lock.ts';
import { temporaryDirectory } from '../support/rollcall-process.ts';

const inUse = expect.objectContaining({ code: 'directory-in-use' });

test('a directory is held by one, and who is refused leaves its lock alone', async () => {
  const directory = temporaryDirectory();
  const path = join(directory, LOCK_FILE);
  const lock = lockDirectory(directory);
  expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
  for (let i = 0; i < 3; i++) expect(() => lockDirectory(directory)).toThrow(inUse);
  expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
  await lock.close();
  expect(existsSync(path)).toBe(false);
  await lockDirectory(directory).close();
});

test('what stands in a file that nobody holds blocks nobody: nothing, no number, or the pid of another program', async () => {
  const directory = temporaryDirectory();
  for (const text of ['', '\0\0\0\0', 'no pid', '1', String(process.pid), String(process.ppid)]) {
    writeFileSync(join(directory, LOCK_FILE), text);
    const lock = lockDirectory(directory);
    expect(readFileSync(join(directory, LOCK_FILE), 'utf8')).toBe(String(process.pid));
    await lock.close();
  }
});

test('what stands in a file that somebody holds makes it no freer', async () => {
  const directory = temporaryDirectory();
  const lock = lockDirectory(directory);
  for (const text of ['', '1', 'no pid']) {
    writeFileSync(join(directory, LOCK_FILE), text);
    expect(() => lockDirectory(directory)).toThrow(inUse);
  }
  await lock.close();
});

test('a lock whose file was taken away is no lock, and letting go of it takes nobody else’s', async () => {
  const directory = temporaryDirectory();
  const lost = lockDirectory(directory);
  rmSync(join(directory, LOCK_FILE));
  const lock = lockDirectory(directory);
  expect(() => lockDirectory(directory)).toThrow(inUse);
  await lost.close();
  expect(existsSync(join(directory, LOCK_FILE))).toBe(true);
  await lock.close();
});

test('a directory of another user is told with path, right, owner and the line that mends it', () => {
  const volume = temporaryDirectory();
  const directory = join(volume, 'data');
  mkdirSync(directory, { mode: 0o755 });
  chmodSync(volume, 0o755);
  const root = process.geteuid?.() === 0;
  if (!root) chmodSync(directory, 0o500);
  if (root) process.seteuid?.(54_321);
  try {
    const user = `${process.geteuid?.()}:${process.getegid?.()}`;
    expect(() => lockDirectory(directory)).toThrow(
      expect.objectContaining({
        code: 'data-directory-unusable',
        detail: expect.objectContaining({
          ...{ ROLLCALL_DATA_DIR: directory, cause: 'EACCES', path: expect.stringContaining(directory), user },
          ...{ needs: 'read and write permission', remedy: `chown -R ${user} ${directory}` },
        }),
      }),
    );
  } finally {
    if (root) process.seteuid?.(0);
  }
});
