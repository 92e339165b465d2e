import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { main } from '../../services/agent/main.ts';
import { newSite } from '../../services/agent/site.ts';
import type { State } from '../../services/agent/state/state.ts';
import { StateFile } from '../../services/agent/state/state-file.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { drawBytes } from '../../services/shared/random.ts';
import { agentBundle } from '../support/agent-bundle.ts';
import { agentSite, line, listeningService } from '../support/agent-site.ts';
import { mountSmallDisk } from '../support/small-disk.ts';

const folder = mkdtempSync(join(tmpdir(), 'rollcall-disk-'));
const disk = mountSmallDisk(join(folder, 'disk'), 1);
const isRoot = process.getuid?.() === 0;
const MISSING = 'LEFT OUT, NOT TRIED: this user may not mount a disk; run the suite as root: ';
if (disk === undefined) process.stderr.write(`${MISSING}read-only and full disks of the agent\n`);
const [PHONES, OTHER_USER] = [join(folder, 'phones.txt'), 65_534];
const onDisk = join(folder, 'disk', 'agent', 'state.json');

const catalog = loadCatalog();
let bundle = '';
let node = process.execPath;
beforeAll(async () => {
  bundle = join(folder, 'rollcall-agent.cjs');
  copyFileSync(await agentBundle(), bundle);
  writeFileSync(PHONES, 'snomD785/10.1.84.12\n');
  chmodSync(folder, 0o755);
  // Where Node lies in somebody's home another user has one of its own.
  if (isRoot && spawnSync(node, ['--version'], { uid: OTHER_USER }).status !== 0) {
    node = join(folder, 'node');
    copyFileSync(process.execPath, node);
  }
});
afterAll(() => {
  disk?.unmount();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  if (disk === undefined) return;
  disk.writable();
  disk.clear();
  rmSync(dirname(onDisk), { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The agent's command line in this process, for the phones of this test. */
async function agent(state: string, args: readonly string[]): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const code = await main({
    argv: [...args, '--registrations', PHONES, '--state', state],
    env: {},
    io: { stdout: (text) => (said.stdout += text), stderr: (text) => (said.stderr += text) },
    loadCatalog: () => catalog,
    endOfLife: () => ({ models: [], platforms: [] }),
    version: '0',
  });
  return { code, ...said };
}

/** The one file, as another user or on a disk that fails late. Not spawnSync: the service of this process has to answer meanwhile. */
function agentFile(state: string, args: readonly string[], { uid = 0, env = {}, preload = '' }): Promise<Ran> {
  const own = [bundle, ...args, '--registrations', PHONES, '--state', state];
  const child = spawn(node, [...(preload ? ['--require', preload] : []), ...own], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', ...env },
    ...(uid === 0 ? {} : { uid, gid: uid }),
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })));
}

/** A service, and an agent that is on, has reported, and has something to say again at once. */
async function reported(state: string) {
  const service = await listeningService(new SetClock(0));
  const done = async (...args: string[]) => {
    const { code, stderr } = await agent(state, args);
    expect(code, stderr).toBe(0);
  };
  const isDue = () => {
    const kept = JSON.parse(readFileSync(state, 'utf8')) as State;
    writeFileSync(state, JSON.stringify({ ...kept, sites: { local: { ...kept.sites.local!, dueAt: 1 } } }));
  };
  await done('enable', '--yes', '--service', service.url);
  await done('run', '--no-wait');
  isDue();
  await done('run', '--no-wait');
  isDue();
  expect(service.reports()).toHaveLength(1);
  return service;
}

/** It says which file cannot be written and why, and that nothing went which could not be taken back. */
function isNamed({ code, stderr }: Ran, file: string, why: string): void {
  expect(stderr).toContain(
    `failed: state-unwritable ${file} (${why}) (The state cannot be written there: nothing was sent`,
  );
  expect(stderr).not.toMatch(/^not sent/m);
  expect(code).toBe(1);
}

describe.skipIf(disk === undefined)(`${disk === undefined ? MISSING : ''}on a disk that is mounted read-only`, () => {
  const EROFS = 'EROFS, the disk is read-only';

  test('an agent that is on shows everything, sends nothing, and says what cannot be written; then it goes on where it was', async () => {
    const service = await reported(onDisk);
    const before = readFileSync(onDisk, 'utf8');
    disk!.readOnly();
    const [asked, files] = [service.asked.length, readdirSync(dirname(onDisk))];

    const preview = await agent(onDisk, ['preview']);
    expect([preview.code, JSON.parse(preview.stdout)]).toMatchObject([0, { sequence: 2 }]);
    expect((await agent(onDisk, ['status'])).stdout).toMatch(/^on: policy version \d+/);
    expect((await agent(onDisk, ['local'])).stdout).toContain('1 phone Snom D785');
    expect((await agent(onDisk, ['doctor'])).stdout).toContain(`${onDisk}: cannot be written (${EROFS})`);
    for (const args of [
      ['run', '--no-wait'],
      ['enable', '--yes', '--service', service.url],
      ['disable'],
      ['inventory', '--send', service.url],
      ['inventory', '--withdraw'],
    ])
      isNamed(await agent(onDisk, args), onDisk, EROFS);
    expect([service.asked.length, readdirSync(dirname(onDisk)), readFileSync(onDisk, 'utf8')]).toEqual([
      asked,
      files,
      before,
    ]);

    disk!.writable();
    expect((await agent(onDisk, ['disable'])).code).toBe(0);
    expect(service.reports().at(-1)!.report).toMatchObject({ withdraw: true, sequence: 2 });
    expect(readdirSync(dirname(onDisk))).toEqual([]);
  });

  test('an agent that is off is off: its timer and a switch-off have nothing to write, only switching on does', async () => {
    const service = await listeningService(new SetClock(0));
    disk!.readOnly();
    expect(await agent(onDisk, ['run', '--no-wait'])).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(/^off: /),
    });
    expect(await agent(onDisk, ['disable'])).toMatchObject({ code: 0, stderr: expect.stringMatching(/^off: /) });
    isNamed(await agent(onDisk, ['enable', '--yes', '--service', service.url]), onDisk, EROFS);
    expect([service.asked, existsSync(dirname(onDisk))]).toEqual([[], false]);
  });
});

describe.skipIf(disk === undefined)(`${disk === undefined ? MISSING : ''}on a disk that is full`, () => {
  const ENOSPC = 'ENOSPC, the disk is full';

  test.each([0, 1])(
    'with %i pages left nothing is sent that cannot be remembered, and what was stays',
    async (pages) => {
      const service = await reported(onDisk);
      const [before, reports] = [readFileSync(onDisk, 'utf8'), service.reports().length];
      disk!.fill(pages);
      expect((await agent(onDisk, ['preview'])).code).toBe(0);
      for (const args of [['run', '--no-wait'], ['enable', '--yes'], ['disable']])
        isNamed(await agent(onDisk, args), onDisk, ENOSPC);
      expect([service.reports().length, readFileSync(onDisk, 'utf8')]).toEqual([reports, before]);
      expect(readdirSync(dirname(onDisk))).toEqual(['state.json']);
      disk!.clear();
      expect((await agent(onDisk, ['disable'])).code).toBe(0);
      expect(service.reports()).toHaveLength(reports + 1);
    },
  );

  test('a state of which only a part has room is the old one: no half of it is taken for whole', () => {
    const site = agentSite();
    site.enable('http://127.0.0.1:9');
    const file = new StateFile(onDisk);
    const state = site.deps.file.read()!;
    file.write(state);
    const sent = Array.from({ length: 200 }, (_, n) => line(`SIP-T${n}`, n));
    const long = { ...state, sites: { local: { ...newSite('2026-11', drawBytes), sent } } };
    disk!.fill(2);
    expect(JSON.stringify(long).length).toBeGreaterThan(8_192);
    expect(() => file.write(long)).toThrow(expect.objectContaining({ code: 'state-unwritable' }));
    expect([file.read(), readdirSync(dirname(onDisk))]).toEqual([state, ['state.json']]);
    disk!.clear();
    file.write(long);
    expect(file.read()!.sites.local!.sent).toEqual(sent);
  });
});

describe('what cannot be remembered is not sent where there is no room for', () => {
  const preload = join(folder, 'no-room.cjs');
  // From the n-th call on: what a network's disk, or one that gives out its blocks late, says.
  writeFileSync(
    preload,
    `const fs = require('node:fs'); let n = Number(process.env.FROM);
const name = process.env.CALL, real = fs[name];
fs[name] = (...given) => {
  if ((typeof given[0] === 'number' || /state\\.json\\.[0-9a-f]{16}$/.test(given[0])) && --n <= 0) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
  return real(...given);
};`,
  );
  const state = join(folder, 'late', 'state.json');

  test.each([
    ['a new file', 'openSync'],
    ['its bytes, told when they are brought to the disk', 'fsyncSync'],
    ['a new name', 'renameSync'],
    ['the name of a lock', 'linkSync'],
  ])('%s', async (_, call) => {
    rmSync(dirname(state), { recursive: true, force: true });
    const service = await reported(state);
    const before = readFileSync(state, 'utf8');
    const failing = { preload, env: { CALL: call, FROM: '1' } };
    for (const args of [['run', '--no-wait'], ['disable']])
      isNamed(await agentFile(state, args, failing), state, 'ENOSPC, the disk is full');
    expect([service.reports().length, readFileSync(state, 'utf8')]).toEqual([1, before]);
    expect(readdirSync(dirname(state))).toEqual(['state.json']);
  });

  test('a receipt: the report counts as sent, and is repeated under its number', async () => {
    rmSync(dirname(state), { recursive: true, force: true });
    const service = await reported(state);
    writeFileSync(PHONES, 'snomD785/10.1.84.12\nsnomD785/10.1.84.12\n');
    isNamed(
      await agentFile(state, ['run', '--no-wait'], { preload, env: { CALL: 'renameSync', FROM: '2' } }),
      state,
      'ENOSPC, the disk is full',
    );
    expect((await agent(state, ['run', '--no-wait'])).code).toBe(0);
    expect(service.reports().map(({ report }) => report!.sequence)).toEqual([1, 2, 2]);
    const [, sent, again] = service.reports();
    expect(again!.body).toBe(sent!.body);
  });
});

describe.skipIf(!isRoot)(
  `${isRoot ? '' : 'LEFT OUT, NOT TRIED: only root is other users: '}a folder of another user`,
  () => {
    const OWNER = 1_234;
    const theirs = join(folder, 'theirs', 'state.json');
    mkdirSync(dirname(theirs));
    if (isRoot) chownSync(dirname(theirs), OWNER, OWNER);

    test('takes no state: who has no right there sees what would be sent, and sends nothing', async () => {
      const service = await listeningService(new SetClock(0));
      const [uid, args] = [OTHER_USER, ['enable', '--yes', '--service', service.url]];
      expect((await agentFile(theirs, ['preview'], { uid })).code).toBe(0);
      isNamed(await agentFile(theirs, args, { uid }), theirs, 'EACCES, this user may not');
      expect(service.asked).toEqual([]);
    });

    test("holds a state that is its owner's even if root wrote it, and is not told to others", async () => {
      const service = await reported(theirs);
      expect([statSync(theirs).uid, statSync(theirs).mode & 0o777]).toEqual([OWNER, 0o600]);
      const asked = service.asked.length;
      const preview = await agentFile(theirs, ['preview'], { uid: OTHER_USER });
      expect([preview.code, JSON.parse(preview.stdout)]).toMatchObject([0, { sequence: 1 }]);
      for (const args of [
        ['status'],
        ['run', '--no-wait'],
        ['enable', '--yes', '--service', service.url],
        ['disable'],
      ]) {
        const { code, stderr } = await agentFile(theirs, args, { uid: OTHER_USER });
        expect(stderr).toContain(`failed: state-unreadable ${theirs} (EACCES, this user may not)`);
        expect(code).toBe(1);
      }
      expect(service.asked).toHaveLength(asked);
      const own = await agentFile(theirs, ['disable'], { uid: OWNER });
      expect([own.code, service.reports().at(-1)!.report!.withdraw]).toEqual([0, true]);
    });
  },
);
