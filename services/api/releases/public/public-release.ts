import { ReleaseDocument } from '../../../../schemas/release-file.ts';
import type { Releases } from '../../../ports/releases.ts';

/** Whoever is given this party's release is everybody: an operator agrees with it as with any other, on what is in it. */
const PUBLIC_PARTY = 'public';

export interface PublicRelease {
  /** release.json, byte for byte as it was signed. */
  readonly text: string;
  readonly document: ReleaseDocument;
}

/** The newest release of the party called public; undefined when there is none. Nothing else is ever looked at. */
export async function newestPublic(releases: Releases): Promise<PublicRelease | undefined> {
  const all = (await releases.releases()).filter(({ party }) => party === PUBLIC_PARTY);
  const newest = all.filter(({ period }) => period === all[0]?.period).toSorted((a, b) => b.revision - a.revision)[0];
  if (!newest) return undefined;
  const text = await releases.releaseFile(newest.period, PUBLIC_PARTY, newest.revision, 'release.json');
  // One of an earlier form is not shown: its numbers say less of themselves.
  const parsed = text === undefined ? undefined : ReleaseDocument.safeParse(JSON.parse(text));
  return text !== undefined && parsed?.success ? { text, document: parsed.data } : undefined;
}
