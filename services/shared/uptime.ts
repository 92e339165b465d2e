import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** How long this host has been running, by a clock that nobody sets, and the system's id of this run: '' where it has none. */
export function hostUptime(): { readonly boot: string; readonly uptimeMs: number } {
  const said = Number(textOf('/proc/uptime')?.split(' ')[0]);
  const seconds = Number.isFinite(said) ? said : uptime();
  return { boot: textOf('/proc/sys/kernel/random/boot_id') ?? '', uptimeMs: Math.floor(seconds * 1_000) };
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return undefined;
  }
}
