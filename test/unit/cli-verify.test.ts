import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { RELEASE_FILES } from '../../schemas/release-file.ts';
import { verifyCommand } from '../../services/cli/verify.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { fingerprintOf } from '../../services/releases/files/sign.ts';
import { type FileBytes, verifyRelease } from '../../services/releases/files/verify.ts';
import { bytesOf, KEY, madeUpOrder, OTHER_KEY, smallOrder } from '../support/made-up-release.ts';

const WHOLE = bytesOf(releaseFiles(smallOrder()));
const OTHER = bytesOf(releaseFiles(madeUpOrder({ period: parsePeriod('2026-12') })));
const withFile = (name: string, content: string, files: FileBytes = WHOLE) =>
  new Map(files).set(name, Buffer.from(content));
const csvWith = (number: string, other: string) =>
  Buffer.from(WHOLE.get('release.csv') as Uint8Array)
    .toString()
    .replace(number, other);

describe('rollcall verify', () => {
  let root: string;
  let release: string;
  let out: string;
  let told: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'verify-'));
    release = join(root, '2026-11', 'Yealink');
    write(release, WHOLE);
    [out, told] = ['', ''];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean((out += text)));
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean((told += text)));
  });
  afterEach(() => {
    vi.restoreAllMocks();
    rmSync(root, { recursive: true });
  });

  const run = (...args: string[]) => verifyCommand.run(args, {});
  function write(folder: string, files: FileBytes): void {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of files) writeFileSync(join(folder, name), content);
  }
  function keyAt(...path: string[]): string {
    const file = join(root, ...path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, KEY.publicPem);
    return file;
  }

  test('says of a whole release what it is, for whom and at what cost', async () => {
    expect(await run(join(release, 'release.csv'), '--key', keyAt('key.pem'))).toBe(0);
    expect(out.split('\n')).toEqual([
      `whole and signed with the key ${KEY.keyId}`,
      'period   2026-11',
      'for      Yealink',
      'sites    not published',
      'numbers  1 cells',
      'epsilon  3.54 at delta 1.0e-6',
      '',
    ]);
  });

  test.each(RELEASE_FILES)('takes any file of it for all of it: %s', async (name) => {
    expect(await run(join(release, name), '--key', keyAt('key.pem'))).toBe(0);
  });

  test.each([[['2026-11', 'Yealink']], [['2026-11']], [[]]])('finds the key in %j', async (folders) => {
    const path = keyAt(...folders, 'public-key.pem');
    expect(await run(release)).toBe(0);
    expect(told).toContain(path);
    expect(told).toContain(fingerprintOf(KEY.publicKey));
    expect(told).toContain("Only a key from the publisher's own site proves anything");
  });

  test('looks no further up, and asks for a key', async () => {
    keyAt('public-key.pem');
    const deep = join(release, 'inner');
    write(deep, WHOLE);
    await expect(run(deep)).rejects.toThrow('--key');
    expect(out).toBe('');
  });

  test('names each fault on a line of its own', async () => {
    write(release, withFile('release.csv', csvWith('9500', '9501')));
    rmSync(join(release, 'summary.html'));
    expect(await run(release, '--key', keyAt('key.pem'))).toBe(1);
    expect(out.trimEnd().split('\n')).toEqual([
      'summary.html is missing',
      'release.csv is not what the manifest vouches for',
    ]);
  });

  test('names the other key', async () => {
    write(release, bytesOf(releaseFiles(smallOrder({ key: OTHER_KEY }))));
    expect(await run(release, '--key', keyAt('key.pem'))).toBe(1);
    expect(out).toContain(OTHER_KEY.keyId);
  });

  test('fails when one of several releases does, and checks a folder once', async () => {
    const key = keyAt('key.pem');
    const other = join(root, '2026-12', 'Yealink');
    write(other, withFile('release.csv', 'x', OTHER));
    expect(await run(release, join(release, 'release.json'), other, '--key', key)).toBe(1);
    expect(out.match(/whole and signed/g)).toHaveLength(1);
    expect(out).toContain('release.csv is not as long');
  });

  test('prints verdicts for programs', async () => {
    const key = keyAt('key.pem');
    expect(await run(release, '--json', '--key', key)).toBe(0);
    expect(JSON.parse(out)).toEqual(JSON.parse(JSON.stringify(verifyRelease(WHOLE, KEY.publicKey))));
    out = '';
    rmSync(join(release, 'release.json'));
    expect(await run(release, '--json', '--key', key)).toBe(1);
    expect(JSON.parse(out)).toEqual({ ok: false, faults: [{ file: 'release.json', reason: 'missing' }] });
  });

  test('refuses words that it does not understand', async () => {
    const key = keyAt('key.pem');
    writeFileSync(join(release, 'notes.txt'), 'x');
    writeFileSync(join(root, 'no-key.pem'), 'x');
    for (const args of [
      [],
      ['--key', key],
      ['--nonsense', release],
      [join(root, 'nowhere'), '--key', key],
      [join(release, 'notes.txt'), '--key', key],
      [release, '--key', join(root, 'no-key.pem')],
      [release, '--key', join(root, 'nowhere.pem')],
    ])
      await expect(run(...args), args.join(' ')).rejects.toMatchObject({ name: 'UsageError' });
    expect(out).toBe('');
  });

  test('does not read on and on: pipes, devices and files larger than any release are refused by name', async () => {
    const key = keyAt('key.pem');
    const target = join(release, 'release.json');
    rmSync(target);
    execFileSync('mkfifo', [target]);
    await expect(run(release, '--key', key)).rejects.toThrow(`${target}: not a regular file`);
    rmSync(target);
    symlinkSync('/dev/zero', target);
    await expect(run(release, '--key', key)).rejects.toThrow(`${target}: not a regular file`);
    rmSync(target);
    writeFileSync(target, '');
    truncateSync(target, 300 * 1024 * 1024);
    await expect(run(release, '--key', key)).rejects.toThrow('of 314572800 bytes');
    rmSync(target);
    const fifo = join(root, 'key.fifo');
    execFileSync('mkfifo', [fifo]);
    await expect(run(release, '--key', fifo)).rejects.toThrow(`${fifo}: not a regular file`);
  });

  test('says of files that nest as deep as they are long what is wrong with them', async () => {
    const deep = '['.repeat(1_000_000) + ']'.repeat(1_000_000);
    for (const name of ['release.json', 'key-succession.json'])
      writeFileSync(join(release, name), name === 'release.json' ? deep.slice(0, 900_000) : deep.slice(0, 1_000_000));
    expect(await run(release, '--key', keyAt('key.pem'))).toBe(1);
    expect(out).toContain('release.json');
  });
});
