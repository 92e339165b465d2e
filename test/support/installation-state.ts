import { createHash } from 'node:crypto';

/** What an installation says of itself over HTTP, in a form that outlives table layouts and may be kept in a file. */
export interface InstallationState {
  readonly periods: readonly { period: string; state: string; sites: number | null; step: string | null }[];
  readonly counts: readonly CountsOfView[];
  readonly releases: readonly ReleaseState[];
  /** What releases are checked with: the public half. */
  readonly signingKey: { readonly keyId: string; readonly pem: string };
  readonly agreements: readonly { party: string; vendors: string[]; platforms: string[] }[];
  readonly ledger: readonly { period: string; rho: number; releases: { party: string; revision: number }[] }[];
  readonly held: readonly { cell: Readonly<Record<string, string>>; decision: string | null }[];
  readonly mappings: readonly { from: object; to: object | null; since: string }[];
  readonly keys: readonly { id: string; owner: string; scopes: string[]; state: string }[];
  /** The newest entry; its hash covers all before it. */
  readonly audit: { readonly seq: number; readonly hash: string };
}

export interface CountsOfView {
  readonly period: string;
  readonly view: string;
  readonly sites: number | null;
  readonly devices: number | null;
  readonly suppressed: number;
  /** `platform|category|vendor|model|sites|devices`, by name. */
  readonly cells: readonly string[];
}

export interface ReleaseState {
  readonly period: string;
  readonly party: string;
  readonly revision: number;
  /** SHA-256 of each file. */
  readonly files: Readonly<Record<string, string>>;
}

type Method = 'GET' | 'POST' | 'DELETE';
export type Ask = <T>(path: string, method?: Method, body?: unknown) => Promise<T>;

/** Asks with a key; throws when the answer is no success. A body that is no JSON is handed over as text. */
export function askingAs(url: string, key: string): Ask {
  return async <T>(path: string, method: Method = 'GET', body?: unknown) => {
    const headers = { authorization: `Bearer ${key}`, ...(body ? { 'content-type': 'application/json' } : {}) };
    const response = await fetch(url + path, { method, headers, ...(body ? { body: JSON.stringify(body) } : {}) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    const isJson = path.startsWith('/v1/') && !/^\/v1\/releases\/.+\//.test(path);
    return (isJson && text !== '' ? JSON.parse(text) : text) as T;
  };
}

/** With an admin's key. `views` by name: a later build may have more. */
export async function readInstallation(
  ask: Ask,
  periods: readonly string[],
  views: readonly string[],
): Promise<InstallationState> {
  const counts: CountsOfView[] = [];
  for (const period of periods) for (const view of views) counts.push(await readCounts(ask, period, view));
  const { periods: months } = await ask<{ periods: InstallationState['periods'] }>('/v1/periods');
  const { entries } = await ask<{ entries: InstallationState['ledger'] }>('/v1/ledger');
  const { agreements } = await ask<{ agreements: InstallationState['agreements'] }>('/v1/agreements');
  const { cells } = await ask<{ cells: InstallationState['held'] }>('/v1/held');
  const { mappings } = await ask<{ mappings: InstallationState['mappings'] }>('/v1/catalog/mappings');
  const { keys } = await ask<{ keys: InstallationState['keys'] }>('/v1/keys');
  const { keyId, pem } = await ask<InstallationState['signingKey']>('/v1/signing-key');
  const { entries: acts } = await ask<{ entries: InstallationState['audit'][] }>('/v1/audit?limit=1000');
  const last = acts.at(-1) ?? { seq: 0, hash: '' };
  return {
    periods: months.map(({ period, state, sites, step }) => ({ period, state, sites, step })),
    counts,
    releases: await readReleases(ask),
    signingKey: { keyId, pem },
    agreements: agreements.map(({ party, vendors, platforms }) => ({ party, vendors, platforms })),
    ledger: entries.map(({ period, rho, releases }) => ({
      period,
      rho,
      releases: releases.map(({ party, revision }) => ({ party, revision })),
    })),
    held: byText(cells.map(({ cell, decision }) => ({ cell, decision }))),
    mappings: byText(mappings.map(({ from, to, since }) => ({ from, to, since }))),
    keys: byText(keys.map(({ id, owner, scopes, state }) => ({ id, owner, scopes, state }))),
    audit: { seq: last.seq, hash: last.hash },
  };
}

/** In an order that no build changes. */
function byText<T>(items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, text: JSON.stringify(item) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ item }) => item);
}

interface CountsPage {
  readonly total: { readonly sites: number | null; readonly devices: number | null };
  readonly suppressed: { readonly cells: number };
  readonly rows: readonly Readonly<Record<string, string | number | null>>[];
  readonly next: number | null;
}

export async function readCounts(ask: Ask, period: string, view: string): Promise<CountsOfView> {
  const cells: string[] = [];
  for (let offset = 0; ; ) {
    const query = new URLSearchParams({ period, view, limit: '1000', offset: String(offset) });
    const { total, suppressed, rows, next } = await ask<CountsPage>(`/v1/counts?${query}`);
    cells.push(...rows.map((row) => CELL_COLUMNS.map((column) => row[column] ?? '').join('|')));
    if (next === null)
      return {
        period,
        view,
        sites: total.sites,
        devices: total.devices,
        suppressed: suppressed.cells,
        cells: cells.sort(),
      };
    offset = next;
  }
}

const CELL_COLUMNS = ['platform', 'category', 'vendor', 'model', 'sites', 'devices'] as const;

interface Listed {
  readonly period: string;
  readonly party: string;
  readonly revision: number;
  readonly files: readonly { readonly name: string }[];
}

async function readReleases(ask: Ask): Promise<ReleaseState[]> {
  const { releases } = await ask<{ releases: readonly Listed[] }>('/v1/releases');
  const found: ReleaseState[] = [];
  for (const { period, party, revision, files } of releases) {
    const digests: Record<string, string> = {};
    for (const { name } of files)
      digests[name] = createHash('sha256')
        .update(await readReleaseFile(ask, { period, party, revision }, name))
        .digest('hex');
    found.push({ period, party, revision, files: digests });
  }
  return found;
}

export function readReleaseFile(
  ask: Ask,
  { period, party, revision }: Pick<ReleaseState, 'period' | 'party' | 'revision'>,
  name: string,
): Promise<string> {
  return ask<string>(`/v1/releases/${period}/${encodeURIComponent(party)}/${name}?revision=${revision}`);
}

/** Of names that no list has it is told who has them and no longer how many. */
export const toldToday = (counts: CountsOfView): CountsOfView =>
  counts.view === 'unlisted'
    ? { ...counts, devices: null, cells: counts.cells.map((cell) => cell.replace(/[0-9]+$/, '')) }
    : counts;
