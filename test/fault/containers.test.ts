import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LOCK_FILE } from '../../services/shared/directory-lock.ts';
import { post, reportOf } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { MAIN, temporaryDirectory } from '../support/rollcall-process.ts';

// A process that is pid 1 of a pid namespace stands for a container: what a kernel does for it is the same.
const CONTAINER = ['--pid', '--fork', '--mount-proc', '--kill-child'];
const possible = spawnSync('unshare', [...CONTAINER, 'true']).status === 0;
/** What whoever stops a container waits for before it ends it by force. */
const STOP_MS = 10_000;

interface Container {
  readonly child: ChildProcess;
  output(): string;
  readonly ended: Promise<number | null>;
  /** To the process inside. */
  signal(name: NodeJS.Signals): void;
  untilSaid(words: RegExp): Promise<RegExpExecArray>;
}

function container(args: readonly string[], env: NodeJS.ProcessEnv): Container {
  const child = spawn('unshare', [...CONTAINER, process.execPath, MAIN, ...args], {
    env: { PATH: process.env.PATH, PORT: '0', ROLLCALL_METRICS_PORT: '0', ...env },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  return {
    child,
    output: () => output,
    ended,
    signal(name) {
      const inside = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')[0];
      process.kill(Number(inside), name);
    },
    async untilSaid(words) {
      for (let waited = 0; waited < PATIENCE_MS && child.exitCode === null; waited += 20) {
        const said = words.exec(output);
        if (said) return said;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`not said: ${words}\n${output}`);
    },
  };
}

const urlOf = async (running: Container) => (await running.untilSaid(/"url":"(http:[^"]+)"/))[1] as string;

describe.skipIf(!possible)('in a container (needs unshare, as root)', () => {
  test('one beside a living one on its volume is refused and harms nothing, and one after a killed one begins', async () => {
    const env = { ROLLCALL_DATA_DIR: temporaryDirectory() };
    const lock = join(env.ROLLCALL_DATA_DIR, LOCK_FILE);
    const living = container(['start'], env);
    const url = await urlOf(living);
    const beside = container(['start'], env);
    expect(await beside.ended).toBe(1);
    expect(beside.output()).toContain('directory-in-use');
    expect(readFileSync(lock, 'utf8')).toBe('1');
    expect((await post(url, reportOf())).status).toBe(202);
    living.signal('SIGKILL');
    await living.ended;
    expect(existsSync(lock)).toBe(true);
    const after = container(['ingest'], env);
    await urlOf(after);

    // A log is held as its own: other processes may have it under data directories of theirs.
    const log = `lmdb:${join(env.ROLLCALL_DATA_DIR, 'log')}`;
    const other = container(['ingest'], { ROLLCALL_DATA_DIR: temporaryDirectory(), ROLLCALL_LOG_URL: log });
    expect(await other.ended).toBe(1);
    expect(other.output()).toMatch(/directory-in-use.*log/);
  });

  test('told to stop while it begins and what it depends on hangs, it ends at once', async () => {
    const hole = createServer((socket) => void socket.on('error', () => {}).resume());
    const port = await freePort();
    await new Promise<void>((resolve) => hole.listen(port, '127.0.0.1', resolve));
    onTestFinished(() => void hole.close());
    const called = new Promise<void>((resolve) => hole.once('connection', () => resolve()));
    const running = container(['api'], {
      ROLLCALL_DATA_DIR: temporaryDirectory(),
      ROLLCALL_STORE_URL: `http://user:password@127.0.0.1:${port}/rollcall`,
    });
    await running.untilSaid(/"msg":"configuration"/);
    await called;
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(running.output()).toContain('"before":"ready"');
  });

  test('told to stop while a client is stuck in the middle of a body, it ends before it would be killed', async () => {
    const running = container(['ingest'], { ROLLCALL_DATA_DIR: temporaryDirectory() });
    const { port } = new URL(await urlOf(running));
    const stuck = connect(Number(port), '127.0.0.1');
    stuck.on('error', () => {});
    const head =
      'POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n';
    await new Promise<void>((resolve) => stuck.write(`${head}{"schema"`, () => resolve()));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const began = performance.now();
    running.signal('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - began).toBeLessThan(STOP_MS);
    stuck.destroy();
  });
});
