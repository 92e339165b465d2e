import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleasesAnswer } from '../../../schemas/answers/releases.ts';
import { type ApiClient, withAnswer } from '../client.ts';

/**
 * Writes a release's files as they come, byte for byte, and `public-key.pem` beside them: what its signature is checked
 * with. Resolves to the exit code.
 */
export async function saveRelease(
  { period, party, revision, files }: ReleasesAnswer['releases'][number],
  directory: string,
  client: ApiClient,
): Promise<number> {
  mkdirSync(directory, { recursive: true });
  for (const { name } of files) {
    // The name comes from the server: it must not lead out of the directory.
    if (!/^[a-z0-9][a-z0-9._-]*$/.test(name)) throw new Error('not a name of a file');
    const path = `/v1/releases/${period}/${encodeURIComponent(party)}/${name}?revision=${revision}`;
    const response = await client.get(path);
    if (!response?.ok) return withAnswer(response, () => {});
    writeFileSync(join(directory, name), Buffer.from(await response.arrayBuffer()));
  }
  return withAnswer(await client.get('/v1/signing-key'), ({ pem }: { pem: string }) => {
    writeFileSync(join(directory, 'public-key.pem'), pem);
  });
}
