import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Period } from '../../../schemas/period.ts';
import type { SlotSum } from '../../../schemas/release.ts';
import type { ReleaseDocument } from '../../../schemas/release-file.ts';
import type { Report } from '../../../schemas/report.ts';
import { cellKey } from '../../core/release-cell.ts';
import type { Identifier } from '../../identify/identity.ts';
import { listedNames } from '../../identify/listed-names.ts';
import { listedCells } from '../../releases/numbers/listed-cells.ts';
import { loadCatalog } from '../../shared/load-catalog.ts';
import type { DemoRelease } from './close-months.ts';
import { labelTruth } from './label-truth.ts';

/** A number that a release prints, beside what its label names. */
interface Printed {
  readonly name: string;
  readonly value: number;
  readonly margin: number;
  readonly truth: number;
}

export interface ComparedReleases {
  /** The share of printed numbers whose margin holds the truth of their label; null without any. */
  readonly withinMargin: number | null;
  /** For people. */
  readonly table: string;
}

/** Every number of every release, each once, beside what the simulator knows of the month. */
export function compareReleases(
  releases: readonly DemoRelease[],
  reportsOf: (period: Period) => readonly Report[],
  identifierOf: (period: Period) => Identifier,
): ComparedReleases {
  const printed = new Map<string, Printed>();
  const truths = new Map<string, ReadonlyMap<string, SlotSum>>();
  for (const { directory } of releases) {
    const document = JSON.parse(readFileSync(join(directory, 'release.json'), 'utf8')) as ReleaseDocument;
    const { period, method } = document;
    const truth = truths.get(period) ?? truthOf(period, method.caps[0] ?? 1, reportsOf(period), identifierOf(period));
    truths.set(period, truth);
    for (const number of numbersOf(document, truth)) printed.set(`${period} ${number.name}`, number);
  }
  const all = [...printed.values()];
  const held = all.filter(({ value, margin, truth }) => Math.abs(value - truth) <= margin).length;
  return { withinMargin: all.length === 0 ? null : held / all.length, table: tableOf(printed, held) };
}

function truthOf(
  period: Period,
  cap: number,
  reports: readonly Report[],
  identifier: Identifier,
): ReadonlyMap<string, SlotSum> {
  const listed = listedCells(listedNames(loadCatalog(), [], period));
  return new Map(labelTruth(reports, { period, cap, identifier, listed }).map((sum) => [cellKey(sum), sum]));
}

function numbersOf({ cells }: ReleaseDocument, truth: ReadonlyMap<string, SlotSum>): Printed[] {
  return cells.flatMap((cell) => {
    const exact = truth.get(cellKey(cell)) ?? { sites: 0, phones: 0 };
    const name = [cell.query, cell.platform, cell.vendor, cell.model].filter((word) => word !== '').join(' ');
    const sites = { name, value: cell.sites, margin: cell.sitesMargin, truth: exact.sites };
    if (cell.phones === null || cell.phonesMargin === null) return [sites];
    return [sites, { name: `${name}, phones`, value: cell.phones, margin: cell.phonesMargin, truth: exact.phones }];
  });
}

/** Rows that are shown: the fleet and the makers say enough on a screen. */
const SHOWN = /^\S+ (?:all|at_cap|phone_vendor)\b/;

function tableOf(printed: ReadonlyMap<string, Printed>, held: number): string {
  const rows = [...printed]
    .filter(([key]) => SHOWN.test(key))
    .map(([key, { value, margin, truth }]) => {
      const within = Math.abs(value - truth) <= margin ? '' : '  outside';
      return `  ${key.padEnd(44)}${`${value} ± ${margin}`.padStart(18)}${String(truth).padStart(10)}${within}`;
    });
  return [
    'Releases beside the truth of their labels (phones as counted there; the truth is exact):',
    '',
    `  ${'number'.padEnd(44)}${'released'.padStart(18)}${'truth'.padStart(10)}`,
    ...rows,
    '',
    `Of ${printed.size} different numbers ${held} hold the truth within their margin; 95 of 100 are meant to.`,
    '',
  ].join('\n');
}
