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
/** `5330`: nothing else may stand in the name of a maker whose models are numbers. */
const NUMBERS = /^[0-9]+(?: [0-9]+)*$/;

interface Kept {
  /** How much of a word is shaped like a name. */
  readonly length: number;
  /** How many unknown words are in it. */
  readonly unknown: number;
  /** It has digits and letters, or an unknown word that may be in it: a product by itself. */
  readonly mixed: boolean;
  /** It has a word that names of products have. */
  readonly known: boolean;
  /** It has a number. */
  readonly number: boolean;
}

/** What is a name by itself: digits and words of up to three letters, digits only (`Bob 201` is somebody's extension), or neither. */
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
   * short words alone are a name as far as `alone` says. A word of products with a number tells none: `Room 12`, `Phone 201`.
   */
  cut(text: string, unknown: number, alone: Alone): string {
    let end = 0;
    let [mixed, known, number] = [false, false, false];
    let left = unknown;
    for (const word of text.split(' ', MOST_WORDS)) {
      const kept = this.keep(word, left);
      if (kept.length === 0 || (end > 0 && end + 1 + kept.length > MOST)) break;
      left -= kept.unknown;
      mixed ||= kept.mixed;
      known ||= kept.known;
      number ||= kept.number;
      end += (end === 0 ? 0 : 1) + kept.length;
      if (kept.length < word.length) break;
    }
    const telling = alone === true || mixed || (known && !number) || (alone === 'digits' && NUMBERS.test(text));
    const name = trimEnd(text.slice(0, end), ' ._/(,&-');
    return telling && TRAVELS.test(name) && !DATE.test(name) ? name : '';
  }

  /** Whether all of a text is shaped so. */
  fits(text: string, unknown: number, alone: Alone): boolean {
    return this.cut(text, unknown, alone) === text;
  }

  private keep(word: string, unknown: number): Kept {
    let [mixed, known, number] = [false, false, false];
    let used = 0;
    let length = 0;
    for (const found of word.matchAll(/[a-z0-9]+/gi)) {
      const part = found[0];
      const listed = this.words.has(part.toLowerCase());
      const digits = /[0-9]/.test(part);
      const both = digits && /[a-z]/i.test(part);
      const fits = listed || (both && part.length <= LONGEST_PART) || /^(?:[0-9]{1,5}|[a-z]{1,3})$/i.test(part);
      if (!fits && (used >= unknown || part.length > LONGEST_PART || digits))
        return { length, unknown: used, mixed, known, number };
      if (!fits) used++;
      mixed ||= both || !fits;
      known ||= listed;
      number ||= digits && !both;
      length = found.index + part.length;
    }
    return { length: word.length, unknown: used, mixed, known, number };
  }
}
