import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ReleaseFileName } from '../../../schemas/release-file.ts';
import { packageRoot } from '../../shared/package-root.ts';
import { manifestJson } from './manifest.ts';
import { releaseCsv } from './release-csv.ts';
import { releaseDocument, releaseJson } from './release-json.ts';
import type { ReleaseOrder } from './release-order.ts';
import { fingerprintOf, signText } from './sign.ts';
import { summaryPage } from './summary-page.ts';

/** The checker that travels with every release: it is read by people, so it is a file of its own. */
const VERIFIER = join('schemas', 'release', 'verify.mjs');

/** The files of a party's release, signed. Throws `document-malformed` for numbers that no release may hold. */
export function releaseFiles(order: ReleaseOrder): { name: ReleaseFileName; content: string }[] {
  const document = releaseDocument(order);
  const { keyId, publicKey, privateKey } = order.key;
  const key = { id: keyId, fingerprint: fingerprintOf(publicKey), publishedAt: order.keyPublishedAt };
  const vouched = {
    'release.json': releaseJson(document),
    'release.csv': releaseCsv(document),
    'summary.html': summaryPage(document, key),
    'verify.mjs': readFileSync(join(packageRoot(), VERIFIER), 'utf8'),
  };
  const manifest = manifestJson(document, key, vouched);
  return [
    { name: 'release.json', content: vouched['release.json'] },
    { name: 'release.csv', content: vouched['release.csv'] },
    { name: 'summary.html', content: vouched['summary.html'] },
    { name: 'verify.mjs', content: vouched['verify.mjs'] },
    { name: 'manifest.json', content: manifest },
    { name: 'manifest.sig', content: signText(manifest, privateKey) },
  ];
}
