import { Failure } from '../../shared/failure.ts';
import type { Collector } from '../reading.ts';

const MIB = 1024 * 1024;

/**
 * MemTotal is what firmware and kernel left over; what was installed is the next size that is sold. In a container it is the
 * host's, unless the container has a view or a limit of its own.
 */
export const memory: Collector = ({ files, container }) => {
  const found = /^MemTotal:\s+(\d{1,15}) kB$/m.exec(files.text('/proc/meminfo'))?.[1];
  if (found === undefined || Number(found) === 0) throw new Failure('malformed');
  const total = Number(found) * 1024;
  const limit =
    container?.memoryLimit !== undefined && container.memoryLimit < total ? container.memoryLimit : undefined;
  if (container && !container.ownMemory && limit === undefined) return [];
  return [{ count: 1, candidates: [{ kind: 'memory', text: String(nextPlausibleSize(limit ?? total)) }] }];
};

/** The smallest of 64 MiB, 96 MiB, 128 MiB, 192 MiB, ... that holds `bytes`: powers of two and what two unlike modules give. */
export function nextPlausibleSize(bytes: number): number {
  let size = 64 * MIB;
  while (size < bytes) {
    if (size * 1.5 >= bytes) return size * 1.5;
    size *= 2;
  }
  return size;
}
