import type { Collector, Reading } from '../reading.ts';

const DEVICES = '/sys/bus/usb/devices';
/** Xorcom: the only maker of USB hardware that DAHDI drives. */
const XORCOM = 'e4e4';

/**
 * Telephony hardware that is not on the PCI bus: Astribanks, by their USB ids. PCI cards are counted by their own ids, because a
 * span is no card and its text names the driver rather than the model. Serial numbers stand beside these files and are not opened.
 */
export const dahdi: Collector = ({ files, container }) => {
  if (container) return [];
  const readings: Reading[] = [];
  for (const device of files.list(DEVICES)) {
    // An interface of a device (`1-4:1.0`) has no ids of its own.
    if (device.includes(':')) continue;
    const vendor = files.textIfPresent(`${DEVICES}/${device}/idVendor`)?.trim().toLowerCase();
    if (vendor !== XORCOM) continue;
    const product = files.text(`${DEVICES}/${device}/idProduct`).trim().toLowerCase();
    const text = `usb ${vendor}:${product}`;
    readings.push({ count: 1, candidates: [{ kind: 'pci', text, only: 'pci' }], shown: text });
  }
  return readings;
};
