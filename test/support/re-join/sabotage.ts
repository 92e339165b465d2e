import type { Fact } from '../../../schemas/fact.ts';
import type { Sabotage } from './at-rest.ts';

const FIRST_REPORT_MS = Date.UTC(2026, 10, 5);

/** Twin 1: `version` is when the report came, so all facts of a report share it. */
export const versionIsATimeStamp: Sabotage = (facts, report) =>
  facts.map((fact) => ({ ...fact, version: FIRST_REPORT_MS + report * 7_919 }));

/** Twin 2: facts of vendors and categories say how many devices, not that there are any. */
export const vendorsCarrySums: Sabotage = (facts) =>
  facts.map((fact) => (fact.category !== '' || fact.vendor !== '' ? { ...fact, count: sumUnder(fact, facts) } : fact));

function sumUnder(fact: Fact, facts: readonly Fact[]): number {
  if (fact.view === 'model' || fact.view === 'unlisted') return fact.count;
  const category = fact.view === 'platform_vendor' ? 'phone' : fact.category;
  return facts
    .filter((f) => f.view === 'model' && f.category === category && (fact.vendor === '' || f.vendor === fact.vendor))
    .reduce((sum, { count }) => sum + count, 0);
}

/** The low 16 bits of the version are a hash of the site. */
export const lowBitsOfTheToken: Sabotage = (facts, report) =>
  facts.map((fact) => ({
    ...fact,
    version: Math.floor(fact.version / 2 ** 16) * 2 ** 16 + ((report * 40_503) % 2 ** 16),
  }));

/** The offset is a hash of the token plus a hash of the cell: no two are alike, their differences are. */
export const offsetIsASum: Sabotage = (facts, report) =>
  facts.map((fact) => ({ ...fact, version: spread(report) + spread(cellNumber(fact)) }));

function cellNumber({ view, platform, category, vendor, model }: Fact): number {
  let hash = 7;
  for (const character of `${view}|${platform}|${category}|${vendor}|${model}`)
    hash = (Math.imul(hash, 31) + character.charCodeAt(0)) >>> 0;
  return hash;
}

/** 47 bits that look random. */
function spread(n: number): number {
  const a = Math.imul(n ^ 0x5bd1e995, 0x9e3779b1) >>> 0;
  const b = Math.imul((a >>> 15) ^ a ^ n, 0x85ebca6b) >>> 0;
  return (b % 2 ** 15) * 2 ** 32 + (Math.imul(a ^ (b >>> 13), 0xc2b2ae35) >>> 0);
}
