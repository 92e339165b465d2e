import * as z from 'zod';
import { RedeliveryAnswer, ReleasesAnswer } from '../../../schemas/answers/releases.ts';
import { Period } from '../../../schemas/period.ts';
import { PartyName } from '../../../schemas/release.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { paging } from '../../http/query-parts.ts';
import { type Call, type Caller, type Route, route } from '../../http/route.ts';
import { agreementWith } from './agreement-routes.ts';
import { chosenRevision, DownloadParams, download, Revision } from './download.ts';
import { callerOf, conflict, type ReleaseRoutesDeps, STAFF_AND_PARTIES } from './release-deps.ts';
import { ReleaseHeads } from './release-heads.ts';

const ReleasesQuery = z.strictObject({ period: Period.optional(), party: PartyName.optional(), ...paging });

/** What was released, and its files. */
export function releaseListRoutes(deps: ReleaseRoutesDeps): Route[] {
  const heads = new ReleaseHeads(deps.releases);
  return [
    route({
      method: 'GET',
      path: '/v1/releases',
      summary: 'Releases and their files, newest month first',
      description: "A manufacturer's key sees its own, whatever `party` says. Revision 0 is the first of a month.",
      allow: STAFF_AND_PARTIES,
      query: ReleasesQuery,
      example: {},
      answer: ReleasesAnswer,
      formats: ['csv', 'parquet'],
      table: releasesTable,
      handle: (call) => listed(call.query, callerOf(call), deps, heads),
    }),
    route({
      method: 'GET',
      path: '/v1/releases/:period/:party/:file',
      summary: 'One file of a release, byte for byte as it was signed; of the newest revision unless one is named',
      description: "A manufacturer's key is refused for every other party, and its downloads are in the ledger.",
      allow: STAFF_AND_PARTIES,
      query: z.strictObject({ revision: Revision }),
      params: DownloadParams,
      answer: z.string(),
      mediaType: '*/*',
      handle: (call) => download(call, deps),
    }),
    route({
      method: 'POST',
      path: '/v1/releases/:period/:party/redeliver',
      summary: "Call the party's webhook again with a release: the newest revision unless one is named",
      allow: ['releaser'],
      query: z.strictObject({ revision: Revision }),
      params: z.strictObject({ period: Period, party: PartyName }),
      answer: RedeliveryAnswer,
      status: 202,
      handle: (call) => sendAgain(call, deps),
    }),
  ];
}

async function listed(
  { period, party, limit, offset }: z.infer<typeof ReleasesQuery>,
  { manufacturer }: Caller,
  { releases }: ReleaseRoutesDeps,
  heads: ReleaseHeads,
): Promise<ReleasesAnswer> {
  const only = manufacturer ?? party;
  const all = await releases.releases();
  const found = all.filter(
    (one) => (only === undefined || one.party === only) && (period === undefined || one.period === period),
  );
  const rows = await heads.rows(found.slice(offset, offset + limit));
  const next = offset + limit < found.length ? offset + limit : null;
  return { total: found.length, releases: rows, next };
}

function releasesTable({ releases }: ReleasesAnswer): Table {
  return tableOf(
    { period: 'text', party: 'text', revision: 'whole', file: 'text', bytes: 'whole' },
    releases.flatMap(({ period, party, revision, files }) =>
      files.map(({ name, bytes }) => ({ period, party, revision, file: name, bytes })),
    ),
  );
}

type Again = Pick<Call<{ revision?: number | undefined }, unknown>, 'query' | 'params' | 'caller'>;

async function sendAgain(call: Again, deps: ReleaseRoutesDeps): Promise<RedeliveryAnswer> {
  const { period, party } = call.params as { period: Period; party: string };
  const revision = await chosenRevision({ period, party, revision: call.query.revision }, deps);
  const { delivery } = await agreementWith(party, deps);
  if (delivery.kind !== 'webhook')
    throw conflict('no-webhook', 'The agreement has no webhook: the party downloads its releases.');
  const actor = callerOf(call).keyId;
  await deps.audit.append({ actor, action: 'release.redelivered', object: `${period} ${party} ${revision}` });
  await deps.redeliver({ period, party, revision });
  return { state: 'enqueued', revision };
}
