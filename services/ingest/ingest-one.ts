import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { CountedReceipt } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import type { SealedNames } from '../shared/sealed-names.ts';
import { breakApart, takenBack } from './break-apart.ts';
import { factLines, type ReportLines, slotLines } from './fact-lines.ts';
import { cellsUnder } from './held.ts';
import { identifyLines } from './identify-lines.ts';
import type { Mixer } from './mixer.ts';
import { parseReport, type ReadReport } from './parse-report.ts';
import { Refused } from './refused.ts';
import { requireOpen } from './require-open.ts';
import { slotsOf } from './slots.ts';
import type { Tickets } from './tickets.ts';

export interface IngestDeps {
  /** The periods that take reports now, by the server's clock and never the agent's. */
  readonly openPeriods: () => readonly Period[];
  /** The identification rules that hold in a period: they are pinned for its length. */
  readonly identifierOf: (period: Period) => Identifier;
  /** The most phones of its most frequent model that a site adds to the period's release: chosen before it began. */
  readonly capOf: (period: Period) => number;
  /** What names that no list has are sealed with in the period. */
  readonly sealOf: (period: Period) => Pick<SealedNames, 'seal'>;
  /** Devices of one model that a site counts for at most. */
  readonly mostDevices: number;
  readonly mixer: Mixer;
  readonly tickets: Tickets;
  /** For withdrawals without lines; undefined where this process has no way to the store. */
  readonly held?: HeldFacts | undefined;
  /** Whether all blocks of the period that were appended are in the store, after a wait that is not long. */
  readonly settled?: ((period: Period) => Promise<boolean>) | undefined;
}

export type Answer = CountedReceipt | { readonly withdrawn: true };

/** Whether a report is taken where it comes from. */
export interface Admission {
  /** Throws what the network's limit of requests has against it. */
  withinLimit(): void;
  /** Counts a token that shows no ticket, or throws 429. The answer takes that back. */
  newToken(period: Period): Promise<() => Promise<void>>;
}

/** For reports that come from nowhere: a benchmark's, a test's. */
const ADMITTED: Admission = { withinLimit: () => {}, newToken: async () => async () => {} };

/**
 * A report's whole way: what comes out has no token, and what is not a count has no place in it. Overwrites `raw`, and
 * the token as soon as the facts have their keys.
 */
export async function ingestOne(raw: Uint8Array, deps: IngestDeps, admission: Admission = ADMITTED): Promise<Answer> {
  const { period, lines, answer, undo } = await linesOf(raw, deps, admission);
  try {
    await deps.mixer.add(period, lines);
  } catch (thrown) {
    await undo?.();
    throw thrown;
  }
  return answer;
}

interface Admitted {
  readonly period: Period;
  readonly lines: ReportLines;
  readonly answer: Answer;
  readonly undo: (() => Promise<void>) | undefined;
}

async function linesOf(raw: Uint8Array, deps: IngestDeps, admission: Admission): Promise<Admitted> {
  const report = parsedOverwriting(raw);
  try {
    // Whoever takes back is never turned away: no limit is asked.
    if (report.withdraw !== true) admission.withinLimit();
    const period = requireOpen(report.period, deps.openPeriods());
    const undo = report.withdraw === true ? undefined : await admitted(report, period, deps, admission);
    const identifier = deps.identifierOf(period);
    const { models, receipt } = identifyLines(report.devices, {
      identifier,
      most: deps.mostDevices,
      seal: deps.sealOf(period),
    });
    const withdraw = report.withdraw === true;
    const { token, sequence } = report;
    const platform = identifier.platform(report.platform.name, report.platform.version);
    const site = { token, period, sequence, platform, models, withdraw };
    const facts = breakApart(site);
    if (withdraw && report.incomplete) facts.push(...(await heldBesides(facts, report, period, deps)));
    const slots = slotsOf(site, deps.capOf(period));
    const lines = { facts: factLines(period, facts), slots: slotLines(period, slots) };
    const answer = withdraw ? WITHDRAWN : { ...receipt, ticket: deps.tickets.of(period, token) };
    return { period, lines, answer, undo };
  } finally {
    report.token.fill(0);
  }
}

/** No ticket: it would be had for nothing. */
const WITHDRAWN = { withdrawn: true } as const;

async function admitted(
  { token, ticket }: ReadReport,
  period: Period,
  { tickets }: IngestDeps,
  admission: Admission,
): Promise<(() => Promise<void>) | undefined> {
  return tickets.isOf(period, token, ticket) ? undefined : admission.newToken(period);
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
