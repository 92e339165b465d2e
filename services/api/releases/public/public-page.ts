import type { ReleaseDocument, ReleasedCell } from '../../../../schemas/release-file.ts';
import { shareText } from '../../../core/share-text.ts';
import { monthName, number, text } from './words.ts';

/** Readable by day and by night, on paper too, without a script. */
export const PUBLIC_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#13181d, #e9ecef); --quiet: light-dark(#46505a, #b0b9c2); --line: light-dark(#dde2e7, #2c323a); --bar: light-dark(#2f7f9b, #4fa3bf); --key: light-dark(#0a5a74, #6fc3dd); --warn: light-dark(#7a4b00, #f1c46a); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; background: light-dark(#fff, #0e1114); color: var(--ink); }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1rem 0 .5rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p.lede { font-size: 1.15rem; }
p.warn { color: var(--warn); font-weight: 600; }
small, caption, .quiet { color: var(--quiet); font-size: .875rem; }
caption { text-align: left; padding-bottom: .5rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 450; }
td, th { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
td.n { text-align: right; white-space: nowrap; }
td.b { width: 45%; }
svg.bar { width: 100%; height: 12px; display: block; }
svg.months { width: 100%; height: auto; color: var(--quiet); }
rect, polyline, circle { fill: var(--bar); }
polyline { fill: none; stroke: var(--bar); stroke-width: 2; }
line { stroke: var(--ink); stroke-width: 1.5; }
svg text { fill: currentColor; font-size: 11px; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; overflow-wrap: anywhere; white-space: pre-wrap; }
a { color: var(--key); }
@media (max-width: 40rem) { td.b { display: none; } }
`;

const MOST_MODELS = 20;

/** The newest public release for people: every number with its margin, and how it was made. */
export function publicPage(document: ReleaseDocument): string {
  const month = monthName(document.period);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What phone systems run, ${text(month)} – Rollcall</title>
<style>${PUBLIC_STYLE}</style>
</head>
<body>
<main>
<h1>What phone systems run</h1>
<p class="lede">${text(document.answer)}</p>
<p class="${document.profile === 'threshold' ? 'warn' : 'quiet'}">${text(document.notice)}</p>
${fleetChart(document)}
${chart('Makers of phones', 'Sites that have phones of the maker. A site can have several makers, so shares add up to more than 100 %.', cellsOf(document, 'phone_vendor'))}
${chart('Models of phones', `The ${MOST_MODELS} on most sites.`, cellsOf(document, 'phone_model').slice(0, MOST_MODELS))}
${chart('Phone systems', 'Sites by what they run.', cellsOf(document, 'platform'))}
<h2>How sure the numbers are</h2>
<p>The truth is within ± of a number 95 times of 100. ${privacyOf(document)} What is not listed is told by its number alone.
<a href="/privacy">What is collected</a>; <a href="/method">how the numbers are made</a>.</p>
<h2>Use them</h2>
<p><a href="/v1/public-release">The same numbers as JSON</a>, byte for byte as they were signed: <a href="/v1/signing-key">the key</a>. A badge for a page of yours:</p>
<pre>&lt;img src="/public/badge.svg" alt="phone systems that are counted"&gt;</pre>
<p>${'<img src="/public/badge.svg" alt="phone systems that are counted">'}</p>
</main>
</body>
</html>
`;
}

function privacyOf({ method, profile }: ReleaseDocument): string {
  if (profile === 'threshold') return 'This month was released without noise.';
  return `Chance was added on purpose, once, so that nobody can be sure whether any one site is in them (epsilon ${method.epsilon}, delta ${method.delta}).`;
}

function cellsOf({ cells }: ReleaseDocument, query: ReleasedCell['query']): ReleasedCell[] {
  return cells.filter((cell) => cell.query === query).toSorted((a, b) => b.sites - a.sites);
}

function nameOf({ platform, vendor, model }: Pick<ReleasedCell, 'platform' | 'vendor' | 'model'>): string {
  return [platform, vendor, model].filter((word) => word !== '').join(' ');
}

/** Zero is on its axis. The line at the end of a bar is the margin. */
function chart(title: string, about: string, cells: readonly ReleasedCell[]): string {
  if (cells.length === 0) return '';
  const most = Math.max(...cells.map(({ sites, sitesMargin }) => sites + sitesMargin));
  const rows = cells.map((cell) => {
    const share = cell.share === null ? '–' : shareText(cell.share);
    return `<tr><th scope="row">${text(nameOf(cell))}</th><td class="b">${bar(cell, most)}</td><td class="n">${number(cell.sites)} ± ${number(cell.sitesMargin)}</td><td class="n">${share}</td></tr>`;
  });
  return `<h2>${text(title)}</h2>
<table><caption>${text(about)}</caption><thead><tr><th scope="col">Name</th><td class="b"></td><th scope="col">Sites</th><th scope="col">Share</th></tr></thead>
<tbody>${rows.join('\n')}</tbody></table>`;
}

function bar({ sites, sitesMargin }: ReleasedCell, most: number): string {
  const at = (value: number) => ((Math.max(0, value) / most) * 1_000).toFixed(1);
  return `<svg class="bar" viewBox="0 0 1000 12" preserveAspectRatio="none" aria-hidden="true"><rect width="${at(sites)}" height="12"/><line x1="${at(sites - sitesMargin)}" x2="${at(sites + sitesMargin)}" y1="6" y2="6"/></svg>`;
}

/** All sites, month by month, oldest first. */
function fleetChart({ period, cells, earlier }: ReleaseDocument): string {
  const months = [{ period, cells }, ...earlier]
    .map((one) => ({ period: one.period, all: one.cells.find(({ query }) => query === 'all') }))
    .flatMap(({ period: month, all }) => (all ? [{ month, sites: all.sites, margin: all.sitesMargin }] : []))
    .reverse();
  if (months.length < 2) return '';
  const most = Math.max(...months.map(({ sites, margin }) => sites + margin));
  const x = (i: number) => (30 + (i * 900) / (months.length - 1)).toFixed(1);
  const y = (value: number) => (150 - (Math.max(0, value) / most) * 130).toFixed(1);
  const points = months.map(({ sites }, i) => `${x(i)},${y(sites)}`).join(' ');
  const marks = months.map(
    ({ month, sites, margin }, i) =>
      `<g><title>${text(monthName(month))}: ${number(sites)} ± ${number(margin)}</title><line x1="${x(i)}" x2="${x(i)}" y1="${y(sites - margin)}" y2="${y(sites + margin)}"/><circle cx="${x(i)}" cy="${y(sites)}" r="4"/></g><text x="${x(i)}" y="172" text-anchor="middle">${text(month)}</text>`,
  );
  const [first, last] = [months[0], months.at(-1)];
  const said = `Sites from ${number(first?.sites ?? 0)} in ${monthName(first?.month ?? '')} to ${number(last?.sites ?? 0)} in ${monthName(last?.month ?? '')}`;
  return `<h2>Phone systems that are counted</h2>
<svg class="months" viewBox="0 0 960 180" role="img" aria-label="${text(said)}"><polyline points="${points}"/>${marks.join('')}</svg>`;
}
