import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PATIENCE_MS } from './patience.ts';
import { canRun } from './server-process.ts';

/** Null when Chromium can be started here, otherwise why not and the command that mends it. */
export function chromiumAvailable(): string | null {
  return canRun('chromium', '--version') ? null : 'no chromium: apt-get install -y --no-install-recommends chromium';
}

export interface Loaded {
  /** The document once everything was loaded and its scripts, if any are allowed, have run. */
  readonly dom: string;
  /** What the browser had to say about the page: errors and everything that a policy made it refuse. */
  readonly complaints: readonly string[];
}

/** Opens the page in a browser that has never seen another one. */
export async function load(url: string): Promise<Loaded> {
  const profile = mkdtempSync(join(tmpdir(), 'rollcall-chromium-'));
  // The sandbox needs rights that a container does not give; only pages of this test are opened.
  const options = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const output = [`--user-data-dir=${profile}`, '--enable-logging=stderr', '--virtual-time-budget=5000', '--dump-dom'];
  try {
    const { stdout, stderr } = await promisify(execFile)('chromium', [...options, ...output, url], {
      timeout: PATIENCE_MS,
      maxBuffer: 16 * 1024 * 1024,
    });
    return { dom: stdout, complaints: stderr.split('\n').filter((line) => line.includes(':CONSOLE')) };
  } finally {
    // Its children end a moment after it and may still write there.
    rmSync(profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}
