import type * as z from 'zod';
import type { HostFile } from '../../schemas/catalog.ts';
import { clean } from './clean.ts';
import { type Dmi, Junk } from './dmi.ts';
import type { Identity } from './identity.ts';
import { identityOf } from './listed.ts';
import { nameOf } from './name.ts';
import type { Names } from './names.ts';
import { findInPair, findPersonalData } from './personal-data.ts';
import type { Match, RuleSet } from './rules.ts';
import type { Shape } from './shape.ts';
import { BAD_NAME, EMPTY, isTooLong, PERSONAL, proposed, unlisted } from './unlisted.ts';
import type { Vendors } from './vendors.ts';

interface HostRules {
  readonly cpu: RuleSet;
  /** Names of one maker, whose form is too narrow for anything personal. */
  readonly board: RuleSet;
  readonly virtual: RuleSet;
}

/** What every piece of noise behind a board's name has. */
const MAY_HAVE_NOISE = /[[(:]|-i[0-9]/i;

const ARM_CORE = /^(?:cpu )?implementer[ :]{1,4}0x([0-9a-f]{2})[,;]? (?:cpu )?part[ :]{1,4}0x([0-9a-f]{3})$/i;

/** Words that no listed board has, which a board's name may have. */
const UNKNOWN_WORDS = 1;

/** Boards, physical systems and hypervisors, and the processor. */
export class HostNames {
  private readonly host: z.infer<typeof HostFile>;
  private readonly junk: Junk;
  private readonly noise: readonly (readonly [RegExp, string, string])[];
  private readonly boardNoise: readonly RegExp[];
  private readonly vendors: Vendors;
  private readonly rules: HostRules;
  private readonly names: Names;
  private readonly shape: Shape;

  constructor(host: z.infer<typeof HostFile>, vendors: Vendors, rules: HostRules, names: Names, shape: Shape) {
    this.host = host;
    this.junk = new Junk(host);
    this.noise = host.cpuNoise.map(([pattern, by, needs]) => [new RegExp(pattern, 'gi'), by, needs]);
    this.boardNoise = host.boardNoise.map((pattern) => new RegExp(pattern, 'i'));
    this.vendors = vendors;
    this.rules = rules;
    this.names = names;
    this.shape = shape;
  }

  isJunk(text: string): boolean {
    return this.junk.has(text);
  }

  /**
   * A hypervisor, a system or a board. A name of the list is looked up as it is first, for it may begin with its maker's
   * (`Vodia PBX`). What firmware left unfilled names nothing.
   */
  machine(given: Dmi): Identity {
    const maker = this.vendors.find(given.vendor);
    const vendorText = maker === undefined && this.junk.has(given.vendor) ? '' : given.vendor;
    const split = vendorText === '' ? this.vendors.split(given.product) : undefined;
    const dmi = split ? { vendor: split.vendor, product: split.rest } : { vendor: vendorText, product: given.product };
    const vendor = split?.vendor ?? maker;
    const guest = this.guest(split ? dmi : given, vendor ?? '');
    if (guest) return identityOf(guest, this.names);
    const listed = vendor === undefined ? undefined : this.names.find('board', vendor, nameOf(dmi.product));
    if (listed) return listed;
    const product = this.junk.has(dmi.product) ? '' : dmi.product;
    if (dmi.vendor === '' && product === '') return given.vendor + given.product === '' ? EMPTY : BAD_NAME;
    if (vendor !== undefined) return this.board(vendor, dmi.vendor, product);
    if (isTooLong(dmi.vendor, dmi.product)) return BAD_NAME;
    const name = dmi.vendor.replace(/,/g, '');
    const same = name === dmi.vendor && product === dmi.product;
    if (!same && findInPair(dmi.vendor, dmi.product)) return PERSONAL;
    return unlisted('board', name, product, this.shape);
  }

  /** The product may repeat its maker, and the maker may be spelled as the catalogue spells it or not. */
  private guest({ vendor, product }: Dmi, maker: string): Match | undefined {
    const { virtual } = this.rules;
    // Most makers are of no guest, whatever the product.
    if (!virtual.mayBegin(vendor) && !virtual.mayBegin(maker)) return undefined;
    const repeats = vendor !== '' && product.toLowerCase().startsWith(vendor.toLowerCase());
    const texts = [...(repeats ? [product] : []), `${vendor} ${product}`.trim(), `${maker} ${product}`.trim()];
    for (const text of texts) {
      const match = virtual.match(text);
      if (match) return match;
    }
    return undefined;
  }

  /** First the list and what one maker's own rules say, because machine types look like serial numbers; then the guard. */
  private board(vendor: string, vendorText: string, given: string): Identity {
    const written = this.productOf(vendor, vendorText, given);
    const product = nameOf(written);
    if (product === '') return { kind: 'listed', category: 'board', vendor, model: '' };
    const known = this.names.find('board', vendor, product);
    if (known) return known;
    const found = this.rules.board.match(product, vendor);
    if (found) return this.shaped(identityOf(found, this.names, 'board', false));
    // As it was written: what names may not hold (an apostrophe) can be what gives a person away.
    if (isTooLong('', written)) return BAD_NAME;
    if (findPersonalData(written)) return PERSONAL;
    return proposed('board', vendor, product, this.shape, { unknown: UNKNOWN_WORDS, alone: true });
  }

  /** Even a maker's own form may be filled with words: of a name that is not listed only what is shaped like one goes on. */
  private shaped(identity: Identity): Identity {
    if (identity.kind !== 'proposed') return identity;
    return proposed('board', identity.vendor, identity.model, this.shape, { unknown: 0, alone: true }, false);
  }

  /** The product without the maker's name before it and the chipset's behind it. */
  private productOf(vendor: string, vendorText: string, product: string): string {
    let name = product;
    for (const prefix of [vendorText, vendor]) {
      const begins = prefix !== '' && name.toLowerCase().startsWith(prefix.toLowerCase());
      if (begins && !/^[a-z0-9-]/i.test(name.slice(prefix.length))) name = name.slice(prefix.length).trim();
    }
    if (MAY_HAVE_NOISE.test(name)) for (const noise of this.boardNoise) name = name.replace(noise, '').trim();
    return name !== product && this.junk.has(name) ? '' : name;
  }

  private withoutNoise(text: string): string {
    let name = text;
    let lower = name.toLowerCase();
    for (const [noise, by, needs] of this.noise) {
      if (!lower.includes(needs)) continue;
      const before = name;
      name = name.replace(noise, by);
      if (name !== before) lower = name.toLowerCase();
    }
    return name.replace(/ {2,}/g, ' ').trim();
  }

  /** `CPU implementer: 0x41 CPU part: 0xd08`, as /proc/cpuinfo has it where no model has a name. */
  private armCore(text: string): Identity | undefined {
    const [, implementer, part] = ARM_CORE.exec(text) ?? [];
    const vendor = this.host.armMakers[implementer?.toLowerCase() ?? ''];
    if (vendor === undefined) return undefined;
    const model = this.host.armParts[implementer!.toLowerCase()]?.[part!.toLowerCase()] ?? '';
    return { kind: 'listed', category: 'cpu', vendor, model };
  }

  /** `Intel(R) Xeon(R) CPU E3-1220 v3 @ 3.10GHz` and `Intel Xeon E3-1220 v3` alike. */
  cpu(text: string): Identity {
    let name = clean(text);
    if (name === '') return EMPTY;
    const core = this.armCore(name);
    if (core) return core;
    name = this.withoutNoise(name);
    const found = this.rules.cpu.match(name);
    if (found) return identityOf(found, this.names, 'cpu', false);
    // The noise taken out may have been half of an e-mail address: judge the text as it came.
    return !isTooLong('', text) && findPersonalData(text) ? PERSONAL : BAD_NAME;
  }
}
