import { clean } from './clean.ts';

/** A card as one of many tools prints it. Ids are lower-case hex without 0x. */
export interface PciText {
  readonly usb: boolean;
  readonly vendor: string | undefined;
  readonly device: string | undefined;
  readonly subvendor: string | undefined;
  readonly subdevice: string | undefined;
  /** The class, by number (`0200`) or in words; '' where the tool does not say. */
  readonly deviceClass: string;
  readonly vendorLabel: string;
  readonly label: string;
}

const HEX = '[0-9a-f]{4}';
/** lspci -mm -nn: `03:00.0 "class [0200]" "vendor [8086]" "device [1533]" -r03 "subvendor [..]" "subdevice [..]"` */
const MACHINE = /^"([^"]*)" "([^"]*)" "([^"]*)"(?: -[rp][0-9a-f]{2})*(?: "([^"]*)" "([^"]*)")?/i;
const BRACKETED = new RegExp(` ?\\[(${HEX})\\]$`, 'i');
const IDS_BEHIND = new RegExp(` ?\\[(${HEX}):(${HEX})\\]$`, 'i');
const SLOT = /^(?:pci:)?(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\.[0-7] +/i;
/**
 * `8086:1533`, then `/sub`, `/sub:dev` or ` subsys sub:dev`; the device may be `*`. Before it what dahdi_hardware prints:
 * the place on the USB, and the driver with whether it is loaded, or with the module that is instead.
 */
const IDS = new RegExp(
  `^(usb:?(?:[0-9]{3}/[0-9]{3})? )?(?:[a-z0-9_]{0,32}(?:[+-]|\\[[a-z0-9_]{1,32}\\]) +)?(${HEX}):(${HEX}|\\*)(?:(?:/| subsys )(${HEX})(?::(${HEX}))?| subsystem-vendor (?:0x)?(${HEX}))?(?: |$)`,
  'i',
);

/** lspci -n: `0200: 8086:1533 (rev 03)`, older ones with the word before it. */
const NUMERIC = new RegExp(`^(?:class )?(${HEX}): (${HEX}:${HEX})(?= |$)`, 'i');
const REMARK = / ?\((?:rev|prog-if) [^)]*\)/gi;

export function parsePci(text: string): PciText {
  const whole = clean(text);
  const line = whole.replace(SLOT, '');
  const numeric = NUMERIC.exec(line);
  if (numeric) {
    const ids = IDS.exec(numeric[2]!)!;
    return { ...fromIds(ids, line.slice(numeric[0].length).replace(REMARK, '')), deviceClass: numeric[1]! };
  }
  const machine = line.startsWith('"') ? MACHINE.exec(line) : null;
  if (machine) return fromMachine(machine);
  const ids = IDS.exec(line);
  if (ids) return fromIds(ids, line.slice(ids[0].length));
  return fromWords(line);
}

function fromMachine([, kind, vendor, device, subvendor, subdevice]: RegExpExecArray): PciText {
  const id = (text: string | undefined) => BRACKETED.exec(text ?? '')?.[1]?.toLowerCase();
  const label = (text: string | undefined) => (text ?? '').replace(BRACKETED, '');
  return {
    usb: false,
    vendor: id(vendor),
    device: id(device),
    subvendor: id(subvendor),
    subdevice: id(subdevice),
    deviceClass: id(kind) ?? label(kind),
    vendorLabel: label(vendor),
    label: label(device),
  };
}

function fromIds(ids: RegExpExecArray, rest: string): PciText {
  const [, usb, vendor, device, sub, subdevice, subvendor] = ids;
  // Behind every other quotation mark, as long as another one follows.
  const quoted = rest.split('"').filter((_, i, parts) => i % 2 === 1 && i < parts.length - 1);
  return {
    usb: usb !== undefined,
    vendor: vendor!.toLowerCase(),
    device: device === '*' ? undefined : device!.toLowerCase(),
    subvendor: (sub ?? subvendor)?.toLowerCase(),
    subdevice: subdevice?.toLowerCase(),
    deviceClass: '',
    vendorLabel: quoted.length > 1 ? quoted[0]! : '',
    label: quoted.length > 0 ? quoted[quoted.length - 1]! : rest.trim(),
  };
}

/** lspci and lspci -nn: `Ethernet controller [0200]: Intel Corporation I210 ... [8086:1533] (rev 03)`, or a bare label. */
function fromWords(line: string): PciText {
  const kind = /^([A-Za-z0-9][A-Za-z0-9 /.-]{2,40}?)(?: \[([0-9a-f]{4})\])?: /i.exec(line);
  const told = kind ? line.slice(kind[0].length) : line;
  const rest = told.includes('(') ? told.replace(REMARK, '').trim() : told.trim();
  const ids = rest.endsWith(']') ? IDS_BEHIND.exec(rest) : null;
  return {
    usb: false,
    vendor: ids?.[1]?.toLowerCase(),
    device: ids?.[2]?.toLowerCase(),
    subvendor: undefined,
    subdevice: undefined,
    deviceClass: kind ? (kind[2] ?? kind[1]!) : '',
    vendorLabel: '',
    label: ids ? rest.slice(0, ids.index) : rest,
  };
}
