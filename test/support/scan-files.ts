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
    const contents = [raw.toString('latin1').toLowerCase()];
    if (raw[0] === 0x1f && raw[1] === 0x8b) contents.push(gunzipSync(raw).toString('latin1').toLowerCase());
    for (const text of texts)
      if (contents.some((content) => content.includes(text.toLowerCase()))) found.push({ path, text });
  }
  return found;
}
