import type { FastifyReply } from 'fastify';
import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import { PartyName } from '../../../schemas/release.ts';
import { etagOf, isNotModified } from '../../http/etag.ts';
import type { Call } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { ReleaseId } from '../../ports/releases.ts';
import { callerOf, notFound, type ReleaseRoutesDeps } from './release-deps.ts';

export const DownloadParams = z.strictObject({
  period: Period,
  party: PartyName,
  file: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'not-a-file'),
});
export const Revision = z
  .string()
  .regex(/^[0-9]{1,6}$/, 'not-a-number')
  .transform(Number)
  .optional();

const MEDIA_TYPES: ReadonlyMap<string, string> = new Map([
  ['json', 'application/json; charset=utf-8'],
  ['csv', 'text/csv; charset=utf-8'],
  ['html', 'text/html; charset=utf-8'],
]);

type Download = Pick<
  Call<{ revision?: number | undefined }, unknown>,
  'query' | 'params' | 'caller' | 'request' | 'reply'
>;

/** Sends a file of a release as it is stored. That a party fetched its own is written down first. */
export async function download(call: Download, deps: ReleaseRoutesDeps): Promise<FastifyReply> {
  const { period, party, file } = call.params as { period: Period; party: string; file: string };
  const { manufacturer } = callerOf(call);
  // Before anything is looked up: whether another party has a release is not told.
  if (manufacturer !== undefined && manufacturer !== party) throw notYours();
  const revision = await chosenRevision({ period, party, revision: call.query.revision }, deps);
  const content = await deps.releases.releaseFile(period, party, revision, file);
  if (content === undefined) throw noSuchRelease();
  call.reply.header('cache-control', 'private, no-cache');
  if (isNotModified(call.request, call.reply, etagOf(content))) return call.reply;
  if (manufacturer !== undefined && call.request.method === 'GET')
    await noteDownload({ period, party, revision }, file, deps);
  call.reply.header('content-disposition', `attachment; filename="${file}"`);
  return call.reply.type(mediaTypeOf(file)).send(content);
}

/** The revision that is asked for, by default the newest. Throws 404 when the party has no such release. */
export async function chosenRevision(
  { period, party, revision }: Omit<ReleaseId, 'revision'> & { readonly revision: number | undefined },
  { releases }: Pick<ReleaseRoutesDeps, 'releases'>,
): Promise<number> {
  const own = (await releases.releases()).filter((one) => one.period === period && one.party === party);
  const chosen = own.filter((one) => revision === undefined || one.revision === revision).at(-1);
  if (!chosen) throw noSuchRelease();
  return chosen.revision;
}

async function noteDownload(release: ReleaseId, file: string, { releases, clock }: ReleaseRoutesDeps): Promise<void> {
  await releases.addDelivery({ ...release, event: 'downloaded', at: clock.now(), way: 'download', outcome: file });
}

function mediaTypeOf(file: string): string {
  return MEDIA_TYPES.get(file.replace(/^.*\./, '')) ?? 'application/octet-stream';
}

function noSuchRelease(): HttpProblem {
  return notFound('no-such-release', 'There is no such release, or no such file in it.');
}

function notYours(): HttpProblem {
  return new HttpProblem({ status: 403, type: 'not-your-release', detail: 'The key is of another party.' });
}
