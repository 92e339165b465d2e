import type { KeyObject } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Manifest, RELEASE_FILES, ReleaseDocument } from '../../../schemas/release-file.ts';
import { readCanonicalJson } from './canonical-json.ts';
import { verifyFirstForm } from './first-form/verify.ts';
import { digestOf, headOf, sumLine } from './manifest.ts';
import { releaseCsv } from './release-csv.ts';
import { fingerprintOf, keyIdOf, readSignature, signatureFits } from './sign.ts';
import type { Fault, Verdict } from './verdict.ts';

/** The files' bytes by name. */
export type FileBytes = ReadonlyMap<string, Uint8Array>;

/**
 * Whether the files are one whole release that the holder of the key published, byte for byte, in whichever form it was
 * published. Contents are read only once signature and digests hold. Throws `not-an-ed25519-key`.
 */
export function verifyRelease(files: FileBytes, publicKey: KeyObject): Verdict {
  if (isOfFirstForm(files)) return verifyFirstForm(files, publicKey);
  const faults = namesOf(files);
  const manifest = readAs(Manifest, 'manifest.json', files, faults);
  faults.push(...signatureFaults(files, manifest, publicKey));
  if (manifest) faults.push(...manifest.files.flatMap((vouched) => digestFaults(vouched, files)));
  if (!manifest || faults.length > 0) return { ok: false, faults };
  return judgeContents(files, manifest);
}

/** By what its manifest says: a manifest that was altered to say so is signed in neither form. */
function isOfFirstForm(files: FileBytes): boolean {
  const manifest = Buffer.from(files.get('manifest.json') ?? []).toString('latin1', 0, 200);
  return manifest.includes('"rollcall.manifest/1"');
}

function namesOf(files: FileBytes): Fault[] {
  const known: readonly string[] = RELEASE_FILES;
  const missing = known.filter((file) => !files.has(file));
  const surplus = [...files.keys()].filter((file) => !known.includes(file));
  return [
    ...missing.map((file): Fault => ({ file, reason: 'missing' })),
    ...surplus.map((file): Fault => ({ file, reason: 'not-in-manifest' })),
  ];
}

/** Adds to `faults` why there is no document; a file that is missing has been told already. */
function readAs<T>(
  schema: Parameters<typeof readCanonicalJson<T>>[0],
  file: string,
  files: FileBytes,
  faults: Fault[],
): T | undefined {
  const bytes = files.get(file);
  if (!bytes) return undefined;
  const read = readCanonicalJson(schema, bytes);
  if (typeof read === 'object') return read.document;
  faults.push({ file, reason: read });
  return undefined;
}

function signatureFaults(files: FileBytes, manifest: Manifest | undefined, publicKey: KeyObject): Fault[] {
  const keyId = keyIdOf(publicKey);
  if (manifest && manifest.key.fingerprint !== fingerprintOf(publicKey))
    return [{ file: 'manifest.json', reason: 'another-key', detail: `${manifest.key.id} instead of ${keyId}` }];
  const [signed, file] = [files.get('manifest.json'), files.get('manifest.sig')];
  if (!file) return [];
  const signature = readSignature(file);
  if (!signature) return [{ file: 'manifest.sig', reason: 'not-a-signature' }];
  if (!signed || signatureFits(signed, signature, publicKey)) return [];
  // Which of the two was altered cannot be told from them.
  return ['manifest.json', 'manifest.sig'].map((file) => ({ file, reason: 'signature-does-not-fit' }));
}

function digestFaults({ name, bytes, sha256 }: Manifest['files'][number], files: FileBytes): Fault[] {
  const content = files.get(name);
  if (!content) return [];
  const found = digestOf(content);
  if (found.bytes !== bytes) return [{ file: name, reason: 'size-differs' }];
  return found.sha256 === sha256 ? [] : [{ file: name, reason: 'digest-differs' }];
}

/** A publisher's own slips: what was signed must also agree with itself. */
function judgeContents(files: FileBytes, manifest: Manifest): Verdict {
  const faults: Fault[] = [];
  const document = readAs(ReleaseDocument, 'release.json', files, faults);
  if (!document) return { ok: false, faults };
  faults.push(...headFaults(document, manifest), ...sumFaults(manifest));
  faults.push(...csvFaults(document, files.get('release.csv') as Uint8Array));
  if (faults.length > 0) return { ok: false, faults };
  const { period, party, revision, profile, key, epsilon, delta } = manifest;
  const about = { period, party, revision, profile, keyId: key.id, epsilon, delta };
  const sites = document.cells.find(({ query }) => query === 'all')?.sites ?? null;
  return { ok: true, release: { ...about, sampleSites: sites, cells: document.cells.length } };
}

function headFaults(document: ReleaseDocument, manifest: Manifest): Fault[] {
  return Object.entries(headOf(document))
    .filter(([field, value]) => !isDeepStrictEqual(value, manifest[field as keyof Manifest]))
    .map(([field]) => ({ file: 'release.json', reason: 'differs-from-manifest', detail: field }));
}

function sumFaults({ files, sha256sums }: Manifest): Fault[] {
  const same = isDeepStrictEqual(files.map(sumLine), sha256sums);
  return same ? [] : [{ file: 'manifest.json', reason: 'differs-from-itself', detail: 'sha256sums' }];
}

function csvFaults(document: ReleaseDocument, found: Uint8Array): Fault[] {
  const expected = Buffer.from(releaseCsv(document));
  if (expected.equals(found)) return [];
  const [wanted, got] = [expected, Buffer.from(found)].map((csv) => csv.toString('latin1').split('\r\n'));
  const line = (wanted ?? []).findIndex((text, index) => text !== got?.[index]);
  return [{ file: 'release.csv', reason: 'differs-from-json', detail: `line ${line < 0 ? got?.length : line + 1}` }];
}
