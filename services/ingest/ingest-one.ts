import type { Period } from '../../schemas/period.ts';
import type { Receipt, Report } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import { breakApart } from './break-apart.ts';
import { factLines, slotLines } from './fact-lines.ts';
import { identifyLines } from './identify-lines.ts';
import type { Mixer } from './mixer.ts';
import { parseReport } from './parse-report.ts';
import { Refused } from './refused.ts';
import { slotsOf } from './slots.ts';

export interface IngestDeps {
  /** The periods that take reports now, by the server's clock and never the agent's. */
  readonly openPeriods: () => readonly Period[];
  /** The identification rules that hold in a period: they are pinned for its length. */
  readonly identifierOf: (period: Period) => Identifier;
  /** The most phones of its most frequent model that a site adds to the period's release: chosen before it began. */
  readonly capOf: (period: Period) => number;
  readonly mixer: Mixer;
}

export type Answer = Receipt | { readonly withdrawn: true };

/** A report's whole way: what comes out has no token, and what is not a count has no place in it. */
export async function ingestOne(raw: Uint8Array, deps: IngestDeps): Promise<Answer> {
  const report = parseReport(raw);
  const period = requireOpen(report, deps.openPeriods());
  const identifier = deps.identifierOf(period);
  const { models, receipt } = identifyLines(report.devices, identifier);
  const withdraw = report.withdraw === true;
  const site = {
    token: report.token,
    period,
    sequence: report.sequence,
    platform: identifier.platform(report.platform.name, report.platform.version),
    models,
    withdraw,
  };
  await deps.mixer.add(period, {
    facts: factLines(period, breakApart(site)),
    slots: slotLines(period, slotsOf(site, deps.capOf(period))),
  });
  return withdraw ? { withdrawn: true } : receipt;
}

function requireOpen(report: Report, open: readonly Period[]): Period {
  const period = open.find((candidate) => candidate === report.period);
  if (!period) throw new Refused(422, 'period-not-open', 'The period takes no reports now.', { extra: { open } });
  return period;
}
