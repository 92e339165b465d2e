import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

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
    rmdirSync(LOCK);
  }
  return FILE;
}

/** One test file builds it, the others wait. A lock that a killed run left behind is as old as that run. */
function take(): boolean {
  try {
    mkdirSync(LOCK);
    return true;
  } catch {
    if (existsSync(LOCK) && performance.timeOrigin + performance.now() - statSync(LOCK).mtimeMs > 120_000)
      rmdirSync(LOCK);
    return false;
  }
}

function isFresh(): boolean {
  return existsSync(FILE) && statSync(FILE).mtimeMs >= statSync(ENTRY).mtimeMs;
}
