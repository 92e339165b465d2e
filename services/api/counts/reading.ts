import { etagOf, isInIfNoneMatch } from '../../http/etag.ts';
import { WHOLE_LIST } from '../../http/query-parts.ts';
import type { Call } from '../../http/route.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import { packageVersion } from '../../shared/package-root.ts';

/** Seconds that a reader's own cache may answer for the server: an open period changes, a closed one does not. */
const PROVISIONAL_AGE = 5;
const FINAL_AGE = 300;

export type Parameters = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** An answer that has not been worked out yet: what it would be made from, and how to make it. */
export interface Reading<A> {
  /** The same snapshots and parameters give the same answer. */
  readonly snapshots: readonly Snapshot[];
  /** The path and every parameter of the question, those that were left out too. Names no snapshot. */
  readonly path: string;
  readonly parameters: Parameters;
  /** Whatever else the answer depends on. */
  readonly basis?: string;
  answer(): Promise<A>;
  /** Where the next page begins. */
  next?(answer: A): number | null;
}

/**
 * Answers, or 304 to a caller who has the answer. Link says the question's permanent address and the next page's. The
 * headers that allow keeping go out with answers only, not with failures.
 */
export async function answered<A>(call: Call<unknown, unknown>, reading: Reading<A>): Promise<A | undefined> {
  const { request, reply, format } = call;
  const whole = reading.parameters.limit === WHOLE_LIST ? { limit: undefined } : {};
  const parameters = { ...reading.parameters, ...whole, ...(format === 'json' ? {} : { format }) };
  const etag = etagOf(basisOf(reading, permalink(reading.path, parameters)));
  const known = isInIfNoneMatch(request.headers['if-none-match'], etag);
  const answer = known ? undefined : await reading.answer();
  const final = reading.snapshots.length > 0 && reading.snapshots.every((snapshot) => !snapshot.provisional);
  reply
    .header('etag', etag)
    .header('cache-control', `private, max-age=${final ? FINAL_AGE : PROVISIONAL_AGE}`)
    .header('vary', 'Accept, Authorization, Cookie')
    .header('link', linksOf(reading, parameters, answer));
  if (known) reply.code(304).send();
  return answer;
}

/** A relative URL with the parameters in the order of their names; everything in it is percent-encoded. */
export function permalink(path: string, parameters: Parameters): string {
  const query = new URLSearchParams(
    Object.entries(parameters)
      .filter(([, value]) => value !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)])),
  );
  return query.size === 0 ? path : `${path}?${query}`;
}

function linksOf<A>(reading: Reading<A>, parameters: Parameters, answer: A | undefined): string {
  const links = [`<${permalink(reading.path, parameters)}>; rel="self canonical"`];
  const next = answer === undefined ? null : (reading.next?.(answer) ?? null);
  if (next !== null) links.push(`<${permalink(reading.path, { ...parameters, offset: next })}>; rel="next"`);
  return links.join(', ');
}

/** Everything that the answer follows from: it is not worked out for its tag. */
function basisOf({ snapshots, basis = '' }: Reading<unknown>, url: string): string {
  const ids = snapshots.map(({ period, id, provisional }) => `${period}/${id}/${provisional}`);
  return JSON.stringify([packageVersion(), url, basis, ids]);
}
