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
  /** The same expression in JavaScript's spelling, to be used with the flag `i`. Its groups have numbers, which cost less. */
  readonly source: string;
  /** The names of the groups, in their order. */
  readonly groups: readonly string[];
  /**
   * The letters and digits that a match begins with, in lower case and whatever stands between them: one of these, each of at
   * most {@link HEAD} characters. '' is anything.
   */
  readonly heads: readonly string[];
}

/** So many letters and digits of a text choose the rules that are tried on it. */
const HEAD = 12;
/** Where there are more beginnings than this, shorter ones will do. */
const MOST_HEADS = 48;
/** A class of more characters than this counts as any character. */
const WIDE = 4;
/** Stands at the end of a beginning behind which anything may follow. */
const OPEN = '\u0000';

/** Characters, both cases of a letter: the bit of each one's code is set. */
type Codes = bigint;
interface Node {
  readonly first: Codes;
  readonly nullable: boolean;
  /** The set of a trailing repetition without a small bound: what follows must not begin within it. */
  readonly tail: Codes | undefined;
  readonly heads: readonly string[];
}

/** Every character of ASCII. */
const ALL: Codes = (1n << 128n) - 1n;
const EMPTY: Node = { first: 0n, nullable: true, tail: undefined, heads: [''] };
const ANY: Node = { first: ALL, nullable: false, tail: undefined, heads: [OPEN] };
const QUANTIFIER = /[?*+]|\{([0-9]+)(?:,([0-9]+))?\}/y;
const NAMED_GROUP = /\?P<([a-z][a-z0-9]*)>/y;
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
    return { source: this.source, groups: this.groups, heads };
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

  /** What a sticky expression finds here. */
  private find(sticky: RegExp): RegExpExecArray | null {
    sticky.lastIndex = this.at;
    return sticky.exec(this.pattern);
  }

  private alternation(): Node {
    let node = this.sequence();
    while (this.peek('|')) {
      this.take();
      const other = this.sequence();
      node = {
        first: node.first | other.first,
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
    if (a.tail !== undefined && (a.tail & b.first) !== 0n) this.overlaps++;
    return {
      first: a.nullable ? a.first | b.first : a.first,
      nullable: a.nullable && b.nullable,
      tail: b.nullable ? either(a.tail, b.tail) : b.tail,
      heads: a.heads.every(ended)
        ? a.heads
        : few(a.heads.flatMap((head) => (ended(head) ? [head] : b.heads.map((more) => cut(head + more))))),
    };
  }

  private repeated(): Node {
    const start = this.at;
    const atom = this.atom();
    const grouped = this.pattern[start] === '(';
    const quantifier = this.find(QUANTIFIER);
    if (!quantifier) return this.peek('{') ? this.fail('quantifier') : atom;
    for (const _ of quantifier[0]) this.take();
    if ('?*+{'.includes(this.pattern[this.at] ?? ' ')) this.fail('lazy, possessive or double quantifier');
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
    if (c === '[') return this.characterClass();
    if (c === '.') return ANY;
    if (c === '\\') return literal(this.escaped());
    if ('*+?{}]'.includes(c)) this.fail(`bare ${c}`);
    return literal(c);
  }

  private escaped(): string {
    const c = this.take();
    if (!SPECIAL.includes(c)) this.fail(`escape \\${c}`);
    return c;
  }

  private group(): Node {
    const named = this.find(NAMED_GROUP);
    if (named) {
      this.groups.push(named[1]!);
    } else if (this.peek('?:')) this.source += '?:';
    else this.fail('group');
    this.at += named ? named[0].length : 2;
    const node = this.alternation();
    if (!this.peek(')')) this.fail('unbalanced (');
    this.take();
    return node;
  }

  private characterClass(): Node {
    const negated = this.peek('^');
    if (negated) this.take();
    const letters = new Set<string>();
    let codes: Codes = 0n;
    while (!this.peek(']')) {
      const low = this.classItem();
      const range = this.peek('-') && !this.pattern.startsWith('-]', this.at);
      if (range) this.take();
      const high = range ? this.classItem() : low;
      if (high < low) this.fail('range');
      for (let code = low; code <= high; code++) {
        const c = String.fromCharCode(code);
        codes |= bothCases(c);
        letters.add(telling(c));
      }
    }
    this.take();
    if (negated) return { ...ANY, first: ALL & ~codes };
    return { ...ANY, first: codes, heads: letters.size > WIDE ? [OPEN] : [...letters] };
  }

  private classItem(): number {
    const c = this.take();
    if (c === '[') this.fail('[ in class');
    return (c === '\\' ? this.escaped() : c).charCodeAt(0);
  }
}

function literal(c: string): Node {
  return { ...ANY, first: bothCases(c), heads: [telling(c)] };
}

function ended(head: string): boolean {
  return head.length >= HEAD || head.endsWith(OPEN);
}

function cut(head: string): string {
  return head.slice(0, HEAD);
}

/** Of what may come again. What has no letter in it has none however often it comes. */
function opened(head: string): string {
  return head === '' || head.endsWith(OPEN) ? head : head + OPEN;
}

function few(heads: readonly string[]): readonly string[] {
  let distinct = new Set(heads);
  for (let length = HEAD - 1; distinct.size > MOST_HEADS; length--)
    distinct = new Set(
      Array.from(distinct, (head) => (head.length > length ? opened(head.slice(0, length)) || OPEN : head)),
    );
  return [...distinct];
}

/** What a character adds to a beginning. */
function telling(c: string): string {
  return /[a-z0-9]/i.test(c) ? c.toLowerCase() : '';
}

function bothCases(c: string): Codes {
  return bit(c.toLowerCase()) | bit(c.toUpperCase());
}

function bit(c: string): Codes {
  return 1n << BigInt(c.charCodeAt(0));
}

function either(a: Codes | undefined, b: Codes | undefined): Codes | undefined {
  return a === undefined || b === undefined ? (a ?? b) : a | b;
}
