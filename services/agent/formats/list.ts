import { type Read, registrationOf } from './registration.ts';
import { unknownFormat } from './unread.ts';

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
  const counted = uniqued(lines) ?? lines.map((line) => ({ line, times: 1 }));
  const agents = counted
    .map(({ line, times }) => ({ userAgent: unquoted(line), times }))
    .filter(({ userAgent }) => userAgent !== '');
  const judged = agents.map(({ userAgent }) => {
    const kind = kinds.get(userAgent) ?? judge(userAgent, kindOf);
    kinds.set(userAgent, kind);
    return kind;
  });
  const known = agents.filter((_, at) => judged[at] !== 'unknown');
  const good = timesOf(known);
  const all = timesOf(agents);
  if (good * 2 <= all || !judged.includes('device')) return undefined;
  const registrations = known.flatMap(({ userAgent, times }) =>
    Array.from({ length: times }, () => registrationOf({ userAgent })),
  );
  return { format: 'list', registrations, broken: all - good };
}

/** A line and how often it was there. */
interface Counted {
  readonly line: string;
  readonly times: number;
}

/**
 * `     12 Yealink SIP-T46S`, from `sort | uniq -c`: the count ends in the seventh place and one blank follows, as behind no
 * extension number. `cat -n` and `nl` number lines in six places.
 */
const UNIQUED = /^ +([1-9]\d*)(?<=^.{7}) (?=\S)/;
/** So many had no User-Agent. */
const COUNT_ALONE = /^ +[1-9]\d*(?<=^.{7})\s*$/;
const MOST_OF_ONE = 10_000;
/** A few characters of text may stand for 10,000 registrations: what no PBX has must not be built in memory. */
const MOST_OF_ALL = 200_000;

/** Each line with its count; undefined for a list that was not counted. Throws Unread for one that was, and is not whole. */
function uniqued(lines: readonly string[]): Counted[] | undefined {
  const counted = withoutCommand(lines)
    .filter((line) => !COUNT_ALONE.test(line))
    .map((line) => ({ line: line.slice('1234567 '.length), times: Number(UNIQUED.exec(line)?.[1] ?? 0) }));
  const fit = counted.filter(({ times }) => times > 0);
  if (fit.length * 2 <= counted.length) return undefined;
  if (fit.length < counted.length || fit.some(({ times }) => times > MOST_OF_ONE) || timesOf(fit) > MOST_OF_ALL)
    throw unknownFormat();
  return counted;
}

/** Without what stands before the first count: the command itself. More lines than follow it are a list of their own. */
function withoutCommand(lines: readonly string[]): readonly string[] {
  const first = lines.findIndex((line) => UNIQUED.test(line) || COUNT_ALONE.test(line));
  return first * 2 <= lines.length ? lines.slice(Math.max(first, 0)) : lines;
}

function timesOf(counted: readonly { readonly times: number }[]): number {
  return counted.reduce((sum, { times }) => sum + times, 0);
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
