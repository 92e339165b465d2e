import type * as z from 'zod';
import type { HostFile } from '../../schemas/catalog.ts';
import { clean } from './clean.ts';
import { parsePortable } from './portable-regex.ts';
import { fold } from './vendors.ts';

type Host = z.infer<typeof HostFile>;

/** What firmware says of a board or a system. '' where it says nothing that names something. */
export interface Dmi {
  readonly vendor: string;
  readonly product: string;
}

const VENDOR_KEYS = new Set([
  'manufacturer',
  'sysvendor',
  'boardvendor',
  'systemmanufacturer',
  'baseboardmanufacturer',
]);
const PRODUCT_KEYS = new Set(['product', 'productname', 'boardname', 'systemproductname', 'baseboardproductname']);

const USUAL = /^Manufacturer="([^"]{0,512})" Product="([^"]{0,512})"$/;

/** The usual spellings, folded once. */
const KEYS = new Map(
  ['Manufacturer', ' Product', 'sys_vendor', ' product_name', 'board_vendor', ' board_name'].map((key) => [
    key,
    fold(key),
  ]),
);

/** Reads `Manufacturer="..." Product="..."` and the names of sysfs; every other key (serial, version) is left unread. */
export function parseDmi(text: string): Dmi {
  const usual = USUAL.exec(text);
  if (usual) return { vendor: clean(usual[1]!), product: clean(usual[2]!) };
  let vendor = '';
  let product = '';
  for (const [, key, value] of text.slice(0, 4096).matchAll(/([A-Za-z_ -]{1,40})[=:] ?"([^"]*)(?:"|$)/g)) {
    const name = KEYS.get(key!) ?? fold(key!);
    if (VENDOR_KEYS.has(name)) vendor = clean(value!);
    else if (PRODUCT_KEYS.has(name)) product = clean(value!);
  }
  return { vendor, product };
}

/** Knows what firmware says when nobody filled it in: `To Be Filled By O.E.M.`, `Default string`, dots. */
export class Junk {
  private readonly words: ReadonlySet<string>;
  private readonly pattern: RegExp;

  constructor(host: Host) {
    this.words = new Set(host.junk.map(fold));
    this.pattern = new RegExp(host.junkPatterns.map((pattern) => parsePortable(pattern).source).join('|'), 'i');
  }

  has(text: string): boolean {
    const folded = fold(text);
    return folded === '' || this.words.has(folded) || this.pattern.test(folded);
  }
}
