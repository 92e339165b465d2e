/**
 * MAC addresses, EUI-64, UUIDs: twelve hex digits or more in a row, however they are cut (`00:15:65:..`, `0015.65ab.cdef`,
 * `00-15 65_ab..`, bare). A run is a row of tokens that are hex from end to end, so that `_0004f2aabbcc` is found (`\b`
 * misses it) while `DECADE`, `C530A`, `D785` or `CP-8841-K9` are too short and `SPA504G` is no hex.
 */
export function hasHardwareAddress(text: string): boolean {
  return hasHexRun(text) || hasHexRun(disguised(text));
}

/** With the letters that pass for digits read as digits, in tokens that hold a digit anyway. */
function disguised(text: string): string {
  return text.replace(/[a-z0-9]+/gi, (token) =>
    /[0-9]/.test(token)
      ? token.replace(/o/gi, '0').replace(/[li]/gi, '1')
      : /^o{1,4}$/i.test(token)
        ? token.replace(/o/gi, '0')
        : token,
  );
}

const MAC_DIGITS = 12;

function hasHexRun(text: string): boolean {
  let length = 0;
  let digits = 0;
  let end = 0;
  for (const found of text.matchAll(/[a-z0-9]+/gi)) {
    const token = found[0];
    const near = found.index - end <= 2;
    end = found.index + token.length;
    if (!/^[0-9a-f]+$/i.test(token)) {
      length = digits = 0;
      continue;
    }
    if (!near) length = digits = 0;
    length += token.length;
    digits += token.replace(/[^0-9]/g, '').length;
    if (length >= MAC_DIGITS && (digits > 0 || token.length >= MAC_DIGITS)) return true;
  }
  return false;
}
