import { execFile } from 'node:child_process';
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { PATIENCE_MS } from './patience.ts';

const ROOT = new URL('../../', import.meta.url);
const FILE = fileURLToPath(new URL('dist/rollcall-agent.cjs', ROOT));
const ENTRY = fileURLToPath(new URL('dist/services/agent/packaging/build.js', ROOT));
const LOCK = `${FILE}.building`;

/** The agent as it is given to owners, built from the compiled sources if it is older than they are. Resolves to its path. */
export async function agentBundle(): Promise<string> {
  while (!take()) await new Promise((resolve) => setTimeout(resolve, 200));
  try {
    if (!isFresh()) await promisify(execFile)(process.execPath, [ENTRY, 'bundle']);
  } finally {
    give();
  }
  return FILE;
}

/** One test file builds it, the others wait. A lock that a killed run left behind is as old as that run. */
function take(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    if (performance.timeOrigin + performance.now() - (writtenAt(LOCK) ?? Number.POSITIVE_INFINITY) > PATIENCE_MS)
      give();
    return false;
  }
}

const give = (): void => rmSync(LOCK, { recursive: true, force: true });

function isFresh(): boolean {
  return (writtenAt(FILE) ?? 0) >= statSync(ENTRY).mtimeMs;
}

/** Undefined where there is none: the others make and remove it meanwhile. */
function writtenAt(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
}
