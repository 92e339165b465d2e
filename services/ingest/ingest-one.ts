import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import type { Receipt, Report } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import { breakApart } from './break-apart.ts';
import { factLines } from './fact-lines.ts';
import { identifyLines } from './identify-lines.ts';
import type { Mixer } from './mixer.ts';
import { parseReport } from './parse-report.ts';
import { Refused } from './refused.ts';

export interface IngestDeps {
  /** The periods that take reports now, by the server's clock and never the agent's. */
  readonly openPeriods: () => readonly Period[];
  /** The identification rules that hold in a period: they are pinned for its length. */
  readonly identifierOf: (period: Period) => Identifier;
  readonly mixer: Mixer;
}

export type Answer = Receipt | { readonly withdrawn: true };

/**
 * A report's whole way: what comes out has no token, and what is not a count has no place in it. Overwrites `raw`, and
 * the token as soon as the facts have their keys.
 */
export async function ingestOne(raw: Uint8Array, deps: IngestDeps): Promise<Answer> {
  const { period, facts, answer } = factsOf(raw, deps);
  await deps.mixer.add(period, factLines(period, facts));
  return answer;
}

function factsOf(raw: Uint8Array, deps: IngestDeps): { period: Period; facts: Fact[]; answer: Answer } {
  const report = overwriting(raw, parseReport);
  return overwriting(report.token, (token) => {
    const period = requireOpen(report, deps.openPeriods());
    const identifier = deps.identifierOf(period);
    const { models, receipt } = identifyLines(report.devices, identifier);
    const withdraw = report.withdraw === true;
    const platform = identifier.platform(report.platform.name, report.platform.version);
    const facts = breakApart({ token, period, sequence: report.sequence, platform, models, withdraw });
    return { period, facts, answer: withdraw ? { withdrawn: true } : receipt };
  });
}

/** What `use` makes of the bytes, which are no more when it is done, however it ends. */
function overwriting<T>(bytes: Uint8Array, use: (bytes: Uint8Array) => T): T {
  try {
    return use(bytes);
  } finally {
    bytes.fill(0);
  }
}

function requireOpen(report: Pick<Report, 'period'>, open: readonly Period[]): Period {
  const period = open.find((candidate) => candidate === report.period);
  if (!period) throw new Refused(422, 'period-not-open', 'The period takes no reports now.', { extra: { open } });
  return period;
}
