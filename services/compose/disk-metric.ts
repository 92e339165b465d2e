import { statfsSync } from 'node:fs';
import { Gauge, type Registry } from 'prom-client';

/** What is free for an unprivileged user on the disk of the directory. No value when it is not there. */
export function diskMetric(registry: Registry, directory: string): void {
  new Gauge({
    name: 'rollcall_disk_free_bytes',
    help: 'Bytes that are free on the disk of the data directory',
    registers: [registry],
    collect() {
      this.remove();
      const free = freeBytes(directory);
      if (free !== undefined) this.set(free);
    },
  });
}

function freeBytes(directory: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
