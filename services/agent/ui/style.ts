/** Light and dark by the system's choice; one column from 360 px on. Contrast is 4.5 to 1 or better in both. */
export const STYLE = `
:root { color-scheme: light dark; --back: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #4d5768; --line: #cfd6e0; --accent: #0b5cad; --on: #0a6b3d; --new: #fff1c2; }
@media (prefers-color-scheme: dark) { :root { --back: #12161d; --card: #1b212b; --ink: #e8ecf2; --soft: #aab4c3; --line: #38424f; --accent: #8ec2ff; --on: #6fdca4; --new: #4a3d0c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
h1 { font-size: 1.4rem; margin: .5rem 0 1rem; }
h2 { font-size: 1.1rem; margin: 0 0 .5rem; }
h3 { font-size: 1rem; margin: .7rem 0 .3rem; }
p.new { padding: .3rem .5rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin: 0 0 1rem; }
p, ul, ol { margin: 0 0 .5rem; }
ul { padding-left: 1.2rem; }
.soft { color: var(--soft); }
.switch { margin-bottom: .7rem; display: flex; align-items: center; gap: 1rem; flex-wrap: wrap; }
button { font: inherit; color: inherit; background: transparent; border: 1px solid var(--line); border-radius: .4rem; padding: .5rem 1rem; min-height: 44px; cursor: pointer; }
button[role=switch] { display: inline-flex; align-items: center; gap: .7rem; border-color: var(--accent); }
.track { width: 2.6rem; height: 1.4rem; border-radius: 1rem; border: 2px solid var(--soft); position: relative; }
.track::after { content: ""; position: absolute; top: 2px; left: 2px; width: calc(1.4rem - 8px); height: calc(1.4rem - 8px); border-radius: 50%; background: var(--soft); }
[aria-checked=true] .track { border-color: var(--on); }
[aria-checked=true] .track::after { left: auto; right: 2px; background: var(--on); }
button:focus-visible, a:focus-visible, summary:focus-visible, pre:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
pre { background: var(--back); border: 1px solid var(--line); border-radius: .4rem; padding: .7rem; overflow: auto; max-height: 24rem; font-size: .85rem; white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { text-align: left; padding: .3rem .5rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top; }
td:first-child, th:first-child { min-width: 9rem; }
/* Columns as wide as they are told: a word is broken only where it is wider than its column. */
.policy { table-layout: fixed; overflow-wrap: break-word; }
.policy td:first-child, .policy th:first-child { min-width: 0; }
summary { cursor: pointer; min-height: 2rem; }
.new { background: var(--new); }
@media (prefers-reduced-motion: no-preference) { .track::after { transition: left .1s; } }
`;
