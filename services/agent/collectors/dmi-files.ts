import type { Dmi } from '../../identify/dmi.ts';
import type { MachineFiles } from '../files.ts';

/** The four DMI names without an identity in them. The serial, UUID and asset tag beside them are never opened. */
export function readDmi(files: MachineFiles, of: 'system' | 'board'): Dmi | undefined {
  const [vendorFile, productFile] = of === 'system' ? ['sys_vendor', 'product_name'] : ['board_vendor', 'board_name'];
  const vendor = files.textIfPresent(`/sys/class/dmi/id/${vendorFile}`)?.trim() ?? '';
  const product = files.textIfPresent(`/sys/class/dmi/id/${productFile}`)?.trim() ?? '';
  return vendor === '' && product === '' ? undefined : { vendor, product };
}

/** The form the catalogue's rules are written for. */
export function dmiText({ vendor, product }: Dmi): string {
  return `Manufacturer="${vendor.replaceAll('"', "'")}" Product="${product.replaceAll('"', "'")}"`;
}
