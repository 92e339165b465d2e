import { print } from './compare.ts';
import { benchGoodput } from './goodput.ts';
import { benchGrowth } from './growth.ts';
import { benchKafkaToFacts } from './kafka-to-facts.ts';
import { benchLogToFacts } from './log-to-facts.ts';
import { benchPostReports } from './post-reports.ts';
import { printTable, type Row } from './report.ts';
import { benchSnapshots } from './snapshots.ts';
import { benchStartUp } from './start-up.ts';

// Prints the table of bench/README.md, which says how each line is measured. `npm run bench -- post store` measures only
// these parts; `npm run bench -- store 1 10 30` at so many millions of facts.
const PARTS: Readonly<Record<string, () => Promise<Row[]>>> = {
  post: benchPostReports,
  log: benchLogToFacts,
  kafka: benchKafkaToFacts,
  store: () => benchSnapshots(millions),
  start: benchStartUp,
  growth: benchGrowth,
};
const words = process.argv.slice(2);
const sizes = words.map(Number).filter((n) => n > 0);
const millions = (sizes.length > 0 ? sizes : [1, 10]).map((n) => n * 1e6);
// Apart from the table: it takes both cores for five minutes, and `page` has it write into docs/reliability.md.
if (words.includes('goodput')) {
  await benchGoodput({ page: words.includes('page'), roles: words.includes('roles') });
  process.exit();
}
const named = words.filter((word) => word in PARTS);
const rows: Row[] = [];
for (const part of named.length > 0 ? named : Object.keys(PARTS)) rows.push(...((await PARTS[part]?.()) ?? []));
print('');
printTable(rows.toSorted((a, b) => a.n - b.n));
process.exit();
