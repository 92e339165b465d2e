/** Debian's list of PCI ids, as far as the catalogue is compared with it. */
export interface PciIds {
  /** What the list calls a device, or a subsystem of it; undefined for an id that it does not have. */
  labelOf(id: string): string | undefined;
  /** Ids of devices and subsystems of these vendors, in the catalogue's form. */
  telephony(vendors: readonly string[]): string[];
}

/** Subsystems that name no card: a chip's evaluation board under nobody's name, another maker's machine. */
const NAMELESS = /^HFC-[48]S$|^ISDN Board$|^CI1-1-Harp$|^Fujitsu Siemens|^FRITZ!Card ISDN|^PSB 3100F/;

export function parsePciIds(text: string): PciIds {
  const labels = new Map<string, string>();
  let vendor = '';
  let device = '';
  for (const line of text.split('\n')) {
    if (line.startsWith('C ')) break;
    if (line === '' || line.startsWith('#')) continue;
    const [, tabs, ids, label] = /^(\t{0,2})([0-9a-f]{4}(?: [0-9a-f]{4})?) {2}(.*)$/.exec(line) ?? [];
    if (ids === undefined) continue;
    if (tabs === '') vendor = ids;
    else if (tabs === '\t') labels.set((device = `${vendor}:${ids}`), label!);
    else labels.set(`${device}/${ids.replace(' ', ':')}`, label!);
  }
  return {
    labelOf: (id) => labels.get(id),
    telephony: (vendors) =>
      [...labels].filter(([id, label]) => vendors.includes(id.slice(0, 4)) && !NAMELESS.test(label)).map(([id]) => id),
  };
}
