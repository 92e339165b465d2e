import type { Vendor } from '../../schemas/catalog.ts';
import { nameOf } from './name.ts';

const FORMS =
  `inc incorporated corp corporation co ltd limited llc company gmbh ag kg sa s.a spa srl bv ab oy as plc pte pty
  technology technologies network networks communication communications telecom telecommunications electronics system systems
  international group`.split(/\s+/);
const COMPANY = new RegExp(`[ ,]+(?:gmbh & co kg|${FORMS.join('|').replace('.', '\\.')})\\.?$`, 'i');
const COMPANY_WORD = new Set(FORMS.flatMap((form) => [form, `${form}.`]));

const MOST_SPELLINGS = 4096;
/** `Technologies Co., Ltd.` */
const COMPANY_WORDS = 3;

/** No maker's name has more. */
const MOST_WORDS = 8;

/** Finds the maker behind the many ways of writing it. */
export class Vendors {
  private readonly exact = new Map<string, string>();
  private readonly prefixes: (readonly [string, string])[] = [];
  /** What a name may be that begins with this word: of so many words, company forms too, and of so many letters without. */
  private readonly longest = new Map<string, { words: number; letters: number }>();
  private readonly owners = new Map<string, string>();
  /** Spellings of known makers that came before: nothing else of a text is in them. */
  private readonly spelled = new Map<string, string>();

  constructor(vendors: readonly Vendor[]) {
    for (const { name, aliases, prefixes, owner } of vendors) {
      for (const alias of [name, ...aliases]) {
        this.exact.set(fold(alias), nameOf(name));
        const words = alias.split(' ');
        const first = fold(words[0]!);
        const most = Math.max(this.longest.get(first)?.words ?? 0, words.length + COMPANY_WORDS);
        this.longest.set(first, { words: Math.min(most, MOST_WORDS), letters: 0 });
      }
      for (const prefix of prefixes ?? []) this.prefixes.push([fold(prefix), nameOf(name)]);
      if (owner !== undefined) this.owners.set(nameOf(name), nameOf(owner));
    }
    for (const folded of this.exact.keys())
      for (let n = 0; n <= folded.length; n++) {
        const longest = this.longest.get(folded.slice(0, n));
        if (longest) longest.letters = Math.max(longest.letters, folded.length);
      }
  }

  /** The canonical name, or undefined for a maker that the catalogue does not know. */
  find(text: string): string | undefined {
    const exact = this.findExact(text);
    if (exact !== undefined || text === '') return exact;
    const whole = fold(text);
    return this.prefixes.find(([prefix]) => whole.startsWith(prefix))?.[1];
  }

  /** The same for a text that is a maker's name and nothing else. */
  findExact(text: string): string | undefined {
    const known = this.spelled.get(text);
    if (known !== undefined) return known;
    const found = this.exact.get(fold(text)) ?? this.exact.get(fold(bare(text)));
    if (found !== undefined && this.spelled.size < MOST_SPELLINGS) this.spelled.set(text, found);
    return found;
  }

  /** A text that begins with a maker's name, cut in two behind it. */
  split(text: string): { readonly vendor: string; readonly rest: string } | undefined {
    let end = text.indexOf(' ');
    const longest = end < 0 ? undefined : this.longest.get(fold(text.slice(0, end)));
    if (longest === undefined) return undefined;
    let found: { readonly vendor: string; readonly end: number } | undefined;
    let folded = '';
    for (let n = 0, start = 0; n < longest.words && end >= 0; n++) {
      const word = text.slice(start, end);
      // Behind the longest name that begins so only company forms can still belong to it.
      const whole = folded.length > longest.letters ? undefined : this.exact.get((folded += fold(word)));
      const vendor = whole ?? (isCompany(word) ? this.findExact(text.slice(0, end)) : undefined);
      if (vendor !== undefined) found = { vendor, end };
      start = end + 1;
      end = text.indexOf(' ', start);
    }
    return found && { vendor: found.vendor, rest: text.slice(found.end).trim() };
  }

  /** Who owns the brand today: Sipura -> Cisco. Itself when nobody else does. */
  owner(name: string): string {
    return this.chain(name).at(-1) ?? name;
  }

  /** Whether `owner` is the brand itself or one of its owners: Polycom belongs to Poly and to HP. */
  belongsTo(brand: string, owner: string): boolean {
    return this.chain(brand).includes(owner);
  }

  /** The brand, its owner, the owner's owner: Sipura, Linksys, Cisco. */
  private chain(name: string): string[] {
    const chain = [name];
    // A catalogue whose owners own each other must not hang the process.
    for (let steps = 0; steps < 8; steps++) {
      const next = this.owners.get(chain.at(-1) ?? name);
      if (next === undefined) break;
      chain.push(next);
    }
    return chain;
  }
}

/** Whether a name that ends with this word may end with a company form. */
function isCompany(word: string): boolean {
  return COMPANY_WORD.has(word.slice(word.lastIndexOf(',') + 1).toLowerCase());
}

/** Without the company forms at its end, the longest of which has sixteen characters. */
function bare(text: string): string {
  let name = text.trim();
  for (;;) {
    const end = name.slice(-LONGEST_FORM);
    const cut = end.search(COMPANY);
    if (cut < 0 || name.length - end.length + cut === 0) return name;
    name = name.slice(0, name.length - end.length + cut);
  }
}

const LONGEST_FORM = 24;

/** Without case, blanks and punctuation. */
export function fold(text: string): string {
  const lower = text.toLowerCase();
  return PUNCTUATION.test(lower) ? lower.replace(/[^a-z0-9]+/g, '') : lower;
}

const PUNCTUATION = /[^a-z0-9]/;
