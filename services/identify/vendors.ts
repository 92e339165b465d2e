import type { Vendor } from '../../schemas/catalog.ts';
import { nameOf } from './name.ts';

const COMPANY =
  /[ ,]+(?:inc(?:orporated)?|corp(?:oration)?|co|ltd|limited|llc|company|gmbh(?: & co kg)?|ag|kg|sa|s\.a|spa|srl|bv|ab|oy|as|plc|pte|pty|technolog(?:y|ies)|networks?|communications?|telecom(?:munications)?|electronics|systems?|international|group)\.?$/i;

const MOST_SPELLINGS = 4096;
/** `Technologies Co., Ltd.` */
const COMPANY_WORDS = 3;

/** No maker's name has more. */
const MOST_WORDS = 8;

/** Finds the maker behind the many ways of writing it. */
export class Vendors {
  private readonly exact = new Map<string, string>();
  private readonly prefixes: (readonly [string, string])[] = [];
  /** How many words a name may have that begins with this one. */
  private readonly longest = new Map<string, number>();
  private readonly owners = new Map<string, string>();
  /** Spellings of known makers that came before: nothing else of a text is in them. */
  private readonly spelled = new Map<string, string>();

  constructor(vendors: readonly Vendor[]) {
    for (const { name, aliases, prefixes, owner } of vendors) {
      for (const alias of [name, ...aliases]) {
        this.exact.set(fold(alias), nameOf(name));
        const words = alias.split(' ');
        const first = fold(words[0]!);
        this.longest.set(first, Math.max(this.longest.get(first) ?? 0, words.length + COMPANY_WORDS));
      }
      for (const prefix of prefixes ?? []) this.prefixes.push([fold(prefix), nameOf(name)]);
      if (owner !== undefined) this.owners.set(nameOf(name), nameOf(owner));
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
    const words = text.split(' ', MOST_WORDS + 1);
    const first = fold(words[0]!);
    const longest = Math.min(this.longest.get(first) ?? 0, MOST_WORDS, words.length - 1);
    if (longest === 0) return undefined;
    // What each beginning of the text is folded to, and where it ends.
    const folded = [first];
    const ends = [words[0]!.length];
    for (let n = 1; n < longest; n++) {
      folded.push(folded[n - 1]! + fold(words[n]!));
      ends.push(ends[n - 1]! + 1 + words[n]!.length);
    }
    for (let n = longest - 1; n >= 0; n--) {
      const name = text.slice(0, ends[n]);
      const vendor = this.exact.get(folded[n]!) ?? (isCompany(words[n]!) ? this.findExact(name) : undefined);
      if (vendor !== undefined) return { vendor, rest: text.slice(name.length).trim() };
    }
    return undefined;
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
  return COMPANY.test(`x ${word}`);
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
