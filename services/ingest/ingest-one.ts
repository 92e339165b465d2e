import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Receipt } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import { breakApart, takenBack } from './break-apart.ts';
import { factLines, type ReportLines, slotLines } from './fact-lines.ts';
import { cellsUnder } from './held.ts';
import { identifyLines } from './identify-lines.ts';
import type { KnownCloses } from './known-closes.ts';
import type { Mixer } from './mixer.ts';
import { parseReport, type ReadReport } from './parse-report.ts';
import { Refused } from './refused.ts';
import { notOpen, requireOpen } from './require-open.ts';
import { slotsOf } from './slots.ts';

export interface IngestDeps {
  /** The periods that take reports now, by the server's clock and never the agent's. */
  readonly openPeriods: () => readonly Period[];
  /** The identification rules that hold in a period: they are pinned for its length. */
  readonly identifierOf: (period: Period) => Identifier;
  /** The most phones of its most frequent model that a site adds to the period's release: chosen before it began. */
  readonly capOf: (period: Period) => number;
  readonly mixer: Mixer;
  readonly closes: Pick<KnownCloses, 'stillOpen'>;
  /** For withdrawals without lines; undefined where this process has no way to the store. */
  readonly held?: HeldFacts | undefined;
  /** Whether all blocks of the period that were appended are in the store, after a wait that is not long. */
  readonly settled?: ((period: Period) => Promise<boolean>) | undefined;
}

export type Answer = Receipt | { readonly withdrawn: true };

/**
 * A report's whole way: what comes out has no token, and what is not a count has no place in it. Overwrites `raw`, and
 * the token as soon as the facts have their keys.
 */
export async function ingestOne(raw: Uint8Array, deps: IngestDeps): Promise<Answer> {
  const { period, lines, answer } = await linesOf(raw, deps);
  await deps.mixer.add(period, lines);
  // Last: of what is answered 202, the close that begins next knows.
  if (!(await deps.closes.stillOpen(period))) throw notOpen(deps.openPeriods());
  return answer;
}

async function linesOf(
  raw: Uint8Array,
  deps: IngestDeps,
): Promise<{ period: Period; lines: ReportLines; answer: Answer }> {
  const report = parsedOverwriting(raw);
  try {
    const period = requireOpen(report.period, deps.openPeriods());
    const identifier = deps.identifierOf(period);
    const { models, receipt } = identifyLines(report.devices, identifier);
    const withdraw = report.withdraw === true;
    const { token, sequence } = report;
    const platform = identifier.platform(report.platform.name, report.platform.version);
    const site = { token, period, sequence, platform, models, withdraw };
    const facts = breakApart(site);
    if (withdraw && report.incomplete) facts.push(...(await heldBesides(facts, report, period, deps)));
    const slots = slotsOf(site, deps.capOf(period));
    const lines = { facts: factLines(period, facts), slots: slotLines(period, slots) };
    return { period, lines, answer: withdraw ? { withdrawn: true } : receipt };
  } finally {
    report.token.fill(0);
  }
}

function parsedOverwriting(raw: Uint8Array): ReadReport {
  try {
    return parseReport(raw);
  } finally {
    raw.fill(0);
  }
}

/**
 * What a withdrawal without platform or lines takes back beside what it names: every fact that is held under its token. What the
 * log holds already must be in the table for that; whoever sends its lines need not wait.
 */
async function heldBesides(
  named: readonly Fact[],
  { token, sequence }: Pick<ReadReport, 'token' | 'sequence'>,
  period: Period,
  { held, settled }: IngestDeps,
): Promise<Fact[]> {
  if (!held || !settled) throw new Refused(503, 'held-unavailable', LINES_NEEDED, RETRY);
  if (!(await settled(period))) throw new Refused(503, 'held-unsettled', LINES_NEEDED, RETRY);
  const known = new Set(named.map(({ key }) => key));
  const cells = await cellsUnder(token, period, held);
  return takenBack(cells, { token, period, sequence }).filter(({ key }) => !known.has(key));
}

const LINES_NEEDED = 'What the token sent cannot be looked up now. Try again, or send platform and lines with it.';
const RETRY = { headers: { 'retry-after': '5' } };
