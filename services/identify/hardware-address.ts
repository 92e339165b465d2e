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

/** Whether there are hex digits enough, those that letters pass for included: most names have none. */
function mayHoldAddress(text: string): boolean {
  let digits = 0;
  for (let i = 0; i < text.length; i++) if (isLikeHex(text.charCodeAt(i))) digits++;
  return digits >= GLUED_DIGITS;
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

/** With the letters that pass for digits read as digits, where that makes a token, or a long part of one, hex. */
function disguised(text: string): string {
  return text.replace(LIKE_HEX, (token) => token.replace(/o/gi, '0').replace(/[li]/gi, '1'));
}

/** One less than an address has: one may have been lost on the way. */
const MAC_DIGITS = 11;
/** So many pairs in a row, with so many digits in all, are an address too when its ends are glued to something. */
const MAC_PAIRS = 3;
const GLUED_DIGITS = 8;

/** What a row of hex tokens has in it: counted, because a row may be as long as the text. */
interface Run {
  length: number;
  digits: number;
  letters: boolean;
}

function hasHexRun(text: string): boolean {
  let run = EMPTY_RUN();
  let pairs = 0;
  let end = 0;
  let glued = false;
  for (const found of text.matchAll(/[a-z0-9]+/gi)) {
    const token = found[0];
    if (found.index - end > 2) [run, pairs, glued] = [EMPTY_RUN(), 0, false];
    end = found.index + token.length;
    if (/^[0-9a-f]+$/i.test(token)) {
      extend(run, token);
      pairs = token.length === 2 ? pairs + 1 : 0;
      if (pairs >= MAC_PAIRS && run.length >= GLUED_DIGITS && run.digits > 1) return true;
      if (isAddress(run, glued)) return true;
      continue;
    }
    extend(run, /^[0-9a-f]+/i.exec(token)?.[0] ?? '');
    if (isAddress(run, true)) return true;
    run = EMPTY_RUN();
    extend(run, hexEnd(token));
    if (isAddress(run, true)) return true;
    [pairs, glued] = [0, true];
  }
  return false;
}

const EMPTY_RUN = (): Run => ({ length: 0, digits: 0, letters: false });

function extend(run: Run, token: string): void {
  run.length += token.length;
  for (let i = 0; i < token.length; i++)
    if (token.charCodeAt(i) <= 0x39) run.digits++;
    else run.letters = true;
}

/** The hex digits at the end of a token, found from its end: from its beginning that takes quadratic time. */
function hexEnd(token: string): string {
  let at = token.length;
  while (at > 0 && /[0-9a-f]/i.test(token[at - 1]!)) at--;
  return token.slice(at);
}

/** Digits alone beside letters are a list of models (`RTL8111/8168/8411`), not an address. */
function isAddress(run: Run, glued: boolean): boolean {
  return run.length >= MAC_DIGITS && (run.letters || !glued);
}
