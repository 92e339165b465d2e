import { parsePeriod } from '../services/core/period.ts';
import { buildIdentifier } from '../services/identify/identifier.ts';
import { checkNames, countNames, tooFew } from '../services/identify/names-check.ts';
import { loadCatalog } from '../services/shared/load-catalog.ts';

/** What is doubled or misspelt in the list of models, and how many names there are: `node dist/bench/identify-names.js`. */
const catalog = loadCatalog();
const faults = checkNames(catalog, buildIdentifier(catalog, parsePeriod('2099-01')));
for (const [kind, count] of countNames(catalog)) process.stdout.write(`${kind.padEnd(12)} ${count}\n`);
for (const { category, vendor, model, fault } of faults)
  process.stdout.write(`${category} ${vendor} ${model}: ${fault}\n`);
for (const kind of tooFew(catalog)) process.stdout.write(`too few ${kind}\n`);
process.exitCode = faults.length + tooFew(catalog).length > 0 ? 1 : 0;
