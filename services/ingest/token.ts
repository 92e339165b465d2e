import { isTokenCharacter, MAX_TOKEN_LENGTH, MIN_TOKEN_LENGTH } from '../../schemas/token.ts';
import { readCharacters, type ScannedJson, type Span } from './json-bytes.ts';

const QUOTE = 0x22;
const BLANK = 0x20;
/** What stands for a token that was taken: the schema of a report takes it. */
const TAKEN = 0x41;
/** What stands for a token that is none: the schema refuses it for the same reason as what was there. */
const REFUSED = 0x21;

/**
 * Takes the token out of a report's bytes: the token's own bytes, for the caller to overwrite, and nothing of it is
 * left in `raw`. Undefined when there is none to take: what is left then is refused by the schema.
 */
export function takeToken(raw: Uint8Array, { tokens }: ScannedJson): Buffer | undefined {
  let taken: Buffer | undefined;
  for (const token of tokens) {
    const found = token.depth === 1 ? tokenIn(raw, token) : undefined;
    if (found) standIn(raw, token, found.length);
    else raw.fill(REFUSED, token.from, token.to);
    // A second one is a key written twice: the report is refused, whichever is taken.
    taken?.fill(0);
    taken = found;
  }
  return taken;
}

function tokenIn(raw: Uint8Array, span: Span): Buffer | undefined {
  // Longer than what the engine keeps inside its heap, which it copies about: see fact-key.ts.
  const characters = Buffer.alloc(MAX_TOKEN_LENGTH);
  const length = readCharacters(raw, span, characters);
  const token = characters.subarray(0, Math.max(0, length));
  if (length >= MIN_TOKEN_LENGTH && token.every(isTokenCharacter)) return token;
  characters.fill(0);
  return undefined;
}

/** As many characters as there were: fewer bytes, where some were spelled by escapes. The rest becomes blanks. */
function standIn(raw: Uint8Array, { from, to }: Span, length: number): void {
  raw.fill(TAKEN, from, from + length);
  raw.fill(BLANK, from + length, to + 1);
  raw[from + length] = QUOTE;
}
