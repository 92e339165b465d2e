import { describeFailure } from '../../shared/failure.ts';
import type { MachineFiles } from '../files.ts';

const PLACES = ['/usr/share/misc/pci.ids', '/usr/share/hwdata/pci.ids'];

/** Names from the system's pci.ids. For display and for cards the catalogue does not know: the ids decide. */
export interface Labels {
  vendor(id: string): string | undefined;
  device(id: string): string | undefined;
  subsystem(id: string, subsystem: string): string | undefined;
}

/** The labels of `cards`; all undefined when the system has no pci.ids. */
export function readLabels(
  files: MachineFiles,
  cards: readonly { readonly id: string }[],
  problem: (code: string) => void,
): Labels {
  const text = cards.length === 0 ? undefined : firstPresent(files, problem);
  return parsePciIds(text ?? '', new Set(cards.map((card) => card.id.slice(0, 4))));
}

function firstPresent(files: MachineFiles, problem: (code: string) => void): string | undefined {
  for (const place of PLACES) {
    try {
      const text = files.textIfPresent(place);
      if (text !== undefined) return text;
    } catch (thrown) {
      problem(describeFailure(thrown).code ?? 'failed');
    }
  }
  return undefined;
}

/**
 * Format (pci.ids(5)): `vvvv  Vendor`, one tab `dddd  Device`, two tabs `ssss ssss  Subsystem`; after the vendors come
 * classes, whose lines begin with `C`.
 */
export function parsePciIds(text: string, vendors: ReadonlySet<string>): Labels {
  const names = new Map<string, string>();
  let vendor = '';
  let device = '';
  for (const line of text.split('\n')) {
    const parts = /^(\t{0,2})([0-9a-f]{4})(?: ([0-9a-f]{4}))? {2}(.+)$/.exec(line);
    if (!parts) {
      if (line.startsWith('C ')) break;
      continue;
    }
    const [, tabs, id, second, name] = parts;
    if (tabs === '') vendor = id!;
    if (!vendors.has(vendor)) continue;
    if (tabs === '\t') device = id!;
    const key = tabs === '' ? vendor : tabs === '\t' ? `${vendor}:${device}` : `${vendor}:${device} ${id}:${second}`;
    names.set(key, name!.trim().replaceAll('"', "'"));
  }
  return {
    vendor: (id) => names.get(id.slice(0, 4)),
    device: (id) => names.get(id),
    subsystem: (id, subsystem) => names.get(`${id} ${subsystem}`),
  };
}
