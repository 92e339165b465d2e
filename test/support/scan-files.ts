import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Every file below the directory. */
function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

/** A store that runs merges its files meanwhile: what went away is somewhere else now, so the look begins anew. */
const LOOKS = 50;

export interface FoundText {
  readonly path: string;
  readonly text: string;
}

/**
 * Sixteen characters each, for a random text that lies in a compressed store: that writes a whole one otherwise when four characters of it
 * stood somewhere before, which of 64 hex digits is so in two of a hundred.
 */
export function piecesOf(text: string): string[] {
  return Array.from({ length: text.length / 8 - 1 }, (_, i) => text.slice(i * 8, i * 8 + 16));
}

/** Which of the texts stand in which files, byte for byte (and in what gzip holds), in any case. */
export function textsInFiles(directory: string, texts: readonly string[], looks = LOOKS): FoundText[] {
  try {
    return lookThrough(directory, texts);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT' || looks === 1) throw thrown;
    return textsInFiles(directory, texts, looks - 1);
  }
}

function lookThrough(directory: string, texts: readonly string[]): FoundText[] {
  const found: FoundText[] = [];
  for (const path of filesBelow(directory)) {
    const raw = readFileSync(path);
    const contents = [raw, ...unzipped(raw)].map((bytes) => bytes.toString('latin1').toLowerCase());
    for (const text of texts)
      if (contents.some((content) => content.includes(text.toLowerCase()))) found.push({ path, text });
  }
  return found;
}

/** A file of the store's begins with a checksum: one in 65,536 begins as gzip does and is none. */
function unzipped(bytes: Buffer): Buffer[] {
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return [];
  try {
    return [gunzipSync(bytes)];
  } catch {
    return [];
  }
}
