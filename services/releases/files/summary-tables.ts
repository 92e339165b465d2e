import type { QueryName } from '../../../schemas/release.ts';
import type { EarlierMonth, ReleaseDocument, ReleasedCell } from '../../../schemas/release-file.ts';
import { shareText } from '../../core/share-text.ts';
import { html, type Markup } from './html.ts';
import { changeText, marginText, monthText, numberText, trendMark } from './summary-words.ts';

/** Rows of a table; the rest is in the other files. Makers by platform are many: the largest say enough. */
const MOST_ROWS = 12;
/** On paper, so that the longest release has two sheets (its style hides the others). */
const MOST_PRINTED = 8;

const TITLES: Readonly<Partial<Record<QueryName, string>>> = {
  phone_vendor: 'Phone makers',
  phone_model: 'Phone models',
  endpoint_model: 'Other endpoints',
  platform: 'Platforms',
  platform_vendor: 'Phone makers by platform: share of the platform',
  pci_model: 'Telephony cards',
  nic_model: 'Network cards',
  cpu: 'Processors',
  memory: 'Memory',
  board: 'Motherboards',
};

/** A ranked table for each query that has cells. */
export function tables(document: ReleaseDocument): Markup[] {
  return (Object.keys(TITLES) as QueryName[])
    .map((query) => ({ title: TITLES[query] ?? '', cells: document.cells.filter((cell) => cell.query === query) }))
    .filter(({ cells }) => cells.length > 0)
    .map(({ title, cells }) => table(title, cells));
}

function table(title: string, cells: readonly ReleasedCell[]): Markup {
  const ranked = cells.toSorted((a, b) => b.sites - a.sites);
  const shown = ranked.slice(0, MOST_ROWS);
  const most = Math.max(...shown.map(({ sites, sitesMargin }) => sites + sitesMargin), 1);
  const withPhones = shown.some(({ phones }) => phones !== null);
  const phones = withPhones ? html`<th scope="col" class="number">Phones</th>` : '';
  return html`<section>
<h2>${title}</h2>
<table class="ranked">
<thead><tr><th scope="col">Name</th><th scope="col" class="number">Sites</th><th scope="col" class="number share">Share</th>${phones}</tr></thead>
<tbody>
${shown.map((cell) => line(cell, most, withPhones))}</tbody>
</table>
${more('on-screen', ranked.length - MOST_ROWS)}${more('on-paper', ranked.length - MOST_PRINTED)}</section>
`;
}

function more(where: string, rows: number): Markup | '' {
  return rows > 0 ? html`<p class="more ${where}">${rows} more in release.csv.</p>` : '';
}

function line(cell: ReleasedCell, most: number, withPhones: boolean): Markup {
  const { sites, sitesMargin, share, phones, phonesMargin, change } = cell;
  const own = number(
    'Sites',
    sites,
    sitesMargin,
    changeText(change.sites, change.beforeSites),
    trendMark(change.sites),
  );
  const counted = number(
    'Phones',
    phones,
    phonesMargin,
    changeText(change.phones, change.beforePhones),
    trendMark(change.phones),
  );
  return html`<tr><td class="name">${nameOf(cell)}${bar(sites, sitesMargin, most)}</td>${own}<td class="number share" data-label="Share">${share === null ? '' : shareText(share)}</td>${withPhones ? counted : ''}</tr>
`;
}

function nameOf({ query, platform, vendor, model }: ReleasedCell): Markup {
  if (query === 'platform_vendor') return html`<b>${vendor}</b> on ${platform}`;
  const name = model || platform || vendor;
  return vendor === name || vendor === '' ? html`<b>${name}</b>` : html`<b>${name}</b> ${vendor}`;
}

function number(label: string, value: number | null, margin: number | null, change: string, mark: string): Markup {
  if (value === null) return html`<td class="number" data-label="${label}"></td>`;
  const before = change === '' ? '' : html`<span class="before">${change}</span>`;
  return html`<td class="number" data-label="${label}">${mark}${numberText(value)} <span class="margin">${marginText(margin ?? 0)}</span>${before}</td>`;
}

/** The value as a bar of thousandths of the longest, its margin as a shade around the end. Drawn, so that paper has it. */
function bar(value: number, margin: number, most: number): Markup {
  const at = (sites: number) => Math.round((Math.min(Math.max(sites, 0), most) / most) * 1000);
  const [from, to] = [at(value - margin), at(value + margin)];
  return html`<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="8"/><rect class="value" width="${at(value)}" height="8"/><rect class="doubt" x="${from}" y="2" width="${to - from}" height="4"/></svg>`;
}

/** Makers that are followed over the months, the largest of now. */
const MOST_FOLLOWED = 3;

/** Up to twelve months, from the releases of each: this one first. */
export function months(document: ReleaseDocument): Markup {
  const { cells, earlier, period, method } = document;
  if (earlier.length === 0) return html``;
  const followed = ['phone_vendor', 'platform']
    .flatMap((query) => cells.filter((cell) => cell.query === query).sort((a, b) => b.sites - a.sites))
    .slice(0, MOST_FOLLOWED);
  const rows = [{ period, caps: method.caps, cells }, ...earlier].map((month) => monthLine(month, followed));
  return html`<section>
<h2>Month by month</h2>
<table class="months">
<thead><tr><th scope="col">Month</th><th scope="col" class="number">All sites</th>${followed.map(({ vendor, platform }) => html`<th scope="col" class="number">${vendor || platform}</th>`)}</tr></thead>
<tbody>
${rows}</tbody>
</table>
</section>
`;
}

function monthLine({ period, cells }: EarlierMonth, followed: readonly ReleasedCell[]): Markup {
  const all = cells.find(({ query }) => query === 'all');
  const of = followed.map(({ query, vendor, platform }) =>
    cells.find((cell) => cell.query === query && cell.vendor === vendor && cell.platform === platform),
  );
  return html`<tr><td class="name">${monthText(period)}</td>${[all, ...of].map((cell) =>
    number('Sites', cell?.sites ?? null, cell?.sitesMargin ?? null, '', ''),
  )}</tr>
`;
}
