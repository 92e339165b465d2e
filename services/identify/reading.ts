import type { Reading, Vendor } from '../../schemas/catalog.ts';
import type { Category } from '../../schemas/report.ts';
import { nameOf, trimEnd } from './name.ts';

/** A maker's name in a text: where it begins and ends. */
export interface BrandAt {
  readonly at: number;
  readonly end: number;
  readonly vendor: string;
  readonly makes: Category;
  /** Nothing is glued to it but what is written as a model is (`snomD7C`): in `snomd785` only a rule can say what the rest is. */
  readonly whole: boolean;
}

interface Brand {
  readonly text: string;
  readonly vendor: string;
  readonly makes: Category;
}

/** Makers of these call no telephone: their names are words like any other in a User-Agent. */
const HARDWARE: ReadonlySet<Category> = new Set(['board', 'cpu', 'pci', 'nic', 'memory', 'virtual']);

/** Makers of these make others of them too. */
const TELEPHONY: ReadonlySet<Category> = new Set(['phone', 'dect', 'ata', 'doorphone', 'gateway']);

/** A shorter brand must stand by itself: `NECK` is not NEC. */
const LONG = 4;

/** Finds where in a User-Agent its product begins and where its name ends. */
export class UserAgentText {
  private readonly address: RegExp;
  private readonly endOfName: RegExp;
  private readonly server: RegExp;
  private readonly separator: RegExp;
  private readonly kinds: readonly (readonly [RegExp, Category])[];
  private readonly ambiguous: ReadonlySet<string>;
  private readonly brands = new Map<string, Brand[]>();

  constructor(reading: Reading, vendors: readonly Vendor[]) {
    this.address = new RegExp(reading.address, 'i');
    this.endOfName = new RegExp(reading.endOfName, 'i');
    this.server = new RegExp(reading.server, 'i');
    this.separator = new RegExp(reading.separator);
    this.kinds = reading.kinds.map(([words, category]) => [new RegExp(words, 'i'), category]);
    this.ambiguous = new Set(reading.ambiguous);
    for (const { name, aliases, makes = 'phone' } of vendors.filter((vendor) => !HARDWARE.has(vendor.makes ?? 'phone')))
      for (const text of [name, ...aliases]) this.learn({ text: text.toLowerCase(), vendor: nameOf(name), makes });
    for (const text of reading.anchors) this.learn({ text, vendor: '', makes: 'phone' });
    // A maker's own name before an anchor that begins so: only the maker can say whose it is.
    for (const ofFirst of this.brands.values())
      ofFirst.sort((a, b) => Number(a.vendor === '') - Number(b.vendor === '') || b.text.length - a.text.length);
  }

  private learn(brand: Brand): void {
    if (brand.text.length < 2) return;
    const first = brand.text.slice(0, 2);
    this.brands.set(first, [...(this.brands.get(first) ?? []), brand]);
  }

  /** Without a hardware address in front. */
  withoutAddress(text: string): string {
    return text.replace(this.address, '');
  }

  /** The name that a text begins with, without the version and whatever follows. */
  nameIn(text: string): string {
    const end = text.search(this.endOfName);
    return trimEnd(end < 0 ? text : text.slice(0, end), ' ._,:-');
  }

  /** Whether a text calls itself a server: a PBX, an SBC, a proxy. */
  isServer(text: string): boolean {
    return this.server.test(text);
  }

  /** What a device is that its maker calls so: by the words of the name, where the maker makes telephones; else what it mostly makes. */
  kindOf(name: string, makes: Category): Category {
    if (!TELEPHONY.has(makes)) return makes;
    return this.kinds.find(([words]) => words.test(name))?.[1] ?? makes;
  }

  /** What stands behind a brand, without what separates the two. */
  behind(text: string, { end }: BrandAt): string {
    return text.slice(end).replace(this.separator, '');
  }

  /** Every brand that a word of the text begins with. Ambiguous ones count in front only. */
  brandsIn(text: string): BrandAt[] {
    const lower = text.toLowerCase();
    const found: BrandAt[] = [];
    for (let at = 0; at < lower.length; at++) {
      if (!beginsWord(lower, at)) continue;
      const brand = this.brandAt(lower, at);
      if (!brand || (at > 0 && this.ambiguous.has(brand.text))) continue;
      // What follows a brand is that brand's: an anchor there would make it another's.
      if (brand.vendor === '' && found.some(({ whole }) => whole)) continue;
      const end = at + brand.text.length;
      // LG-Nortel is one maker: another's name within it begins nothing.
      if (brand.vendor !== '' && found.some((one) => one.whole && one.vendor !== brand.vendor && at < one.end))
        continue;
      found.push({
        at,
        end,
        vendor: brand.vendor,
        makes: brand.makes,
        whole:
          brand.vendor !== '' &&
          (!isLetter(lower.charCodeAt(end)) || (!this.ambiguous.has(brand.text) && isHump(text, end))),
      });
    }
    return found;
  }

  private brandAt(lower: string, at: number): Brand | undefined {
    return this.brands
      .get(lower.slice(at, at + 2))
      ?.find(
        ({ text }) =>
          lower.startsWith(text, at) && (text.length >= LONG || !isLetter(lower.charCodeAt(at + text.length))),
      );
  }
}

/** `snomD7C`: one or two capitals and a digit, as makers glue their name to a model's. `MitelBob201` is somebody's phone. */
function isHump(text: string, at: number): boolean {
  return /^[a-z][A-Z]{1,2}[0-9]/.test(text.slice(at - 1, at + 3));
}

function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** A word begins behind a mark, or where letters follow digits. */
function beginsWord(lower: string, at: number): boolean {
  if (at === 0) return true;
  const [before, here] = [lower.charCodeAt(at - 1), lower.charCodeAt(at)];
  return isDigit(before) ? isLetter(here) : !isLetter(before);
}
