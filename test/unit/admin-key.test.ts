import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadAdminKey } from '../../services/shared/admin-key.ts';

test('the admin key of a data directory is made once, and again where the file has none: for its owner alone', () => {
  const directory = mkdtempSync(join(tmpdir(), 'admin-key-'));
  const file = join(directory, 'admin-key');
  const { key, path } = loadAdminKey(undefined, directory);
  expect([path, readFileSync(file, 'utf8')]).toEqual([file, `${key}\n`]);
  expect(key).toMatch(/^rc_admin_[A-Za-z0-9_-]{43}$/);
  expect(loadAdminKey(undefined, directory).key).toBe(key);
  writeFileSync(file, '');
  const anew = loadAdminKey(undefined, directory);
  expect(anew.key).toMatch(/^rc_admin_[A-Za-z0-9_-]{43}$/);
  expect(anew.key).not.toBe(key);
  expect(loadAdminKey(undefined, directory)).toEqual(anew);
  expect([statSync(file).mode & 0o777, readdirSync(directory)]).toEqual([0o600, ['admin-key']]);
  writeFileSync(file, 'chosen by hand\n');
  expect(loadAdminKey(undefined, directory).key).toBe('chosen by hand');
  rmSync(directory, { recursive: true });
});
