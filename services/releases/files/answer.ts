import type { ReleaseDocument, ReleasedCell } from '../../../schemas/release-file.ts';
import { shareText } from '../../core/share-text.ts';
import { marginText, monthText, numberText } from './summary-words.ts';

/** The release in one sentence that can be quoted: what the party's makers, or its platforms, have of the fleet. */
export function answerOf(document: Omit<ReleaseDocument, 'answer'>): string {
  const { period, cells, largeEnough, method } = document;
  const all = cells.find(({ query }) => query === 'all');
  const fleet = all
    ? `the ${numberText(all.sites)} phone systems (${marginText(all.sitesMargin)}) that reported`
    : 'the phone systems that reported';
  const month = `In ${monthText(period)}`;
  if (!largeEnough)
    return `${month}, fewer than ${numberText(method.leastFleet)} phone systems reported: too few for any number but that.`;
  const [first, ...more] = largest(cells, 'phone_vendor').slice(0, 3);
  if (first) return `${month}, of ${fleet}, ${[first, ...more].map(ofMaker).join('; ')}.`;
  const platforms = largest(cells, 'platform').slice(0, 3);
  if (platforms.length > 0) return `${month}, of ${fleet}, ${platforms.map(ofPlatform).join('; ')}.`;
  return `${month}, of ${fleet}, too few had anything of ${document.party} for a number that noise would leave.`;
}

function largest(cells: readonly ReleasedCell[], query: ReleasedCell['query']): ReleasedCell[] {
  return cells.filter((cell) => cell.query === query).sort((a, b) => b.sites - a.sites);
}

function ofMaker({ vendor, sites, sitesMargin, share, phones, phonesMargin }: ReleasedCell): string {
  const counted =
    phones === null ? '' : `, with ${numberText(phones)} phones (${marginText(phonesMargin ?? 0)}) as counted here`;
  return `${numberText(sites)} (${marginText(sitesMargin)}${shareIn(share)}) had ${vendor} phones${counted}`;
}

function ofPlatform({ platform, sites, sitesMargin, share }: ReleasedCell): string {
  return `${numberText(sites)} (${marginText(sitesMargin)}${shareIn(share)}) were ${platform}`;
}

function shareIn(share: number | null): string {
  return share === null ? '' : `; ${shareText(share)}`;
}
