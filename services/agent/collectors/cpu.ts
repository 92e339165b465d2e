import { Failure } from '../../shared/failure.ts';
import type { Collector, Reading } from '../reading.ts';

/** ARM's own core names by the `CPU part` of implementer 0x41 (ARM Ltd, Main ID Register of each core's manual). */
const ARM_PARTS: Readonly<Record<string, string>> = {
  '0xb76': 'ARM1176',
  '0xc07': 'Cortex-A7',
  '0xc08': 'Cortex-A8',
  '0xc09': 'Cortex-A9',
  '0xc0f': 'Cortex-A15',
  '0xd03': 'Cortex-A53',
  '0xd04': 'Cortex-A35',
  '0xd05': 'Cortex-A55',
  '0xd07': 'Cortex-A57',
  '0xd08': 'Cortex-A72',
  '0xd09': 'Cortex-A73',
  '0xd0a': 'Cortex-A75',
  '0xd0b': 'Cortex-A76',
  '0xd0c': 'Neoverse-N1',
  '0xd40': 'Neoverse-V1',
  '0xd49': 'Neoverse-N2',
};

/**
 * One reading a model, counted by physical package. The file of an ARM board also holds a `Serial` line: only the fields
 * named here are looked at.
 */
export const cpu: Collector = ({ files, container }) => {
  const packages = new Map<string, Set<string>>();
  for (const processor of files.text('/proc/cpuinfo').split(/\n\s*\n/)) {
    const name = modelName(processor);
    if (name === undefined) continue;
    const seen = packages.get(name) ?? new Set();
    packages.set(name, seen.add(cpuField(processor, 'physical id') ?? '0'));
  }
  if (packages.size === 0) throw new Failure('no-model');
  return [...packages].map(
    // A container sees all of its host's: it runs on one.
    ([text, ids]): Reading => ({
      count: container ? 1 : ids.size,
      candidates: [{ kind: 'cpu', text, unlistedAs: 'cpu' }],
      shown: text,
    }),
  );
};

function modelName(processor: string): string | undefined {
  const name = cpuField(processor, 'model name');
  if (name !== undefined && !/^ARMv\d+ Processor/i.test(name)) return name;
  const part = cpuField(processor, 'CPU implementer') === '0x41' ? cpuField(processor, 'CPU part') : undefined;
  const core = part === undefined ? undefined : ARM_PARTS[part];
  return core === undefined ? name : `ARM ${core}`;
}

/** The value of one field of a processor's block; undefined when absent or empty. */
export function cpuField(processor: string, field: string): string | undefined {
  for (const line of processor.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && line.slice(0, colon).trim() === field) return line.slice(colon + 1).trim() || undefined;
  }
  return undefined;
}
