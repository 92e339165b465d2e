import { trimEnd } from './name.ts';

/** What may travel without being listed: PRIVACY.md section 5. */
const TRAVELS = /^[A-Za-z0-9 ._+/(),!&-]{2,40}$/;
/** So long may a name be: of a longer one go the words that fit. */
const MOST = 40;
/** 2023-01-19, 20230119, 19.01.2023 and the like. */
const DATE =
  /(?:^|[^0-9])(?:(?:19|20)[0-9]{2}[./-]?(?:0[1-9]|1[0-2])[./-]?[0-3][0-9]|[0-3]?[0-9][./-][01]?[0-9][./-](?:19|20)[0-9]{2})(?![0-9])/;
const MOST_WORDS = 7;
const LONGEST_PART = 16;

/** What is a name by itself: digits and words of up to three letters, digits only (`Bob` is somebody), or neither. */
export type Alone = boolean | 'digits';

/**
 * Whether a name is shaped like a product's. Its words have digits and letters (`GXP1610`), are short, or are words that
 * names of products have: a person's or a place's name is none of these.
 */
export class Shape {
  private readonly words: ReadonlySet<string>;

  constructor(words: ReadonlySet<string>) {
    this.words = words;
  }

  /**
   * The longest beginning of a text that is shaped like a product's name; '' when there is none. `unknown` words may be in it. Plain digits or
   * short words alone are a name as far as `alone` says.
   */
  cut(text: string, unknown: number, alone: Alone): string {
    let end = 0;
    let telling = false;
    let left = unknown;
    for (const word of text.split(' ', MOST_WORDS)) {
      const kept = this.keep(word, left);
      if (kept.length === 0 || (end > 0 && end + 1 + kept.length > MOST)) break;
      left -= kept.unknown;
      telling ||= kept.telling || alone === true || (alone === 'digits' && /[0-9]/.test(word));
      end += (end === 0 ? 0 : 1) + kept.length;
      if (kept.length < word.length) break;
    }
    const name = trimEnd(text.slice(0, end), ' ._/(,&-');
    return telling && TRAVELS.test(name) && !DATE.test(name) ? name : '';
  }

  /** Whether all of a text is shaped so. */
  fits(text: string, unknown: number, alone: Alone): boolean {
    return this.cut(text, unknown, alone) === text;
  }

  /** How much of a word is shaped like a name, whether that alone tells a product, and how many unknown words are in it. */
  private keep(word: string, unknown: number): { length: number; telling: boolean; unknown: number } {
    let telling = false;
    let used = 0;
    let length = 0;
    for (const found of word.matchAll(/[a-z0-9]+/gi)) {
      const part = found[0];
      const known = this.words.has(part.toLowerCase());
      const mixed = /[0-9]/.test(part) && /[a-z]/i.test(part);
      const fits = known || (mixed && part.length <= LONGEST_PART) || /^(?:[0-9]{1,5}|[a-z]{1,3})$/i.test(part);
      if (!fits && (used >= unknown || part.length > LONGEST_PART || /[0-9]/.test(part)))
        return { length, telling, unknown: used };
      if (!fits) used++;
      telling ||= known || mixed || !fits;
      length = found.index + part.length;
    }
    return { length: word.length, telling, unknown: used };
  }
}
