import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface ServerProcess {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts `node FILE …` on one core, or several such as `0,1`, and waits for the address that it prints first on stdout or in its journal. */
export async function startOnCore(
  core: number | string,
  file: string,
  args: string[],
  env: NodeJS.ProcessEnv,
): Promise<ServerProcess> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  return startProgram(core, [process.execPath, path, ...args], env);
}

/** The same of any program; `url` is its address when it prints none. */
export async function startProgram(
  core: number | string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  url?: string,
): Promise<ServerProcess> {
  const child = spawn('taskset', ['-c', String(core), ...words], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return {
    url: url ?? (await firstUrl(child)),
    pid: child.pid as number,
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

function firstUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = '';
    const look = (chunk: Buffer) => {
      seen += chunk.toString();
      const match = /"url":"(http:[^"]+)"|^(http:\S+)$/m.exec(seen);
      if (match) resolve((match[1] ?? match[2]) as string);
    };
    child.stdout?.on('data', look);
    child.stderr?.on('data', look);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${seen.slice(-500)}`)));
  });
}
