import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync } from 'node:zlib';

/** No batch of facts is longer compressed. */
const MOST_BYTES = 16 * 1024 * 1024;
const GZIP = Buffer.from([0x1f, 0x8b, 0x08]);

/**
 * Which of the texts stand somewhere below the directories of servers that run: files may go while they are looked at,
 * and what gzip has compressed (a batch of Kafka's, in the middle of a file) is looked through too.
 */
export function textsOfServers(directories: readonly string[], texts: readonly string[]): string[] {
  const contents = directories.flatMap(filesOf).flatMap((bytes) => [bytes, ...inflated(bytes)]);
  return texts.filter((text) => contents.some((content) => content.includes(text)));
}

function filesOf(directory: string): Buffer[] {
  const entries = unlessGone(() => readdirSync(directory, { withFileTypes: true })) ?? [];
  return entries.flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return filesOf(path);
    const bytes = entry.isFile() ? unlessGone(() => readFileSync(path)) : undefined;
    return bytes ? [bytes] : [];
  });
}

function unlessGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw thrown;
  }
}

/** Every gzip stream that begins somewhere in the bytes, as far as it can be read. */
export function inflated(bytes: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = bytes.indexOf(GZIP); at >= 0; at = bytes.indexOf(GZIP, at + 1)) {
    try {
      found.push(gunzipSync(bytes.subarray(at, at + MOST_BYTES), { finishFlush: constants.Z_SYNC_FLUSH }));
    } catch {
      // It only looked like one.
    }
  }
  return found;
}
