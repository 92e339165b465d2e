/** Readable on any screen, by day and by night: the console's colours, and the type that the reader's system has. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#dde2e7, #2c323a); --edge: light-dark(#858f9a, #6d7884); --page: light-dark(#f5f6f7, #0e1114); --surface: light-dark(#fff, #171a1f); --soft: light-dark(#eef1f3, #20252b); --ink: light-dark(#13181d, #e9ecef); --quiet: light-dark(#46505a, #b0b9c2); --key: light-dark(#0a5a74, #6fc3dd); --on-key: light-dark(#fff, #0b1418); }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { font: 15px/1.5 Inter, system-ui, sans-serif; margin: 0 auto; max-width: 93rem; padding: 1.5rem; background: var(--page); color: var(--ink); }
header { max-width: 60rem; }
h1 { font-size: 1.5rem; }
h3 { font-size: 1.05rem; margin: 0 0 .5rem; overflow-wrap: anywhere; }
h3 code { font-size: 1rem; }
.group { font-size: 1.15rem; margin: 2.5rem 0 .75rem; }
nav .group { font-size: .875rem; margin: 1.25rem 0 .25rem; }
section { background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 1rem; margin: 0 0 1rem; }
section p { margin: .5rem 0; }
pre { white-space: pre-wrap; }
code, pre { font-family: ui-monospace, monospace; font-size: .8125rem; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .75rem; overflow: auto; border-radius: 6px; }
details pre { max-height: 30rem; }
.wide { overflow-x: auto; margin: .75rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .35rem .75rem .35rem 0; border-bottom: 1px solid var(--line); }
th { font-size: .75rem; color: var(--quiet); }
th:first-child { width: 8.5rem; }
th:last-child { width: 13rem; }
td code { background: var(--soft); border-radius: 3px; padding: 0 .25rem; overflow-wrap: normal; }
a, summary { color: var(--key); }
summary { cursor: pointer; margin: .5rem 0; }
nav ul { columns: 24rem; column-gap: 2rem; padding: 0; margin: 0; list-style: none; }
nav li { break-inside: avoid; padding: .15rem 0; font-size: .875rem; }
nav small { display: block; color: var(--quiet); }
form.try { display: grid; grid-template-columns: repeat(auto-fill, minmax(11rem, 1fr)); gap: .5rem .75rem; padding: .5rem 0; }
form.try[hidden] { display: none; }
form.try p { margin: 0; }
form.try label { display: block; font-size: .8125rem; color: var(--quiet); }
form.try > p:last-of-type, form.try output { grid-column: 1 / -1; }
input, select, button { font: inherit; min-height: 34px; width: 100%; border: 1px solid var(--edge); border-radius: 6px; padding: 0 .5rem; background: var(--surface); color: var(--ink); }
button { width: auto; padding: 0 1rem; background: var(--key); border-color: var(--key); color: var(--on-key); cursor: pointer; }
:focus-visible { outline: 2px solid var(--key); outline-offset: 2px; }
@media (min-width: 70rem) { .beside { display: grid; grid-template-columns: 19rem minmax(0, 1fr); gap: 2rem; align-items: start; } nav { position: sticky; top: 1rem; max-height: calc(100vh - 2rem); overflow-y: auto; padding-right: .5rem; } nav ul { columns: auto; } nav small { display: none; } nav .group:first-child, main .group:first-child { margin-top: 0; } }
@media (max-width: 40rem) { body { padding: 1rem; } nav small { display: none; } th:first-child, th:last-child { width: auto; } input, select, button { min-height: 44px; } }
b { color: var(--key); }
`;
