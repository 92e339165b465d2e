import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleasesAnswer, SigningKeyAnswer } from '../../../schemas/answers/releases.ts';
import { type ApiClient, withAnswer } from '../client.ts';

/**
 * Writes a release's files as they come, byte for byte, and `public-key.pem` beside them: what its signature is checked
 * with; where keys followed each other also `key-succession.json`. Resolves to the exit code.
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
  return withAnswer(await client.get('/v1/signing-key'), ({ pem, keys }: SigningKeyAnswer) => {
    const signer = keys.find(({ keyId }) => keyId === signerOf(directory));
    writeFileSync(join(directory, 'public-key.pem'), signer?.pem ?? pem);
    const successions = keys.flatMap(({ succession }) => succession ?? []);
    if (successions.length > 0)
      writeFileSync(join(directory, 'key-succession.json'), `${JSON.stringify(successions, null, 2)}\n`);
  });
}

/** The id of the key that the saved manifest names, in either form. */
function signerOf(directory: string): string | undefined {
  const manifest = JSON.parse(readFileSync(join(directory, 'manifest.json'), 'utf8')) as {
    readonly keyId?: string;
    readonly key?: { readonly id?: string };
  };
  return manifest.key?.id ?? manifest.keyId;
}
