import { spawn } from 'node:child_process';
import { MAIN } from './rollcall-process.ts';

export interface Said {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the compiled product to its end. Of the environment it has `PATH` and what is given. */
export function runCommand(args: readonly string[], env: NodeJS.ProcessEnv = {}, input?: string): Promise<Said> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: { PATH: process.env.PATH, ...env } });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  // A command that ends before it has read everything says why in what it writes.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...said })));
}
