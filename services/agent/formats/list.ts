import { type Read, registrationOf } from './registration.ts';

/** `Acme Phone/1.2`, `Acme X5 V2.1.3`: a product and a version, in characters that products use. */
const SHAPED =
  /^[A-Za-z][A-Za-z0-9 ._+()-]{0,60}?(?:\/v?(?=[0-9])| +[vV]?\.?(?=[0-9]+[._][0-9]))[0-9A-Za-z._+()/; -]*$/;
const COLUMNS = /\t| {3}/;
/** An address is no version. */
const NOT_SHAPED = /(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![0-9.])/;

/**
 * One User-Agent a line. Text that is something else must not be taken for one, or its names would travel: most lines
 * have to be known to the catalogue or look like a product with a version, and a line that is neither is left out.
 * Undefined for a text that is no such list.
 */
export function list(lines: readonly string[], kindOf: (userAgent: string) => Known): Read | undefined {
  const kinds = new Map<string, Known>();
  const counted = uniqued(lines);
  const agents = (counted ?? lines).map(unquoted).filter((agent) => agent !== '');
  const judged = agents.map((agent) => {
    const kind = kinds.get(agent) ?? judge(agent, kindOf);
    kinds.set(agent, kind);
    return kind;
  });
  const good = judged.filter((kind) => kind !== 'unknown').length;
  if (good * 2 <= agents.length || !judged.includes('device')) return undefined;
  const registrations = agents
    .filter((_, at) => judged[at] !== 'unknown')
    .map((userAgent) => registrationOf({ userAgent }));
  return { format: 'list', registrations, broken: agents.length - good };
}

/** `     12 Yealink SIP-T46S`, from `sort | uniq -c`: the count ends in the seventh place of every line, as no extension number would. */
const UNIQUED = /^(?= {1,6}[1-9])([ \d]{7}) (?=\S)/;
const MOST_OF_ONE = 10_000;

/** Each line as often as it was counted; undefined for a list that was not. */
function uniqued(lines: readonly string[]): string[] | undefined {
  const counts = lines.map((line) => Number(UNIQUED.exec(line)?.[1]));
  if (!counts.every((count) => count <= MOST_OF_ONE)) return undefined;
  return lines.flatMap((line, at) => Array<string>(counts[at]!).fill(line.slice('1234567 '.length)));
}

/** What the catalogue says of a User-Agent: a device, something that is none, or nothing. */
export type Known = 'device' | 'no-device' | 'unknown';

function judge(agent: string, kindOf: (userAgent: string) => Known): Known {
  // A row of a table, or JSON, of which the catalogue would find a name it knows in one of the columns.
  if (COLUMNS.test(agent) || /^[[{]/.test(agent)) return 'unknown';
  const kind = kindOf(agent);
  if (kind !== 'unknown') return kind;
  return agent.length <= 120 && SHAPED.test(agent) && !NOT_SHAPED.test(agent) ? 'device' : 'unknown';
}

/** `"Yealink SIP-T46S",` as one column of a CSV is quoted. */
function unquoted(line: string): string {
  const text = line.replaceAll('\u00a0', ' ').trim();
  const inner = /^"((?:[^"]|"")*)"[,;]?$/.exec(text)?.[1];
  return inner === undefined ? text : inner.replaceAll('""', '"').trim();
}
