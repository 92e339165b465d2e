import { cpus } from 'node:os';
import type { Outcome } from './fault-run.ts';
import { PLAN_FAULTS } from './plan.ts';

/** The page that says what was run, of the runs themselves. */
export function reliabilityPage(outcomes: readonly Outcome[], at: string): string {
  const sum = (of: (one: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  const groups = grouped(outcomes);
  const alone = groups.filter(([{ faults }]) => !faults.includes('+'));
  const pairs = groups.filter(([{ faults }]) => faults.includes('+'));
  const broken = outcomes.filter((one) => one.broken !== '');
  return `# Reliability

Made of what \`npm run test:faults\` wrote (${at}, ${cpus().length} processors that had much else to do, Node ${process.versions.node}); do not edit.

While a nemesis strikes, sites report, correct themselves, repeat themselves, send late what they said before, and take it all
back. Every report is noted before it is sent, with what became of it: acknowledged (202), refused, or unknown. Afterwards
each model's sites and phones are compared with what may be: **acknowledged ⊆ counted ⊆ sent, and a withdrawal wins.** *lost*:
acknowledged and not counted. *double*: counted and not sent, taken back, or counted twice. While everything says that it is ready (\`/readyz\`
200 of every process) counts are looked at three times a second: *wrong* is how often they were more than was ever sent, or fewer than
they had been without sites that may have taken back; and phones too few or too many at the end. *MB* is the most memory that a process of the product held
(bounds: 1,500 embedded, where the store is in it; 512 of each role). *ended*: processes that ended though nobody ended them.

The outage is from the first strike to the last healing (a server counts as healed when it says that it has started). Recovery is from
there until a report that was sent after it is acknowledged, every process is started again and says that it is ready, and everything that was
acknowledged until then is counted. The run without a fault (\`none\`) shows what of it is no fault's: inserts and counts come a second apart, the rest is the machine.

**Of ${outcomes.length} runs: ${sum(({ sent }) => sent)} reports sent, ${sum(({ acknowledged }) => acknowledged)} acknowledged, ${sum(({ lost }) => lost)} lost, ${sum(({ double }) => double)} double, ${sum(({ wrongDevices }) => wrongDevices)} phones wrong, ${sum(({ wrongWhileReady }) => wrongWhileReady)} wrong while ready, ${sum(({ ended }) => ended)} ended by themselves; ${slow(outcomes).length} with a fault took longer to recover than the outage was.**
${broken.length === 0 ? '' : `\nNot as they should be:\n\n${broken.map((one) => `* ${one.target} ${one.faults}, seed ${one.seed}: ${one.broken}`).join('\n')}\n`}
${missingOf(outcomes)}## Alone

${tableOf(alone)}

## In pairs

${pairs.length} pairs of ${PLAN_FAULTS.pairs}; which, and in which order they struck, the seeds decide.

${tableOf(pairs)}

## Longer than the outage

${
  slow(outcomes)
    .map((one) => whyOf(one, outcomes))
    .join('\n') || 'None.'
}

## Run it

\`npm run test:faults -- --fault kill+slow --seed 4\` is one again; in the set-up on one process, \`embedded:kill+slow\`. \`npm run test:faults\` is every fault alone,
\`-- --fault distributed-pairs --times 30 --seed 7\` thirty pairs of the distributed set-up, \`-- --fault all --times 5 --minutes 600\` a soak. \`> FILE\`, and
\`npm run test:faults -- page FILE…\` makes this page. A share of it is in the suite (test/fault/nemesis.test.ts). Seeds decide
what is said, what is struck first and for how long; what the machine does meanwhile they do not.

Embedded: one process, its log and its store on disks of their own. Distributed: three brokers (Apache Kafka), the store's engine behind its HTTP interface, Redis with one that
can take its place, two ingests, two aggregators, jobs and an API, each a process; between all of them and their servers stands a proxy that can lose,
hold, refuse and cut. \`close\`: a month is closed meanwhile; it closes once, at one cost, with one release, and with every site.
Disks are mounted in memory, which takes root. Besides, by itself: a close that is killed at every one of its steps (test/fault/close-kill.test.ts).
`;
}

/** What a table lacks is said before it. */
function missingOf(outcomes: readonly Outcome[]): string {
  const lacking = PLAN_FAULTS.names.filter((name) => !outcomes.some((one) => isAmong(name, one)));
  if (lacking.length === 0) return '';
  const list = (set: string) =>
    lacking
      .filter((name) => name.startsWith(set))
      .map((name) => name.slice(set.length))
      .join(', ') || 'none';
  return `Not run for this page, alone or in a pair: embedded ${list('embedded:')}; distributed ${list('distributed:')}.\n\n`;
}

const isAmong = (name: string, { target, faults }: Outcome): boolean =>
  faults.split('+').some((fault) => name === `${target}:${fault}`);

const HEAD = `| set-up | faults | seeds | sent | acknowledged | lost | double | wrong | ended | MB | outage s | recovery s | recovery ÷ outage |
|---|---|---|---|---|---|---|---|---|---|---|---|---|`;

const tableOf = (groups: readonly (readonly Outcome[])[]): string => [HEAD, ...groups.map(lineOf)].join('\n');

type Group = [Outcome, ...Outcome[]];

function grouped(outcomes: readonly Outcome[]): Group[] {
  const groups = new Map<string, Group>();
  for (const one of outcomes) {
    const key = `${one.target} ${one.faults}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].sort(([a], [b]) => b.target.localeCompare(a.target));
}

const slow = (outcomes: readonly Outcome[]): Outcome[] =>
  outcomes.filter(({ recoveryMs, outageMs, faults }) => recoveryMs > outageMs && faults !== 'none');

/** What was seen: a run in which nothing happened took so long on the same machine. */
function whyOf({ target, faults, seed, outageMs, recoveryMs }: Outcome, all: readonly Outcome[]): string {
  const without = all.filter((one) => one.target === target && one.faults === 'none').map((one) => one.recoveryMs);
  const longest = Math.max(0, ...without);
  const why =
    recoveryMs - longest <= outageMs
      ? `Without a fault it took ${seconds(longest)} there: the machine, not the fault.`
      : `Without a fault it took ${seconds(longest)} there: the rest is the fault's.`;
  return `* ${target} ${faults}, seed ${seed}: ${seconds(recoveryMs)} after ${seconds(outageMs)}. ${why}`;
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

function lineOf(runs: readonly Outcome[]): string {
  const total = (of: (one: Outcome) => number) => runs.reduce((sum, one) => sum + of(one), 0);
  const [first] = runs as [Outcome];
  const [outage, recovery] = [total(({ outageMs }) => outageMs), total(({ recoveryMs }) => recoveryMs)];
  const seeds = runs.map(({ seed }) => seed);
  return `| ${[
    first.target,
    first.faults,
    seeds.length > 4 ? `${seeds[0]} … ${seeds.at(-1)} (${seeds.length})` : seeds.join(', '),
    total(({ sent }) => sent),
    total(({ acknowledged }) => acknowledged),
    total(({ lost }) => lost),
    total(({ double }) => double),
    total(({ wrongWhileReady, wrongDevices }) => wrongWhileReady + wrongDevices),
    total(({ ended }) => ended),
    Math.max(...runs.map(({ memoryMb }) => memoryMb)),
    (outage / runs.length / 1_000).toFixed(1),
    (recovery / runs.length / 1_000).toFixed(1),
    (recovery / outage).toFixed(2),
  ].join(' | ')} |`;
}
