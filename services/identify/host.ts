import type * as z from 'zod';
import type { HostFile } from '../../schemas/catalog.ts';
import { clean } from './clean.ts';
import { type Dmi, Junk } from './dmi.ts';
import type { Identity } from './identity.ts';
import { listed } from './listed.ts';
import { findInPair, findPersonalData } from './personal-data.ts';
import type { Match, RuleSet } from './rules.ts';
import { BAD_NAME, EMPTY, PERSONAL, unlisted } from './unlisted.ts';
import type { Vendors } from './vendors.ts';

/** Boards, physical systems and hypervisors, and the processor. */
export class HostNames {
  private readonly junk: Junk;
  private readonly noise: readonly (readonly [RegExp, string])[];
  private readonly boardNoise: readonly RegExp[];
  private readonly vendors: Vendors;
  private readonly rules: { readonly cpu: RuleSet; readonly board: RuleSet; readonly virtual: RuleSet };

  constructor(
    host: z.infer<typeof HostFile>,
    vendors: Vendors,
    rules: { readonly cpu: RuleSet; readonly board: RuleSet; readonly virtual: RuleSet },
  ) {
    this.junk = new Junk(host);
    this.noise = host.cpuNoise.map(([pattern, by]) => [new RegExp(pattern, 'gi'), by]);
    this.boardNoise = host.boardNoise.map((pattern) => new RegExp(pattern, 'i'));
    this.vendors = vendors;
    this.rules = rules;
  }

  isJunk(text: string): boolean {
    return this.junk.has(text);
  }

  /** A hypervisor, a system or a board. What firmware left unfilled names nothing. */
  machine(given: Dmi): Identity {
    const split = given.vendor === '' ? this.vendors.split(given.product) : undefined;
    const dmi = split ? { vendor: split.vendor, product: split.rest } : given;
    const vendor = this.vendors.find(this.junk.has(dmi.vendor) ? '' : dmi.vendor);
    const guest = this.guest(dmi, vendor ?? '');
    if (guest) return listed(guest);
    const vendorText = this.junk.has(dmi.vendor) ? '' : dmi.vendor;
    const product = this.junk.has(dmi.product) ? '' : dmi.product;
    if (vendorText === '' && product === '') return dmi.vendor + dmi.product === '' ? EMPTY : BAD_NAME;
    if (vendor === undefined) {
      if (findInPair(dmi.vendor, dmi.product)) return PERSONAL;
      return unlisted('board', vendorText.replace(/,/g, '').slice(0, 40).trim(), product);
    }
    return this.board(vendor, this.productOf(vendor, vendorText, product));
  }

  /** The product may repeat its maker, and the maker may be spelled as the catalogue spells it or not. */
  private guest({ vendor, product }: Dmi, maker: string): Match | undefined {
    const repeats = vendor !== '' && product.toLowerCase().startsWith(vendor.toLowerCase());
    const texts = [...(repeats ? [product] : []), `${vendor} ${product}`.trim(), `${maker} ${product}`.trim()];
    for (const text of texts) {
      const match = this.rules.virtual.match(text);
      if (match) return match;
    }
    return undefined;
  }

  private board(vendor: string, product: string): Identity {
    if (product === '') return { kind: 'listed', category: 'board', vendor, model: '' };
    if (findPersonalData(product)) return PERSONAL;
    const found = this.rules.board.match(product, vendor);
    return found ? listed(found, 'board') : unlisted('board', vendor, product);
  }

  /** The product without the maker's name before it and the chipset's behind it. */
  private productOf(vendor: string, vendorText: string, product: string): string {
    let name = product;
    for (const prefix of [vendorText, vendor]) {
      const begins = prefix !== '' && name.toLowerCase().startsWith(prefix.toLowerCase());
      if (begins && !/^[a-z0-9]/i.test(name.slice(prefix.length))) name = name.slice(prefix.length).trim();
    }
    for (const noise of this.boardNoise) name = name.replace(noise, '').trim();
    return this.junk.has(name) ? '' : name;
  }

  /** `Intel(R) Xeon(R) CPU E3-1220 v3 @ 3.10GHz` and `Intel Xeon E3-1220 v3` alike. */
  cpu(text: string): Identity {
    let name = clean(text);
    if (name === '') return EMPTY;
    for (const [noise, by] of this.noise) name = name.replace(noise, by);
    name = name.replace(/ {2,}/g, ' ').trim();
    const found = this.rules.cpu.match(name);
    if (found) return listed(found, 'cpu');
    // The noise taken out may have been half of an e-mail address: judge the text as it came.
    if (findPersonalData(text)) return PERSONAL;
    return this.junk.has(name) ? BAD_NAME : unlisted('cpu', '', name.slice(0, 41));
  }
}
