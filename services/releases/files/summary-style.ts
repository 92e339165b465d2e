/** Readable on a phone, on paper, by day and by night; nothing is loaded. */
export const SUMMARY_STYLE = `
:root { color-scheme: light dark; --ink: light-dark(#1a1c1e, #e6e5e1); --soft: light-dark(#5d6166, #a0a4a8);
  --paper: light-dark(#fff, #17191b); --line: light-dark(#dcdcd8, #35383b); --bar: light-dark(#2f6f9f, #6ba8d6);
  --track: light-dark(#eef0f1, #24272a); --warn: light-dark(#fff1d6, #3d2f10); --warn-line: light-dark(#c98a00, #e0a93a); }
* { box-sizing: border-box; }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 54rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font-size: 1.35rem; line-height: 1.3; margin: 0 0 1rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
p { margin: .5rem 0; max-width: 44rem; }
.about, .before, .more { color: var(--soft); }
.notice { border-left: 4px solid var(--bar); background: var(--track); padding: .75rem 1rem; margin: 1.25rem 0; max-width: none; }
.notice.loud { border-color: var(--warn-line); background: var(--warn); font-weight: 700; }
dl.totals { display: flex; flex-wrap: wrap; gap: 1rem 2.5rem; margin: 1rem 0; }
dl.totals div { flex: 1 1 12rem; } dl.totals dt { font-size: 1.4rem; color: var(--ink); } dl.totals dd { color: var(--soft); font-size: .9rem; }
.method { font-size: .9rem; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; font-size: .85rem; color: var(--soft); }
th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th.number, td.number { width: 27%; text-align: right; white-space: nowrap; }
th.share, td.share { width: 12%; }
.months th.number, .months td.number { width: 19%; white-space: normal; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
td.name { overflow-wrap: anywhere; }
td.name b { font-weight: 600; }
.margin { color: var(--soft); font-size: .85rem; white-space: nowrap; }
.before { display: block; font-size: .8rem; white-space: normal; }
.bar { display: block; width: 100%; height: .5rem; margin-top: .35rem; border-radius: 2px; }
.bar .track { fill: var(--track); } .bar .value { fill: var(--bar); } .bar .doubt { fill: var(--ink); opacity: .3; }
code { font: .875rem ui-monospace, monospace; overflow-wrap: anywhere; }
pre { background: var(--track); padding: .75rem 1rem; overflow-x: auto; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1.5rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.on-paper { display: none; }
@media (max-width: 36rem) {
  thead { position: absolute; clip-path: inset(50%); }
  tr { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .2rem 1rem; padding: .6rem 0; border-bottom: 1px solid var(--line); }
  td, td.name, td.number { border: 0; padding: 0; width: auto; text-align: left; white-space: normal; }
  td.name, td.share { grid-column: 1 / -1; }
  td.share { order: 1; }
  td[data-label]::before { content: attr(data-label) ' '; color: var(--soft); font-size: .85rem; }
  td:empty { display: none; }
}
@media print {
  :root { color-scheme: light; }
  @page { size: A4; margin: 10mm; }
  body { font-size: 7.5pt; line-height: 1.25; max-width: none; padding: 0; }
  h1 { font-size: 12pt; margin: 0 0 .4rem; } h2 { font-size: 9pt; margin: .55rem 0 .1rem; } p { max-width: none; margin: .2rem 0; }
  th, td { padding: .04rem .3rem .04rem 0; } th { font-size: 7pt; } th.number, td.number { width: 25%; } th.share, td.share { width: 10%; }
  .bar { height: .13rem; margin: 0; } .margin, .method { font-size: 7pt; } .before { display: none; }
  dl.totals { margin: .3rem 0; gap: .3rem 1.5rem; } dl.totals dt { font-size: 10pt; } dl.totals dd { font-size: 7pt; }
  main { columns: 2; column-gap: 7mm; } dl.totals { column-span: all; }
  tr, .notice, p { break-inside: avoid; } h2, thead { break-after: avoid; }
  .months th.number, .months td.number { width: 19%; } code { font-size: 7pt; }
  .on-screen, .ranked tbody tr:nth-child(n+9) { display: none; } .on-paper { display: block; }
  .notice, .bar, pre { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
