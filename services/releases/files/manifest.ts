import { createHash } from 'node:crypto';
import { Manifest, type ManifestKey, type ReleaseDocument } from '../../../schemas/release-file.ts';
import { canonicalJson } from './canonical-json.ts';

/** What a manifest says of one file. */
export interface Digest {
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export function digestOf(content: string | Uint8Array): Digest {
  const bytes = Buffer.from(content);
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The texts of the files that a manifest vouches for. */
export type VouchedFiles = Readonly<Record<'release.json' | 'release.csv' | 'summary.html' | 'verify.mjs', string>>;

/** The text of manifest.json. */
export function manifestJson(document: ReleaseDocument, key: ManifestKey, files: VouchedFiles): string {
  const digests: Manifest['files'] = [
    { name: 'release.json', ...digestOf(files['release.json']) },
    { name: 'release.csv', ...digestOf(files['release.csv']) },
    { name: 'summary.html', ...digestOf(files['summary.html']) },
    { name: 'verify.mjs', ...digestOf(files['verify.mjs']) },
  ];
  return canonicalJson(Manifest, {
    schema: 'rollcall.manifest/2',
    signature: 'Ed25519 over the bytes of this file, in manifest.sig',
    ...headOf(document),
    key,
    files: digests,
    sha256sums: digests.map(sumLine),
  });
}

/** As `sha256sum -c` reads it. */
export function sumLine({ name, sha256 }: Manifest['files'][number]): string {
  return `${sha256}  ${name}`;
}

/** What manifest and release both say: about what, made how, at what cost. */
export function headOf({ period, party, revision, profile, method }: ReleaseDocument) {
  const { policyVersion, catalogue, epsilon, delta, ...made } = method;
  const { caps, threshold, sitesRounding, phonesRounding, leastFleet } = made;
  const parameters = { caps, threshold, sitesRounding, phonesRounding, leastFleet };
  return { period, party, revision, policyVersion, catalogue, profile, parameters, epsilon, delta };
}
