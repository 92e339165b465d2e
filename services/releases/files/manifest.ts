import { createHash } from 'node:crypto';
import { Manifest, type ReleaseDocument } from '../../../schemas/release-file.ts';
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
export type VouchedFiles = Readonly<Record<'release.json' | 'release.csv' | 'summary.html', string>>;

/** The text of manifest.json. */
export function manifestJson(document: ReleaseDocument, keyId: string, files: VouchedFiles): string {
  return canonicalJson(Manifest, {
    schema: 'rollcall.manifest/1',
    ...headOf(document),
    keyId,
    files: [
      { name: 'release.json', ...digestOf(files['release.json']) },
      { name: 'release.csv', ...digestOf(files['release.csv']) },
      { name: 'summary.html', ...digestOf(files['summary.html']) },
    ],
  });
}

/** What manifest and release both say: about what, made how, at what cost. */
export function headOf({ period, party, revision, profile, method }: ReleaseDocument) {
  const { policyVersion, catalogue, epsilon, delta, ...made } = method;
  const { threshold, sitesRounding, phonesRounding, mostPhonesOfASite, leastSample } = made;
  const parameters = { threshold, sitesRounding, phonesRounding, mostPhonesOfASite, leastSample };
  return { period, party, revision, policyVersion, catalogue, profile, parameters, epsilon, delta };
}
