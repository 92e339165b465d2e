import type { Vendor } from '../../schemas/catalog.ts';
import { nameOf } from './name.ts';

const COMPANY =
  /[ ,]+(?:inc(?:orporated)?|corp(?:oration)?|co|ltd|limited|llc|company|gmbh(?: & co kg)?|ag|kg|sa|s\.a|spa|srl|bv|ab|oy|as|plc|pte|pty|technolog(?:y|ies)|networks?|communications?|telecom(?:munications)?|electronics|systems?|international|group)\.?$/i;

/** Finds the maker behind the many ways of writing it. */
export class Vendors {
  private readonly exact = new Map<string, string>();
  private readonly prefixes: (readonly [string, string])[] = [];
  private readonly owners = new Map<string, string>();

  constructor(vendors: readonly Vendor[]) {
    for (const { name, aliases, prefixes, owner } of vendors) {
      for (const alias of [name, ...aliases]) this.exact.set(fold(alias), nameOf(name));
      for (const prefix of prefixes ?? []) this.prefixes.push([fold(prefix), nameOf(name)]);
      if (owner !== undefined) this.owners.set(nameOf(name), nameOf(owner));
    }
  }

  /** The canonical name, or undefined for a maker that the catalogue does not know. */
  find(text: string): string | undefined {
    const whole = fold(text);
    if (whole === '') return undefined;
    return (
      this.exact.get(whole) ?? this.exact.get(fold(bare(text))) ?? this.prefixes.find(([p]) => whole.startsWith(p))?.[1]
    );
  }

  /** Who owns the brand today: Sipura -> Cisco. Itself when nobody else does. */
  owner(name: string): string {
    let owner = name;
    for (let steps = 0; steps < 8; steps++) {
      const next = this.owners.get(owner);
      if (next === undefined) break;
      owner = next;
    }
    return owner;
  }
}

/** Without the company forms at its end. */
function bare(text: string): string {
  let name = text.trim();
  for (let cut = name.replace(COMPANY, ''); cut !== name && cut !== ''; cut = name.replace(COMPANY, '')) name = cut;
  return name;
}

/** Without case, blanks and punctuation. */
export function fold(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '');
}
