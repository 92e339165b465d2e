import type { Candidate, Collector } from '../reading.ts';
import { cpuField } from './cpu.ts';
import { dmiText, readDmi } from './dmi-files.ts';

/**
 * The hypervisor under a virtual machine, one reading or none. The catalogue judges the DMI names; the kernel's own signs
 * make it certain, so that a guest whose names say nothing is still a guest.
 */
export const hypervisor: Collector = ({ files, container }) => {
  if (container) return [{ count: 1, candidates: [{ category: 'virtual', vendor: '', model: container.kind }] }];
  const system = readDmi(files, 'system');
  const fallback = signOfGuest(files.textIfPresent('/proc/cpuinfo'), xenGuest());
  const candidates: Candidate[] = [];
  if (system)
    candidates.push({
      kind: 'system',
      text: dmiText(system),
      only: 'virtual',
      ...(fallback ? { unlistedAs: 'virtual' } : {}),
    });
  if (fallback) candidates.push(fallback);
  return candidates.length === 0 ? [] : [{ count: 1, candidates }];

  /** Domain 0 is the machine itself, although Xen runs under it. */
  function xenGuest(): boolean {
    if (files.textIfPresent('/sys/hypervisor/type')?.trim() !== 'xen') return false;
    return !files.textIfPresent('/proc/xen/capabilities')?.includes('control_d');
  }
};

function signOfGuest(cpuinfo: string | undefined, xen: boolean): Candidate | undefined {
  if (xen) return { category: 'virtual', vendor: 'Xen', model: 'PV domU' };
  const flags = cpuField(cpuinfo ?? '', 'flags')?.split(' ');
  return flags?.includes('hypervisor') ? { category: 'virtual', vendor: '', model: 'Unknown hypervisor' } : undefined;
}
