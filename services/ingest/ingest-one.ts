import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { CountedReceipt } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import type { SealedNames } from '../shared/sealed-names.ts';
import type { Part } from './block-lines.ts';
import { addFacts, type Site } from './break-apart.ts';
import { cellsUnder } from './held.ts';
import { identifyLines } from './identify-lines.ts';
import type { KnownCloses } from './known-closes.ts';
import type { Mixer } from './mixer.ts';
import { parseReport, type ReadReport } from './parse-report.ts';
import { Refused } from './refused.ts';
import { notOpen, requireOpen } from './require-open.ts';
import { forgetSecrets, type SiteSecrets, secretsOf } from './site-secrets.ts';
import { addSlots } from './slots.ts';
import type { Tickets } from './tickets.ts';

export interface IngestDeps {
  /** The periods that take reports now, by the server's clock and never the agent's. */
  readonly openPeriods: () => readonly Period[];
  /** The identification rules that hold in a period: they are pinned for its length. */
  readonly identifierOf: (period: Period) => Identifier;
  /** The most phones of its most frequent model that a site adds to the period's release: chosen before it began. */
  readonly capOf: (period: Period) => number;
  readonly mixer: Mixer;
  /** Undefined where nobody closes months beside. */
  readonly closes?: Pick<KnownCloses, 'stillOpen'>;
  readonly tickets: Tickets;
  /** Devices of one model that a site counts for at most. */
  readonly mostDevices: number;
  /** What names that no list has are sealed with in the period. */
  readonly sealOf: (period: Period) => Pick<SealedNames, 'seal'>;
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
 * A report's whole way: what comes out has no token, and what is not a count has no place in it. Overwrites `raw` and the
 * token. What waits for the block is what the site has, and what its facts and slots are named by, which is overwritten
 * as soon as they are.
 */
export async function ingestOne(raw: Uint8Array, deps: IngestDeps, admission: Admission = ADMITTED): Promise<Answer> {
  const report = parsedOverwriting(raw);
  try {
    // Whoever takes back is never turned away: no limit is asked.
    if (report.withdraw !== true) admission.withinLimit();
    const period = requireOpen(report.period, deps.openPeriods());
    const undo = await admitted(report, period, deps, admission);
    try {
      return await appended(report, period, deps);
    } catch (thrown) {
      await undo?.();
      throw thrown;
    }
  } finally {
    report.token.fill(0);
  }
}

/** What undoes the counting of a new token; undefined for a withdrawal and for who shows a ticket. */
async function admitted(
  { withdraw, token, ticket }: ReadReport,
  period: Period,
  { tickets }: IngestDeps,
  admission: Admission,
): Promise<(() => Promise<void>) | undefined> {
  return withdraw === true || tickets.isOf(period, token, ticket) ? undefined : admission.newToken(period);
}

async function appended(report: ReadReport, period: Period, deps: IngestDeps): Promise<Answer> {
  const { site, answer } = await siteOf(report, period, deps);
  const secrets = secretsOf(report.token, period);
  report.token.fill(0);
  try {
    await deps.mixer.add(period, partOf(site, deps.capOf(period), secrets));
  } finally {
    forgetSecrets(secrets);
  }
  // Last: of what is answered 202, the close that begins next knows.
  if (deps.closes && !(await deps.closes.stillOpen(period))) throw notOpen(deps.openPeriods());
  return answer;
}

async function siteOf(report: ReadReport, period: Period, deps: IngestDeps): Promise<{ site: Site; answer: Answer }> {
  const identifier = deps.identifierOf(period);
  const rules = { identifier, most: deps.mostDevices, seal: deps.sealOf(period) };
  const { models, receipt } = identifyLines(report.devices, rules);
  const platform = identifier.platform(report.platform.name, report.platform.version);
  const withdraw = report.withdraw === true;
  const site = { sequence: report.sequence, platform, models, withdraw };
  if (!withdraw) return { site, answer: { ...receipt, ticket: deps.tickets.of(period, report.token) } };
  const besides = report.incomplete ? await heldUnderToken(report.token, period, deps) : [];
  // No ticket: it would be had for nothing.
  return { site: { ...site, besides }, answer: { withdrawn: true } };
}

function partOf(site: Site, cap: number, secrets: SiteSecrets): Part {
  return {
    addTo({ facts, slots }) {
      try {
        addFacts(site, secrets, facts);
        addSlots(site, cap, secrets, slots);
      } finally {
        forgetSecrets(secrets);
      }
    },
  };
}

function parsedOverwriting(raw: Uint8Array): ReadReport {
  try {
    return parseReport(raw);
  } finally {
    raw.fill(0);
  }
}

/**
 * What a withdrawal without platform or lines takes back beside what it names: every fact that is held under its token.
 * What the log holds already must be in the table for that; whoever sends its lines need not wait.
 */
async function heldUnderToken(
  token: Uint8Array,
  period: Period,
  { held, settled }: IngestDeps,
): Promise<readonly Cell[]> {
  if (!held || !settled) throw new Refused(503, 'held-unavailable', LINES_NEEDED, RETRY);
  if (!(await settled(period))) throw new Refused(503, 'held-unsettled', LINES_NEEDED, RETRY);
  return cellsUnder(token, period, held);
}

const LINES_NEEDED = 'What the token sent cannot be looked up now. Try again, or send platform and lines with it.';
const RETRY = { headers: { 'retry-after': '5' } };
