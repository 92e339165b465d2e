/** No name and no User-Agent that means anything is longer. */
const MAX_TEXT = 512;

/** Printable ASCII with single blanks inside: nothing to do. */
const PLAIN = /^(?:[\x21-\x7e]+(?: [\x21-\x7e]+)*)?$/;

/** Letters of other scripts that look like Latin ones, each pair: theirs, ours. */
const PAIRS =
  'АAВBЕEЅSІIЈJКKМMНHОOРPСCТTУYХXаaеeіiјjоoрpсcуyхxѕsԁdԛqԝwһhΑAΒBΕEΖZΗHΙIΚKΜMΝNΟOΡPΤTΥYΧXοoνvαaϲcаaӀIɑaɡgıi';
const LOOK_ALIKES = new Map(Array.from(PAIRS.matchAll(/(.)(.)/gu), ([, theirs, ours]) => [theirs!, ours!]));

/**
 * The text as rules and detectors see it: NFKC, without zero-width, combining and control characters, digits, dashes
 * and look-alike letters in ASCII, single blanks, at most {@link MAX_TEXT} characters. Cut before anything costly, so
 * that a megabyte costs what a kilobyte costs.
 */
export function clean(text: string): string {
  if (text.length <= MAX_TEXT && PLAIN.test(text)) return text;
  return text
    .slice(0, 4 * MAX_TEXT)
    .toWellFormed()
    .normalize('NFKC')
    .replace(/[\t-\r\u0085\p{Z}]+/gu, ' ')
    .replace(/[\p{C}\p{Mn}\p{Me}\u115f\u1160\u3164\ufffd]/gu, '')
    .replace(/[^\x00-\x7f]/gu, fold)
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, MAX_TEXT)
    .trim();
}

/** Foldings already worked out: a text repeats its characters, and there are few that are not ASCII. */
const FOLDED = new Map<string, string>();
const MOST_FOLDED = 4096;

function fold(c: string): string {
  let folded = FOLDED.get(c);
  if (folded === undefined) {
    if (FOLDED.size >= MOST_FOLDED) FOLDED.clear();
    FOLDED.set(c, (folded = foldAnew(c)));
  }
  return folded;
}

function foldAnew(c: string): string {
  const letter = LOOK_ALIKES.get(c);
  if (letter) return letter;
  if (/\p{Nd}/u.test(c)) return digit(c.codePointAt(0)!);
  if (/[\p{Pd}\u2212\u02d7]/u.test(c)) return '-';
  if (/[\u2018\u2019\u201b\u02bc\u02b9\u2032\u00b4]/.test(c)) return "'";
  if (/[\u2236\u02d0\ua789\u05c3]/.test(c)) return ':';
  if (/[\u3002\u06d4\u00b7\u2027\u2219]/.test(c)) return '.';
  if (/[\u2044\u2215\u29f8]/.test(c)) return '/';
  return c;
}

/** Decimal digits of every script come in runs of ten that begin with zero. */
function digit(code: number): string {
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}
