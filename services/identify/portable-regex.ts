/**
 * The regular expressions of the catalogue: a subset that means the same in PCRE, Python's re, Go's RE2 and JavaScript,
 * and that takes linear time in each. Written `(?P<name>...)`, which the first three read; converted here for JavaScript.
 *
 * Allowed: literals, `.`, `[...]`, `(?:...)`, `(?P<name>...)`, `|`, `?`, `*`, `+`, `{n}`, `{n,m}`, `^` first, `$`.
 * Not allowed: look-around, back-references, lazy or possessive quantifiers, `\d \w \s \b` (they differ on Unicode),
 * unbounded repetition of a group, and more than one repetition that overlaps with what follows it.
 */
export class NotPortable extends Error {
  constructor(reason: string, pattern: string) {
    super(`${reason}: ${pattern}`);
    this.name = 'NotPortable';
  }
}

export interface Portable {
  /** The same expression in JavaScript's spelling, to be used with the flag `i`. */
  readonly source: string;
  readonly groups: readonly string[];
  /** Codes (0 to 127, both cases) a match may begin with; undefined when it may begin with anything. */
  readonly first: ReadonlySet<number> | undefined;
  /** What a match begins with, in lower case: one of these, each of at most {@link HEAD} characters. '' is anything. */
  readonly heads: readonly string[];
}

/** So many characters of a text choose the rules that are tried on it. */
export const HEAD = 3;
/** More beginnings than this are as good as any. */
const MOST_HEADS = 400;
/** A class of more characters than this counts as any character. */
const WIDE = 12;
/** Stands at the end of a beginning behind which anything may follow. */
const OPEN = '\u0000';

type Codes = Set<number>;
interface Node {
  readonly first: Codes;
  readonly nullable: boolean;
  /** The set of a trailing repetition without a small bound: what follows must not begin within it. */
  readonly tail: Codes | undefined;
  readonly heads: readonly string[];
}

const ALL: Codes = new Set(Array.from({ length: 128 }, (_, i) => i));
const EMPTY: Node = { first: new Set(), nullable: true, tail: undefined, heads: [''] };
const SPECIAL = '.*+?()[]{}^$|\\/-';
/** A repetition of at most this many costs a constant. */
const SMALL = 8;

export function parsePortable(pattern: string): Portable {
  return new Parser(pattern).parse();
}

class Parser {
  private at = 0;
  private source = '';
  private overlaps = 0;
  private readonly groups: string[] = [];
  private readonly pattern: string;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  parse(): Portable {
    if (!this.pattern.startsWith('^')) this.fail('not anchored');
    const node = this.alternation();
    if (this.at < this.pattern.length) this.fail('unbalanced )');
    if (this.overlaps > 1) this.fail('overlapping repetitions');
    const heads = [...new Set(node.heads.map((head) => head.replace(OPEN, '')))];
    return { source: this.source, groups: this.groups, first: node.nullable ? undefined : node.first, heads };
  }

  private fail(reason: string): never {
    throw new NotPortable(reason, this.pattern);
  }

  private take(): string {
    const c = this.pattern[this.at++];
    if (c === undefined) this.fail('unexpected end');
    this.source += c;
    return c;
  }

  private peek(text: string): boolean {
    return this.pattern.startsWith(text, this.at);
  }

  private alternation(): Node {
    let node = this.sequence();
    while (this.peek('|')) {
      this.take();
      const other = this.sequence();
      node = {
        first: union(node.first, other.first),
        nullable: node.nullable || other.nullable,
        tail: either(node.tail, other.tail),
        heads: few([...node.heads, ...other.heads]),
      };
    }
    return node;
  }

  private sequence(): Node {
    let node = EMPTY;
    while (this.at < this.pattern.length && !this.peek('|') && !this.peek(')')) node = this.join(node, this.repeated());
    return node;
  }

  private join(a: Node, b: Node): Node {
    if (a.tail && overlap(a.tail, b.first)) this.overlaps++;
    return {
      first: a.nullable ? union(a.first, b.first) : a.first,
      nullable: a.nullable && b.nullable,
      tail: b.nullable ? either(a.tail, b.tail) : b.tail,
      heads: few(a.heads.flatMap((head) => (ended(head) ? [head] : b.heads.map((more) => cut(head + more))))),
    };
  }

  private repeated(): Node {
    const start = this.at;
    const atom = this.atom();
    const grouped = this.pattern[start] === '(';
    const quantifier = /^(?:[?*+]|\{([0-9]+)(?:,([0-9]+))?\})/.exec(this.pattern.slice(this.at));
    if (!quantifier) return this.peek('{') ? this.fail('quantifier') : atom;
    for (const _ of quantifier[0]) this.take();
    if (/^[?*+{]/.test(this.pattern.slice(this.at))) this.fail('lazy, possessive or double quantifier');
    const text = quantifier[0];
    const least = text === '?' || text === '*' ? 0 : Number(quantifier[1] ?? 1);
    const most = text === '*' || text === '+' ? Number.POSITIVE_INFINITY : Number(quantifier[2] ?? quantifier[1] ?? 1);
    if (grouped && most > 3) this.fail('repeated group');
    return {
      first: atom.first,
      nullable: atom.nullable || least === 0,
      tail: most > SMALL ? either(atom.tail, atom.first) : atom.tail,
      heads: few([...(least === 0 ? [''] : []), ...atom.heads.map((head) => (most > 1 ? opened(head) : head))]),
    };
  }

  private atom(): Node {
    const c = this.take();
    if (c === '^') return this.at === 1 ? EMPTY : this.fail('^ inside');
    if (c === '$') return EMPTY;
    if (c === '(') return this.group();
    if (c === '[') return one(this.characterClass());
    if (c === '.') return one(ALL);
    if (c === '\\') return one(this.escaped());
    if ('*+?{}]'.includes(c)) this.fail(`bare ${c}`);
    return one(bothCases(c));
  }

  private escaped(): Codes {
    const c = this.take();
    if (!SPECIAL.includes(c)) this.fail(`escape \\${c}`);
    return bothCases(c);
  }

  private group(): Node {
    const named = /^\?P<([a-z][a-z0-9]*)>/.exec(this.pattern.slice(this.at));
    if (named) {
      this.groups.push(named[1]!);
      this.source += `?<${named[1]}>`;
    } else if (this.peek('?:')) this.source += '?:';
    else this.fail('group');
    this.at += named ? named[0].length : 2;
    const node = this.alternation();
    if (!this.peek(')')) this.fail('unbalanced (');
    this.take();
    return node;
  }

  private characterClass(): Codes {
    const negated = this.peek('^');
    if (negated) this.take();
    const codes: Codes = new Set();
    while (!this.peek(']')) {
      const low = this.classItem();
      const range = this.peek('-') && !this.pattern.startsWith('-]', this.at);
      if (range) this.take();
      const high = range ? this.classItem() : low;
      if (high < low) this.fail('range');
      for (let code = low; code <= high; code++)
        for (const both of bothCases(String.fromCharCode(code))) codes.add(both);
    }
    this.take();
    return negated ? new Set([...ALL].filter((code) => !codes.has(code))) : codes;
  }

  private classItem(): number {
    let c = this.take();
    if (c === '[') this.fail('[ in class');
    if (c === '\\') {
      c = this.take();
      if (!SPECIAL.includes(c)) this.fail(`escape \\${c}`);
    }
    return c.charCodeAt(0);
  }
}

function one(first: Codes): Node {
  const letters = new Set(Array.from(first, (code) => String.fromCharCode(code).toLowerCase()));
  return { first, nullable: false, tail: undefined, heads: letters.size > WIDE ? [OPEN] : [...letters] };
}

function ended(head: string): boolean {
  return head.length >= HEAD || head.endsWith(OPEN);
}

function cut(head: string): string {
  return head.slice(0, HEAD);
}

function opened(head: string): string {
  return head.endsWith(OPEN) ? head : head + OPEN;
}

function few(heads: readonly string[]): readonly string[] {
  const distinct = new Set(heads);
  return distinct.size > MOST_HEADS ? [OPEN] : [...distinct];
}

function bothCases(c: string): Codes {
  return new Set([c.toLowerCase().charCodeAt(0), c.toUpperCase().charCodeAt(0)]);
}

function union(a: Codes, b: Codes): Codes {
  return new Set([...a, ...b]);
}

function either(a: Codes | undefined, b: Codes | undefined): Codes | undefined {
  return a && b ? union(a, b) : (a ?? b);
}

function overlap(a: Codes, b: Codes): boolean {
  for (const code of a) if (b.has(code)) return true;
  return false;
}
