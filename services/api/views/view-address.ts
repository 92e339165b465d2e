import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import { CATEGORIES } from '../../../schemas/report.ts';
import { hasColumn, hasDevices } from '../../core/view-rules.ts';
import { VIEW_TABLE } from '../../core/views.ts';
import { name } from '../../http/query-parts.ts';
import { HttpProblem } from '../../http/server.ts';
import { knownNames, type NamesDeps } from '../counts/asked-names.ts';
import { permalink } from '../counts/reading.ts';

/** Longer than any address that is made of names: six of them, percent-encoded, with what stands around. */
export const LONGEST_ADDRESS = 2_000;

const EXPLORED = ['vendor', 'model', 'platform', 'platform_vendor', 'category'] as const;
type Explored = (typeof EXPLORED)[number];
const MOST_CELLS = 5;

/** `phone:Yealink:SIP-T46S`: no name that is stored holds a colon. */
const Cell = z.string().min(1).max(200);
const by = z.enum(['sites', 'devices']).default('sites');
const category = z.enum(CATEGORIES).default('phone');
const months = { period: Period.optional(), compare: Period.optional() };
const offset = z
  .string()
  .regex(/^[0-9]{1,6}$/)
  .default('0');

const Explore = z.strictObject({
  view: z.enum(EXPLORED).default('model'),
  category,
  vendor: name.optional(),
  platform: name.optional(),
  by,
  chart: z.enum(['lines', 'stacked', 'percent']).default('lines'),
  sort: z.enum(['sites', '-sites', 'devices', '-devices', 'name', '-name']).default('-sites'),
  cell: z.array(Cell).max(MOST_CELLS).default([]),
  only: Cell.optional(),
  offset,
  ...months,
});
const Maker = z.strictObject({ category, by, only: Cell.optional(), ...months });
const Movers = z.strictObject({
  view: z.enum(['model', 'vendor']).default('model'),
  category,
  from: Period.optional(),
  to: Period.optional(),
});
const Months = z.strictObject(months);

interface Model {
  readonly category: (typeof CATEGORIES)[number];
  readonly vendor: string;
  readonly model: string;
}

/** What a page of the console shows: its address as meaning. Names are as they are spelled in cells. */
export type ConsoleView =
  | { readonly page: 'explore'; readonly asked: z.infer<typeof Explore> }
  | { readonly page: 'model'; readonly names: Model; readonly asked: z.infer<typeof Months> }
  | { readonly page: 'maker'; readonly names: { readonly vendor: string }; readonly asked: z.infer<typeof Maker> }
  | { readonly page: 'platform'; readonly names: { readonly platform: string }; readonly asked: z.infer<typeof Months> }
  | { readonly page: 'movers'; readonly asked: z.infer<typeof Movers> };

/** What stands at its default is no part of an address. */
const DEFAULTS: Readonly<Record<string, string>> = {
  by: 'sites',
  category: 'phone',
  chart: 'lines',
  offset: '0',
  sort: '-sites',
  view: 'model',
};

/** The one address of a view: pages and parameters that mean the same have the same. */
export function addressOf(view: ConsoleView): string {
  const entries = Object.entries<unknown>(view.asked).filter(
    ([key, value]) => value !== undefined && value !== DEFAULTS[key] && !(Array.isArray(value) && value.length === 0),
  );
  return permalink(pathOf(view), Object.fromEntries(entries) as Record<string, string | readonly string[]>);
}

function pathOf(view: ConsoleView): string {
  const path = (...parts: readonly string[]) => `/${parts.map(encodeURIComponent).join('/')}`;
  if (view.page === 'model') return path('models', view.names.category, view.names.vendor, view.names.model);
  if (view.page === 'maker') return path('makers', view.names.vendor);
  if (view.page === 'platform') return path('platforms', view.names.platform);
  return path(view.page);
}

/**
 * The view that an address of the console stands for. Throws 400 for another page's, a parameter that the page does not
 * have, and a text that somebody typed; 404 for names that nobody knows. So nothing is kept that is not a name of the
 * catalogue or of a shown cell.
 */
export async function readAddress(address: string, deps: NamesDeps): Promise<ConsoleView> {
  const view = parse(address);
  if (view.page === 'explore') return { page: 'explore', asked: await explored(view.asked, deps) };
  if (view.page === 'model') return { ...view, names: await knownNames(view.names, deps, 'model') };
  if (view.page === 'platform') return { ...view, names: await knownNames(view.names, deps) };
  if (view.page === 'movers') return view;
  const { only, ...asked } = view.asked;
  const line = only === undefined ? {} : { only: await knownCell(only, 'model', deps) };
  return { ...view, names: await knownNames(view.names, deps), asked: { ...asked, ...line } };
}

/** An address has no host: any stands for it while it is read. */
const HERE = 'http://console.invalid';

function parse(address: string): ConsoleView {
  if (!/^\/(?![/\\])/.test(address) || !URL.canParse(address, HERE)) throw refused('not-a-view');
  const url = new URL(address, HERE);
  if (url.hash !== '') throw refused('not-a-view');
  if (url.searchParams.has('q')) throw refused('typed-text');
  const [page, ...names] = url.pathname.slice(1).split('/').map(decoded);
  const asked = parametersOf(url.searchParams);
  if (page === 'explore' && names.length === 0) return { page, asked: read(Explore, asked) };
  if (page === 'movers' && names.length === 0) return { page, asked: read(Movers, asked) };
  if (page === 'models' && names.length === 3)
    return { page: 'model', names: modelIn(names), asked: read(Months, asked) };
  if (page === 'makers' && names.length === 1)
    return { page: 'maker', names: { vendor: read(name, names[0]) }, asked: read(Maker, asked) };
  if (page === 'platforms' && names.length === 1)
    return { page: 'platform', names: { platform: read(name, names[0]) }, asked: read(Months, asked) };
  throw refused('not-a-view');
}

function modelIn([category, vendor, model]: readonly string[]): Model {
  return read(z.strictObject({ category: z.enum(CATEGORIES), vendor: name, model: name }), { category, vendor, model });
}

/** Only cells may be several. */
function parametersOf(search: URLSearchParams): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = {};
  for (const key of new Set(search.keys())) {
    const values = search.getAll(key);
    if (key !== 'cell' && values.length > 1) throw refused('not-a-view');
    found[key] = key === 'cell' ? values : (values[0] as string);
  }
  return found;
}

function read<T>(schema: z.ZodType<T>, raw: unknown): T {
  const parsed = schema.safeParse(raw);
  if (!parsed.success) throw refused('not-a-view');
  return parsed.data;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw refused('not-a-view');
  }
}

/** As the page does: a filter or an order that the view does not have is left out. */
async function explored(asked: z.infer<typeof Explore>, deps: NamesDeps): Promise<z.infer<typeof Explore>> {
  const { view } = asked;
  const { filters, sorts } = VIEW_TABLE[view];
  const { vendor, platform, only, ...rest } = asked;
  const applying = {
    vendor: filters.includes('vendor') ? vendor : undefined,
    platform: filters.includes('platform') ? platform : undefined,
  };
  const names = await knownNames(applying, deps, view);
  return {
    ...rest,
    ...names,
    category: hasColumn(view, 'category') && view !== 'category' ? asked.category : 'phone',
    by: hasDevices(view) ? asked.by : 'sites',
    sort: sorts.some((one) => one === asked.sort.replace('-', '')) ? asked.sort : '-sites',
    cell: await Promise.all(asked.cell.map((cell) => knownCell(cell, view, deps))),
    ...(only === undefined ? {} : { only: only === 'other' ? only : await knownCell(only, view, deps) }),
  };
}

/** A row or line of a view, in the spelling of cells. */
async function knownCell(text: string, view: Explored, deps: NamesDeps): Promise<string> {
  const { columns } = VIEW_TABLE[view];
  const parts = text.split(':');
  const named = Object.fromEntries(columns.map((column, i) => [column, parts[i] ?? '']));
  const isCategory = CATEGORIES.some((known) => known === named.category);
  if (parts.length !== columns.length || (hasColumn(view, 'category') && !isCategory)) throw refused('not-a-view');
  for (const part of parts) if (part !== '') read(name, part);
  if (parts.at(-1) === '') throw refused('not-a-view');
  const known = await knownNames(named, deps, view);
  return columns.map((column) => known[column] ?? '').join(':');
}

function refused(reason: 'not-a-view' | 'typed-text'): HttpProblem {
  const detail =
    reason === 'typed-text'
      ? 'A text that was typed is not kept: clear the name that is searched for.'
      : 'The address is none of a page of numbers, with its parameters.';
  return new HttpProblem({
    status: 400,
    type: 'invalid-body',
    detail,
    extra: { errors: [{ pointer: '/address', reason }] },
  });
}
