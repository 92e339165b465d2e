/** A string of a JSON text: the bytes between its quotes. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ScannedJson {
  /** How many keys are written, repeated ones too: `JSON.parse` keeps one of each. */
  readonly keys: number;
  /** Strings that stand behind a key `token`, however its letters are spelled and however deep. */
  readonly tokens: readonly (Span & { readonly depth: number })[];
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const TOKEN = Buffer.from('token');

/**
 * Reads UTF-8 bytes as JSON without making a string of any: what an engine's parser reads first becomes a string that
 * stays in memory until the garbage collector needs the place. Undefined exactly where `JSON.parse` would throw.
 */
export function scanJson(bytes: Uint8Array): ScannedJson | undefined {
  const tokens: (Span & { depth: number })[] = [];
  /** Whether each open bracket is an object's. */
  const open: boolean[] = [];
  let keys = 0;
  let isToken = false;
  for (let at = blanks(bytes, 0); ; ) {
    // A value.
    const first = bytes[at];
    if (first === OPEN_OBJECT || first === OPEN_ARRAY) {
      open.push(first === OPEN_OBJECT);
      isToken = false;
      at = blanks(bytes, at + 1);
      if (bytes[at] !== (first === OPEN_OBJECT ? CLOSE_OBJECT : CLOSE_ARRAY)) {
        if (first === OPEN_ARRAY) continue;
        const value = valueOfKey(bytes, at);
        if (value < 0) return undefined;
        isToken = isTokenKey(bytes, at);
        keys++;
        at = value;
        continue;
      }
    } else if (first === QUOTE) {
      const end = stringEnd(bytes, at);
      if (end < 0) return undefined;
      if (isToken) tokens.push({ from: at + 1, to: end - 1, depth: open.length });
      at = blanks(bytes, end);
    } else {
      const end = scalarEnd(bytes, at);
      if (end < 0) return undefined;
      at = blanks(bytes, end);
    }
    // Behind it: as many closing brackets as there are, then a comma or the end.
    while (open.length > 0 && bytes[at] === (open.at(-1) ? CLOSE_OBJECT : CLOSE_ARRAY)) {
      open.pop();
      at = blanks(bytes, at + 1);
    }
    if (open.length === 0) return at === bytes.length ? { keys, tokens } : undefined;
    if (bytes[at] !== COMMA) return undefined;
    at = blanks(bytes, at + 1);
    isToken = false;
    if (open.at(-1)) {
      const value = valueOfKey(bytes, at);
      if (value < 0) return undefined;
      isToken = isTokenKey(bytes, at);
      keys++;
      at = value;
    }
  }
}

/** Where the value of the key at `at` begins; -1 when there is no key and colon. */
function valueOfKey(bytes: Uint8Array, at: number): number {
  const end = bytes[at] === QUOTE ? stringEnd(bytes, at) : -1;
  if (end < 0) return -1;
  const colon = blanks(bytes, end);
  return bytes[colon] === COLON ? blanks(bytes, colon + 1) : -1;
}

/** The key at `at` is known to be a string. */
function isTokenKey(bytes: Uint8Array, at: number): boolean {
  const first = bytes[at + 1];
  if (first !== TOKEN[0] && first !== BACKSLASH) return false;
  let next = at + 1;
  for (const letter of TOKEN) {
    if (characterAt(bytes, next) !== letter) return false;
    next += characterLength(bytes, next);
  }
  return bytes[next] === QUOTE;
}

/** Behind the closing quote of the string that begins at `at`; -1 when it is none. */
function stringEnd(bytes: Uint8Array, at: number): number {
  for (let next = at + 1; next < bytes.length; next++) {
    const byte = bytes[next] as number;
    if (byte === QUOTE) return next + 1;
    if (byte < 0x20) return -1;
    if (byte !== BACKSLASH) continue;
    next++;
    if (bytes[next] === 0x75) {
      for (let digit = 1; digit <= 4; digit++) if (hexDigit(bytes[next + digit]) < 0) return -1;
      next += 4;
    } else if (!isSimpleEscape(bytes[next])) return -1;
  }
  return -1;
}

/** `"`, `\`, `/`, b, f, n, r, t */
function isSimpleEscape(byte: number | undefined): boolean {
  switch (byte) {
    case QUOTE:
    case BACKSLASH:
    case 0x2f:
    case 0x62:
    case 0x66:
    case 0x6e:
    case 0x72:
    case 0x74:
      return true;
    default:
      return false;
  }
}

/** The character at `at` inside a string, when it is ASCII, spelled as itself or by `\u`; else -1. */
function characterAt(bytes: Uint8Array, at: number): number {
  const byte = bytes[at] as number;
  if (byte !== BACKSLASH) return byte < 0x80 && byte !== QUOTE ? byte : -1;
  if (bytes[at + 1] !== 0x75 || bytes[at + 2] !== 0x30 || bytes[at + 3] !== 0x30) return -1;
  return hexDigit(bytes[at + 4]) * 16 + hexDigit(bytes[at + 5]);
}

const characterLength = (bytes: Uint8Array, at: number): number => (bytes[at] === BACKSLASH ? 6 : 1);

/**
 * Writes the string's characters into `into` and says how many there are; -1 when there is one that is neither ASCII
 * nor spelled by `\u`, or when they are more than fit.
 */
export function readCharacters(bytes: Uint8Array, { from, to }: Span, into: Uint8Array): number {
  let length = 0;
  for (let at = from; at < to; at += characterLength(bytes, at)) {
    const character = characterAt(bytes, at);
    if (character < 0 || length === into.length) return -1;
    into[length++] = character;
  }
  return length;
}

/** Behind the number or literal at `at`; -1 when there is none. */
function scalarEnd(bytes: Uint8Array, at: number): number {
  switch (bytes[at]) {
    case 0x74:
      return wordEnd(bytes, at, TRUE);
    case 0x66:
      return wordEnd(bytes, at, FALSE);
    case 0x6e:
      return wordEnd(bytes, at, NULL);
    default:
      return numberEnd(bytes, at);
  }
}

const [TRUE, FALSE, NULL] = [Buffer.from('true'), Buffer.from('false'), Buffer.from('null')];

function wordEnd(bytes: Uint8Array, at: number, word: Uint8Array): number {
  for (let i = 0; i < word.length; i++) if (bytes[at + i] !== word[i]) return -1;
  return at + word.length;
}

/** RFC 8259: `-`, then 0 or digits without a leading 0, then a fraction, then an exponent. */
function numberEnd(bytes: Uint8Array, at: number): number {
  let next = bytes[at] === 0x2d ? at + 1 : at;
  if (bytes[next] === 0x30) next++;
  else if ((next = digitsEnd(bytes, next)) < 0) return -1;
  if (bytes[next] === 0x2e && (next = digitsEnd(bytes, next + 1)) < 0) return -1;
  if (bytes[next] === 0x65 || bytes[next] === 0x45) {
    const sign = bytes[next + 1];
    next = digitsEnd(bytes, sign === 0x2b || sign === 0x2d ? next + 2 : next + 1);
  }
  return next;
}

/** Behind at least one digit; -1 when there is none. */
function digitsEnd(bytes: Uint8Array, at: number): number {
  let next = at;
  while (isDigit(bytes[next])) next++;
  return next === at ? -1 : next;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

function hexDigit(byte: number | undefined): number {
  if (byte === undefined) return -1;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function blanks(bytes: Uint8Array, at: number): number {
  let next = at;
  while (isBlank(bytes[next])) next++;
  return next;
}

function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}
