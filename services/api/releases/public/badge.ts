import type { ReleaseDocument } from '../../../../schemas/release-file.ts';
import { monthName, number, text } from './words.ts';

/** Of 11 px Verdana, on the safe side: the text is stretched to what it was given. */
const CHARACTER_PX = 6.6;
const PADDING_PX = 8;
const LABEL = 'phone systems';

/** A picture for a page elsewhere: how many sites the newest public release counts. Without a script, font or style of its own. */
export function badgeOf({ period, cells }: ReleaseDocument): string {
  const all = cells.find(({ query }) => query === 'all');
  const value = all ? `${number(all.sites)} ± ${number(all.sitesMargin)}` : 'too few yet';
  const title = `${LABEL}: ${value}, ${monthName(period)}`;
  const [left, right] = [widthOf(LABEL), widthOf(value)];
  const words = (said: string, from: number, width: number) =>
    `<text x="${from + width / 2}" y="14" textLength="${width - 2 * PADDING_PX}" lengthAdjust="spacingAndGlyphs">${text(said)}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${text(title)}">`,
    `<title>${text(title)}</title>`,
    `<rect width="${left}" height="20" fill="#46505a"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="#0a5a74"/>`,
    `<g fill="#ffffff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">`,
    words(LABEL, 0, left) + words(value, left, right),
    '</g></svg>\n',
  ].join('');
}

function widthOf(said: string): number {
  return Math.ceil(said.length * CHARACTER_PX) + 2 * PADDING_PX;
}
