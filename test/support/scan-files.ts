import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** Every file below the directory. */
export function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
}

/** Which of the texts stand in which files, byte for byte (and in what gzip holds), in any case. */
export function textsInFiles(directory: string, texts: readonly string[]): { path: string; text: string }[] {
  const found: { path: string; text: string }[] = [];
  for (const path of filesBelow(directory)) {
    const raw = readFileSync(path);
    const contents = [raw.toString('latin1').toLowerCase()];
    if (raw[0] === 0x1f && raw[1] === 0x8b) contents.push(gunzipSync(raw).toString('latin1').toLowerCase());
    for (const text of texts)
      if (contents.some((content) => content.includes(text.toLowerCase()))) found.push({ path, text });
  }
  return found;
}
