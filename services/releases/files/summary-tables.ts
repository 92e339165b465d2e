import type { QueryName } from '../../../schemas/release.ts';
import type { ReleaseDocument, ReleasedCell } from '../../../schemas/release-file.ts';
import { html, type Markup } from './html.ts';
import { changeText, marginText, numberText, shareText } from './summary-words.ts';

/** Rows of a table; the rest is in the other files. */
const MOST_ROWS = 15;

const TITLES: Readonly<Record<QueryName, string>> = {
  phone_model: 'Phone models',
  phone_vendor: 'Phone makers',
  endpoint_model: 'Other endpoints',
  platform: 'Platforms',
  platform_vendor: 'Phone makers by platform',
  pci_model: 'Telephony cards',
  nic_model: 'Network cards',
  cpu: 'Processors',
  memory: 'Memory',
  board: 'Motherboards',
};

/** A table for each query that has cells: models first, then makers, then the rest. */
export function tables(document: ReleaseDocument): Markup[] {
  return (Object.keys(TITLES) as QueryName[])
    .map((query) => ({ query, cells: document.cells.filter((cell) => cell.query === query) }))
    .filter(({ query, cells }) => cells.length > 0 || (query === 'phone_vendor' && document.vendors.length > 0))
    .map(({ query, cells }) => (query === 'phone_vendor' ? makers(document, cells) : table(TITLES[query], cells)));
}

/** A maker's own number of sites, and the sum of its models' phones, which is nobody's number of sites. */
function makers({ vendors }: ReleaseDocument, cells: readonly ReleasedCell[]): Markup {
  const rows = vendors.map(({ vendor, sites, sitesMargin, phones, phonesMargin }): Row => {
    const own = cells.find((cell) => cell.vendor === vendor);
    const [share, change] = [own?.share ?? null, own?.change ?? NO_CHANGE];
    return { name: vendor, maker: '', sites, sitesMargin, share, phones, phonesMargin, change };
  });
  const note = html`<p class="more">A maker's phones are the sum of its published models.</p>`;
  return section(TITLES.phone_vendor, rows, note);
}

function table(title: string, cells: readonly ReleasedCell[]): Markup {
  return section(title, cells.map(rowOf), html``);
}

const NO_CHANGE = { beforeSites: null, sites: null, beforePhones: null, phones: null } as const;

interface Row extends Pick<ReleasedCell, 'share' | 'phones' | 'phonesMargin' | 'change'> {
  readonly name: string;
  readonly maker: string;
  readonly sites: number | null;
  readonly sitesMargin: number | null;
}

function rowOf({ platform, vendor, model, ...numbers }: ReleasedCell): Row {
  const name = model || platform || vendor;
  return { ...numbers, name, maker: vendor === name ? '' : vendor };
}

function section(title: string, rows: readonly Row[], note: Markup): Markup {
  const shown = [...rows].sort((a, b) => (b.sites ?? 0) - (a.sites ?? 0)).slice(0, MOST_ROWS);
  const most = Math.max(...shown.map(({ sites, sitesMargin }) => (sites ?? 0) + (sitesMargin ?? 0)), 1);
  const withPhones = shown.some(({ phones }) => phones !== null);
  const phones = withPhones ? html`<th scope="col" class="number">Phones</th>` : '';
  return html`<section>
<h2>${title}</h2>
<table>
<thead><tr><th scope="col">Name</th><th scope="col" class="number">Sites</th><th scope="col" class="number share">Share</th>${phones}</tr></thead>
<tbody>
${shown.map((row) => line(row, most, withPhones))}</tbody>
</table>
${rows.length > shown.length ? html`<p class="more">${rows.length - shown.length} more in release.csv.</p>` : ''}${note}
</section>
`;
}

function line(row: Row, most: number, withPhones: boolean): Markup {
  const { name, maker, sites, sitesMargin, share, phones, phonesMargin, change } = row;
  return html`<tr><td class="name"><b>${name}</b> ${maker}${bar(sites ?? 0, sitesMargin ?? 0, most)}</td>${number('Sites', sites, sitesMargin, changeText(change.sites, change.beforeSites))}<td class="number share" data-label="Share">${shareText(share)}</td>${withPhones ? number('Phones', phones, phonesMargin, changeText(change.phones, change.beforePhones)) : ''}</tr>
`;
}

function number(label: string, value: number | null, margin: number | null, change: string): Markup {
  if (value === null) return html`<td class="number" data-label="${label}">not published</td>`;
  const before = change === '' ? '' : html`<span class="before">${change}</span>`;
  return html`<td class="number" data-label="${label}">${numberText(value)} <span class="margin">${marginText(margin ?? 0)}</span>${before}</td>`;
}

/** The value as a bar of thousandths of the longest, its margin as a shade around the end. Drawn, so that paper has it. */
function bar(value: number, margin: number, most: number): Markup {
  const at = (sites: number) => Math.round((Math.min(Math.max(sites, 0), most) / most) * 1000);
  const [from, to] = [at(value - margin), at(value + margin)];
  return html`<svg class="bar" viewBox="0 0 1000 8" preserveAspectRatio="none" aria-hidden="true"><rect class="track" width="1000" height="8"/><rect class="value" width="${at(value)}" height="8"/><rect class="doubt" x="${from}" y="2" width="${to - from}" height="4"/></svg>`;
}
