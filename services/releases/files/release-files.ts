import type { ReleaseFileName } from '../../../schemas/release-file.ts';
import { manifestJson } from './manifest.ts';
import { releaseCsv } from './release-csv.ts';
import { releaseDocument, releaseJson } from './release-json.ts';
import type { ReleaseOrder } from './release-order.ts';
import { signManifest } from './sign.ts';
import { summaryPage } from './summary-page.ts';

/** The five files of a party's release, signed. Throws `document-malformed` for numbers that no release may hold. */
export function releaseFiles(order: ReleaseOrder): { name: ReleaseFileName; content: string }[] {
  const document = releaseDocument(order);
  const vouched = {
    'release.json': releaseJson(document),
    'release.csv': releaseCsv(document),
    'summary.html': summaryPage(document, order.key.keyId),
  };
  const manifest = manifestJson(document, order.key.keyId, vouched);
  return [
    { name: 'release.json', content: vouched['release.json'] },
    { name: 'release.csv', content: vouched['release.csv'] },
    { name: 'summary.html', content: vouched['summary.html'] },
    { name: 'manifest.json', content: manifest },
    { name: 'manifest.sig', content: signManifest(manifest, order.key.privateKey) },
  ];
}
