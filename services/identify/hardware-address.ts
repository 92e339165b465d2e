/**
 * MAC addresses, EUI-64, UUIDs: twelve hex digits or more in a row, however they are cut (`00:15:65:..`, `0015.65ab.cdef`,
 * `00-15 65_ab..`, bare). A run is a row of tokens that are hex from end to end, so that `_0004f2aabbcc` is found (`\b`
 * misses it) while `DECADE`, `C530A`, `D785` or `CP-8841-K9` are too short and `SPA504G` is no hex.
 */
export function hasHardwareAddress(text: string): boolean {
  return hasHexRun(text) || hasHexRun(disguised(text));
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

function hasHexRun(text: string): boolean {
  let run = '';
  let pairs = 0;
  let end = 0;
  let glued = false;
  for (const found of text.matchAll(/[a-z0-9]+/gi)) {
    const token = found[0];
    if (found.index - end > 2) [run, pairs, glued] = ['', 0, false];
    end = found.index + token.length;
    if (/^[0-9a-f]+$/i.test(token)) {
      run += token;
      pairs = token.length === 2 ? pairs + 1 : 0;
      if (pairs >= MAC_PAIRS && run.length >= GLUED_DIGITS && /[0-9].*[0-9]/.test(run)) return true;
      if (isAddress(run, glued)) return true;
      continue;
    }
    const head = /^[0-9a-f]+/i.exec(token)?.[0] ?? '';
    if (isAddress(run + head, true)) return true;
    run = /[0-9a-f]+$/i.exec(token)?.[0] ?? '';
    if (isAddress(run, true)) return true;
    [pairs, glued] = [0, true];
  }
  return false;
}

/** Digits alone beside letters are a list of models (`RTL8111/8168/8411`), not an address. */
function isAddress(run: string, glued: boolean): boolean {
  if (run.length < MAC_DIGITS) return false;
  return /[a-f]/i.test(run) || !glued;
}
