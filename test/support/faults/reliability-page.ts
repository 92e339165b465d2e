import { cpus } from 'node:os';
import type { Outcome } from './fault-run.ts';

/** The page that says what was run, of the run itself. */
export function reliabilityPage(outcomes: readonly Outcome[], at: string): string {
  const sum = (of: (one: Outcome) => number) => outcomes.reduce((total, one) => total + of(one), 0);
  return `# Reliability

Made of what \`npm run test:faults\` wrote (${at}, ${cpus().length} processors that had much else to do, Node ${process.versions.node}); do not edit.

While a nemesis strikes, sites report, correct themselves, repeat themselves, send late what they said before, and take it all
back. Every report is noted before it is sent, with what became of it: acknowledged (202), refused, or unknown. Afterwards
each model's sites and phones are compared with what may be: **acknowledged ⊆ counted ⊆ sent, and a withdrawal wins.** *lost*:
acknowledged and not counted. *double*: counted and not sent, taken back, or counted twice. While everything says that it is ready (\`/readyz\`
200) counts are looked at four times a second: *wrong* is how often they were more than was ever sent.

Recovery is from the last healing until forty more reports are acknowledged, the work has stopped, and everything is counted; of it about three
seconds are that work and the interval between two counts (a second), so for short outages the ratio says little.

Of ${outcomes.length} runs: ${sum(({ sent }) => sent)} reports sent, ${sum(({ acknowledged }) => acknowledged)} acknowledged, ${sum(({ lost }) => lost)} lost, ${sum(({ double }) => double)} double, ${sum(({ wrongDevices }) => wrongDevices)} phones wrong, ${sum(({ wrongWhileReady }) => wrongWhileReady)} wrong while ready.

| set-up | faults | seeds | sent | acknowledged | lost | double | wrong | outage s | recovery s | recovery ÷ outage |
|---|---|---|---|---|---|---|---|---|---|---|
${grouped(outcomes).map(lineOf).join('\n')}

One run again: \`npm run test:faults -- kill+slow 4\` (faults, seed). Everything once: \`npm run test:faults\`; a soak of twenty times everything:
\`npm run test:faults -- all 1 20 > FILE\`; \`npm run test:faults -- page FILE\` makes this page. A share of it is in the suite (test/fault/nemesis.test.ts). Seeds decide
what is said and for how long it is struck; what the machine does meanwhile they do not.

Not here, and tested elsewhere: a close that is killed at every step and closes once (test/fault/close-kill.test.ts), clocks that are wrong (test/fault/clock.test.ts),
Redis emptied, full, evicting and failed over (test/fault/redis.test.ts), damaged parts (test/e2e/doctor.test.ts), deliveries in any order and number
(test/property/deliveries.property.test.ts), poison records and rebalances (test/contract/fact-log.kafka.test.ts).
`;
}

function grouped(outcomes: readonly Outcome[]): Outcome[][] {
  const groups = new Map<string, Outcome[]>();
  for (const one of outcomes) {
    const key = `${one.target} ${one.faults}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}

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
    (outage / runs.length / 1_000).toFixed(1),
    (recovery / runs.length / 1_000).toFixed(1),
    (recovery / outage).toFixed(2),
  ].join(' | ')} |`;
}
