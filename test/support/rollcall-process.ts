import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';
import { freePort } from './free-port.ts';
import { PATIENCE_MS } from './patience.ts';

export const MAIN = join(packageRoot(), 'dist', 'services', 'main.cjs');
export const ADMIN_KEY = 'rc_admin_for_tests_only_0123456789';

export interface RollcallProcess {
  readonly url: string;
  readonly pid: number;
  /** Where its metrics are. */
  readonly metricsUrl: string;
  /** Everything it wrote to stdout and stderr so far. */
  output(): string;
  /** Ends it with the signal and resolves with its exit code (null after a signal that it did not handle). */
  end(signal: NodeJS.Signals): Promise<number | null>;
  readonly ended: Promise<number | null>;
  exited(): boolean;
}

/** Starts the compiled product on a free port and waits until it is ready. Ends with the test, also when it fails. */
export async function startRollcall(
  directory: string,
  env: NodeJS.ProcessEnv = {},
  command = 'start',
): Promise<RollcallProcess> {
  const started = spawnRollcall(directory, env, command);
  onTestFinished(async () => void (await started.then((running) => running.end('SIGKILL')).catch(() => {})));
  return started;
}

/** The same, for whoever ends it. A process that does not become ready is ended. */
export async function spawnRollcall(
  directory: string,
  env: NodeJS.ProcessEnv,
  command: string,
): Promise<RollcallProcess> {
  const metricsPort = String(await freePort());
  const child = spawn(process.execPath, [MAIN, command], {
    env: {
      PATH: process.env.PATH,
      PORT: '0',
      ROLLCALL_DATA_DIR: directory,
      ROLLCALL_ADMIN_KEY: ADMIN_KEY,
      ROLLCALL_METRICS_PORT: metricsPort,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = endOf(child);
  const url = await readyUrl(child, () => output).catch((thrown: unknown) => {
    child.kill('SIGKILL');
    throw thrown;
  });
  return {
    url,
    pid: child.pid as number,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    output: () => output,
    ended,
    exited: () => child.exitCode !== null || child.signalCode !== null,
    end(signal) {
      child.kill(signal);
      return ended;
    },
  };
}

/** Its last lines may be on their way when it is gone; a process of its own that holds the same pipes is not waited for. */
function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('exit', (code) => setTimeout(resolve, 2_000, code).unref());
  });
}

async function readyUrl(child: ChildProcess, output: () => string): Promise<string> {
  for (let waited = 0; waited < PATIENCE_MS; waited += 20) {
    const url = /"url":"(http:[^"]+)"/.exec(output())?.[1];
    if (url) return url;
    if (child.exitCode !== null || child.signalCode !== null) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await new Promise((resolve) => setTimeout(resolve, 200));
  throw new Error(`the process did not become ready: ${output()}`);
}

/** A directory that is gone when the test ends. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
