import * as z from 'zod';
import { MappingsAddedAnswer, MappingsAnswer, UnlistedAnswer } from '../../../schemas/answers/catalog.ts';
import { MappingPreview } from '../../../schemas/answers/extended.ts';
import type { Catalog } from '../../../schemas/catalog.ts';
import { DeviceName } from '../../../schemas/mapping.ts';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { catalogueVersion, firstPeriodOf, nameKey, newestMappings, sameName } from '../../core/mapping.ts';
import { periodAt } from '../../core/period.ts';
import { shownFrom, UNLISTED_VIEW } from '../../core/view-rules.ts';
import { type Table, tableOf } from '../../http/formats/table.ts';
import { paging } from '../../http/query-parts.ts';
import { type Call, type Caller, type Route, route } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { Identifier } from '../../identify/identity.ts';
import { judgeMapping } from '../../identify/judge-mapping.ts';
import type { CountReader } from '../../ports/count-reader.ts';
import type { MappingStore } from '../../ports/mappings.ts';
import type { Snapshot } from '../../ports/snapshot.ts';
import type { Clock } from '../../shared/clock.ts';
import { SerialQueue } from '../../shared/serial-queue.ts';
import type { Audit } from '../keys/audit.ts';

export interface CatalogRoutesDeps {
  readonly store: CountReader;
  readonly mappings: MappingStore;
  /** The catalogue as shipped, and its rules in a period: without mappings. */
  readonly catalog: Catalog;
  readonly identifierOf: (period: Period) => Identifier;
  readonly clock: Clock;
  readonly threshold: number;
  /** Called when mappings were added: a process that takes reports too need not wait for its next look. */
  readonly onAdded?: () => Promise<void>;
  readonly audit?: Pick<Audit, 'append'>;
}

const UnlistedQuery = z.strictObject({ period: Period.optional(), category: z.enum(CATEGORIES).optional(), ...paging });
type UnlistedQuery = z.infer<typeof UnlistedQuery>;

/** `true`: nothing is written. */
const MappingQuery = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });
type MappingQuery = z.infer<typeof MappingQuery>;

const MappingBody = DeviceName.extend({
  /** Null takes the name's mapping back. */
  to: DeviceName.nullable(),
  newVendor: z.boolean().default(false),
});
type MappingBody = z.infer<typeof MappingBody>;

const BODY_EXAMPLE = {
  category: 'phone',
  vendor: 'Yealink',
  model: 'Desk Set T99',
  to: { category: 'phone', vendor: 'Yealink', model: 'SIP-T99' },
};

/** How curators turn names that the catalogue does not know into models. */
export function catalogRoutes(deps: CatalogRoutesDeps): Route[] {
  // Each is judged by all that were added before it.
  const queue = new SerialQueue();
  return [
    route({
      method: 'GET',
      path: '/v1/catalog/unlisted',
      summary: 'Names that no rule knows, reported by 20 sites or more',
      allow: ['curator'],
      query: UnlistedQuery,
      answer: UnlistedAnswer,
      formats: ['csv', 'parquet'],
      table: unlistedTable,
      example: { category: 'phone', limit: '5' },
      handle: ({ query }) => unlistedNames(query, deps),
    }),
    route({
      method: 'GET',
      path: '/v1/catalog/mappings',
      summary: 'What curators made of unlisted names, oldest first',
      allow: ['curator'],
      query: z.strictObject(paging),
      answer: MappingsAnswer,
      formats: ['csv', 'parquet'],
      table: mappingsTable,
      example: { limit: '5' },
      handle: async ({ query: { limit, offset } }) => {
        const all = await deps.mappings.mappings();
        return {
          catalogue: catalogueVersion(deps.catalog.version, all),
          mappings: all.slice(offset, offset + limit),
          next: all.length > offset + limit ? offset + limit : null,
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/catalog/mappings',
      summary:
        'Say what an unlisted name is: from the next snapshot on in open periods, in reports from the next period on',
      allow: ['curator'],
      description:
        '`to` is the canonical name; null takes the mapping back. A maker that the catalogue does not know needs ' +
        '`newVendor`. Names mapped to this one before go along. 400 `invalid-mapping` says why one is not possible. With ' +
        '`dryRun=true` nothing is written: the answer says what would go along, on how many sites, and from when on.',
      query: MappingQuery,
      body: MappingBody,
      bodyExample: BODY_EXAMPLE,
      answer: MappingsAddedAnswer,
      status: 201,
      also: { status: 200, description: 'With `dryRun=true`: what would happen', answer: MappingPreview },
      handle: (call) =>
        call.query.dryRun === 'true'
          ? previewed(call, deps)
          : queue.run(() => addMapping(call.body, call.caller, deps)),
    }),
  ];
}

async function unlistedNames(query: UnlistedQuery, deps: CatalogRoutesDeps): Promise<UnlistedAnswer> {
  const snapshots = await deps.store.snapshots();
  const period = query.period ?? snapshots.at(-1)?.period ?? periodAt(deps.clock.now());
  const snapshot = snapshots.find((candidate) => candidate.period === period);
  const threshold = shownFrom(UNLISTED_VIEW, deps.threshold);
  if (!snapshot) return { period, snapshotAt: null, threshold, rows: [], next: null };
  const { rows, more } = await pageOf(query, snapshot, threshold, deps.store);
  const newest = newestMappings(await deps.mappings.mappings());
  return {
    period,
    snapshotAt: new Date(snapshot.takenAt).toISOString(),
    threshold,
    rows: rows.map(({ category, vendor, model, sites }) => {
      const name = { category: category as DeviceName['category'], vendor, model };
      return { ...name, sites, mappedTo: newest.get(nameKey(name))?.to ?? null };
    }),
    next: more ? query.offset + query.limit : null,
  };
}

const TO_COLUMNS = { toCategory: 'text', toVendor: 'text', toModel: 'text' } as const;

function toColumns(to: DeviceName | null): Record<string, string | undefined> {
  return { toCategory: to?.category, toVendor: to?.vendor, toModel: to?.model };
}

function unlistedTable({ rows }: UnlistedAnswer): Table {
  return tableOf(
    { category: 'text', vendor: 'text', model: 'text', sites: 'whole', ...TO_COLUMNS },
    rows.map(({ mappedTo, ...row }) => ({ ...row, ...toColumns(mappedTo) })),
  );
}

function mappingsTable({ mappings }: MappingsAnswer): Table {
  return tableOf(
    {
      category: 'text',
      vendor: 'text',
      model: 'text',
      ...TO_COLUMNS,
      since: 'text',
      addedAt: 'whole',
      addedBy: 'text',
    },
    mappings.map(({ from, to, since, addedAt, addedBy }) => ({ ...from, ...toColumns(to), since, addedAt, addedBy })),
  );
}

function pageOf({ category, limit, offset }: UnlistedQuery, snapshot: Snapshot, threshold: number, store: CountReader) {
  return store.counts({
    snapshot,
    view: UNLISTED_VIEW,
    filter: category === undefined ? {} : { category },
    threshold,
    sort: { by: 'sites', descending: true },
    limit,
    offset,
  });
}

async function previewed(
  { body, reply }: Pick<Call<MappingQuery, MappingBody>, 'body' | 'reply'>,
  deps: CatalogRoutesDeps,
): Promise<unknown> {
  const { rows, since } = await judged(body, deps);
  // A canonical name that no rule gives stands for itself: it goes nowhere.
  const along = rows.filter(({ from, to }) => !to || !sameName(from, to)).map(({ from }) => from);
  return reply.code(200).send({ since, along, sites: await sitesOf(along, deps) } satisfies MappingPreview);
}

/** Of the names that are shown in the newest snapshot, together; null when none is. */
async function sitesOf(names: readonly DeviceName[], { store, threshold }: CatalogRoutesDeps): Promise<number | null> {
  const cells = await store.cells({
    snapshots: (await store.snapshots()).slice(-1),
    view: UNLISTED_VIEW,
    filter: {},
    threshold: shownFrom(UNLISTED_VIEW, threshold),
  });
  const wanted = new Set(names.map(nameKey));
  const found = cells.filter((cell) => wanted.has(nameKey(cell as DeviceName)));
  return found.length === 0 ? null : found.reduce((sum, { sites }) => sum + sites, 0);
}

/** The rows that it would be stored as, and from which month on it holds. Throws 400 that says why it is not possible. */
async function judged({ category, vendor, model, to, newVendor }: MappingBody, deps: CatalogRoutesDeps) {
  const now = deps.clock.now();
  const before = await deps.mappings.mappings();
  const identifier = deps.identifierOf(periodAt(now));
  const wanted = { from: { category, vendor, model }, to, newVendor };
  const judgement = judgeMapping(wanted, { identifier, catalog: deps.catalog, mappings: before });
  if ('fault' in judgement) throw notPossible(judgement.fault);
  return { now, before, rows: judgement.rows, since: firstPeriodOf(now) };
}

async function addMapping(
  body: MappingBody,
  caller: Caller | undefined,
  deps: CatalogRoutesDeps,
): Promise<MappingsAddedAnswer> {
  const { now, before, rows, since } = await judged(body, deps);
  const addedBy = caller?.keyId ?? '';
  const added = await deps.mappings.add({ rows, since, addedAt: now, addedBy });
  await deps.audit?.append({ actor: addedBy, action: 'mapping.added', object: String(added[0]?.id ?? '') });
  await deps.onAdded?.();
  return { catalogue: catalogueVersion(deps.catalog.version, [...before, ...added]), since, added };
}

function notPossible(fault: { readonly pointer: string; readonly reason: string }): HttpProblem {
  return new HttpProblem({
    status: 400,
    type: 'invalid-mapping',
    detail: 'The name cannot be mapped so: see errors.',
    extra: { errors: [fault] },
  });
}
