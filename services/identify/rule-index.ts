interface Headed {
  /** Letters and digits that a text may begin with. */
  readonly heads: readonly string[];
}

/** Where texts that begin alike go: what is found if the text goes no further, and by its next letter or digit. */
interface Branch<T> {
  readonly found: readonly T[];
  readonly next: readonly (Branch<T> | undefined)[];
  /** Where a text goes from here that goes on otherwise. */
  readonly otherwise: Branch<T> | undefined;
}

interface Begun<T> {
  readonly head: string;
  readonly of: T;
}

/** So few are tried without asking how the text goes on. */
const FEW = 2;
const NOWHERE: readonly undefined[] = [];

/** Finds, in one walk along the letters and digits of a text, all that can match it, in their order. */
export class RuleIndex<T extends Headed> {
  private readonly root: Branch<T>;

  constructor(all: readonly T[]) {
    this.root = branch(
      all.flatMap((of) => of.heads.map((head) => ({ head, of }))),
      0,
    );
  }

  candidates(text: string): readonly T[] {
    return this.walk(text).found;
  }

  /** Whether there are any for some text that begins so. */
  goesOn(text: string): boolean {
    const { found, next } = this.walk(text);
    return found.length > 0 || next !== NOWHERE;
  }

  private walk(text: string): Branch<T> {
    let at = this.root;
    for (let i = 0; i < text.length && at.next !== NOWHERE; i++) {
      const slot = slotOf(text.charCodeAt(i));
      if (slot >= 0) at = at.next[slot] ?? at.otherwise ?? at;
    }
    return at;
  }
}

function branch<T>(begun: readonly Begun<T>[], depth: number): Branch<T> {
  const going = begun.filter(({ head }) => head.length > depth);
  const all = distinct(begun);
  if (going.length === 0 || all.length <= FEW) return { found: all, next: NOWHERE, otherwise: undefined };
  const next: (Branch<T> | undefined)[] = Array.from({ length: SLOTS }, () => undefined);
  for (const slot of new Set(going.map(({ head }) => slotOf(head.charCodeAt(depth)))))
    next[slot] = branch(
      begun.filter(({ head }) => head.length <= depth || slotOf(head.charCodeAt(depth)) === slot),
      depth + 1,
    );
  const found = distinct(begun.filter(({ head }) => head.length <= depth));
  return { found, next, otherwise: { found, next: NOWHERE, otherwise: undefined } };
}

function distinct<T>(begun: readonly Begun<T>[]): readonly T[] {
  return [...new Set(begun.map(({ of }) => of))];
}

const SLOTS = 36;

/** 0 to 9 for digits, 10 to 35 for letters in either case, -1 for what stands between. */
function slotOf(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 122 && code < 128 ? lower - 87 : -1;
}
