/**
 * MAC addresses, EUI-64, UUIDs: twelve hex digits or more in a row, however they are cut (`00:15:65:..`, `0015.65ab.cdef`,
 * `00-15 65_ab..`, bare). A run is a row of tokens that are hex from end to end, so that `_0004f2aabbcc` is found (`\b`
 * misses it) while `DECADE`, `C530A`, `D785` or `CP-8841-K9` are too short and `SPA504G` is no hex.
 */
export function hasHardwareAddress(text: string): boolean {
  if (!mayHoldAddress(text)) return false;
  if (hasHexRun(text)) return true;
  const spelled = disguised(text);
  return spelled !== text && hasHexRun(spelled);
}

/** Whether there is a row of hex digits that is long enough, those that letters pass for included: most names have none. */
function mayHoldAddress(text: string): boolean {
  let digits = 0;
  let between = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isLikeHex(code)) {
      if (++digits >= GLUED_DIGITS) return true;
      between = 0;
    } else if (isAlphanumeric(code) || ++between > MOST_BETWEEN) digits = 0;
  }
  return false;
}

/** 0-9, a-f, and the letters o, i, l in either case. */
function isLikeHex(code: number): boolean {
  const lower = code | 0x20;
  return (
    (code >= 0x30 && code <= 0x39) ||
    (lower >= 0x61 && lower <= 0x66) ||
    lower === 0x6f ||
    lower === 0x69 ||
    lower === 0x6c
  );
}

const LIKE_HEX = /[0-9a-foil]{12,}|(?<![a-z0-9])[0-9a-foil]+(?![a-z0-9])/gi;
const LETTER_LIKE_DIGIT = /[oil]/i;

/** With the letters that pass for digits read as digits, where that makes a token, or a long part of one, hex. */
function disguised(text: string): string {
  if (!LETTER_LIKE_DIGIT.test(text)) return text;
  return text.replace(LIKE_HEX, (token) => token.replace(/o/gi, '0').replace(/[li]/gi, '1'));
}

/** One less than an address has: one may have been lost on the way. */
const MAC_DIGITS = 11;
/** So many pairs in a row, with so many digits in all, are an address too when its ends are glued to something. */
const MAC_PAIRS = 3;
const GLUED_DIGITS = 8;
/** So many characters between two tokens of a row. */
const MOST_BETWEEN = 2;

/** What a row of hex tokens has in it: counted, because a row may be as long as the text. */
interface Run {
  length: number;
  digits: number;
  letters: boolean;
}

/** Token by token, character by character: most texts that have enough hex digits have them in words. */
function hasHexRun(text: string): boolean {
  let run = emptyRun();
  let pairs = 0;
  let end = 0;
  let glued = false;
  for (let start = 0; start < text.length; start = end) {
    while (start < text.length && !isAlphanumeric(text.charCodeAt(start))) start++;
    if (start === text.length) return false;
    if (start - end > MOST_BETWEEN) [run, pairs, glued] = [emptyRun(), 0, false];
    end = start + 1;
    while (end < text.length && isAlphanumeric(text.charCodeAt(end))) end++;
    let hex = start;
    while (hex < end && isHex(text.charCodeAt(hex))) hex++;
    extend(run, text, start, hex);
    if (hex === end) {
      pairs = end - start === 2 ? pairs + 1 : 0;
      if (pairs >= MAC_PAIRS && run.length >= GLUED_DIGITS && run.digits > 1) return true;
      if (isAddress(run, glued)) return true;
      continue;
    }
    if (isAddress(run, true)) return true;
    run = emptyRun();
    // The hex digits at the end of a token, found from its end: from its beginning that takes quadratic time.
    hex = end;
    while (isHex(text.charCodeAt(hex - 1))) hex--;
    extend(run, text, hex, end);
    if (isAddress(run, true)) return true;
    [pairs, glued] = [0, true];
  }
  return false;
}

function emptyRun(): Run {
  return { length: 0, digits: 0, letters: false };
}

function extend(run: Run, text: string, from: number, to: number): void {
  run.length += to - from;
  for (let i = from; i < to; i++)
    if (text.charCodeAt(i) <= 0x39) run.digits++;
    else run.letters = true;
}

function isHex(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x66);
}

function isAlphanumeric(code: number): boolean {
  const lower = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}

/** Digits alone beside letters are a list of models (`RTL8111/8168/8411`), not an address. */
function isAddress(run: Run, glued: boolean): boolean {
  return run.length >= MAC_DIGITS && (run.letters || !glued);
}
