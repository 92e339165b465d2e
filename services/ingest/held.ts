import type { Cell } from '../../schemas/fact.ts';
import { type HeldAnswer, HeldQuestion } from '../../schemas/held.ts';
import type { Period } from '../../schemas/period.ts';
import { WHOLE_VIEW } from '../core/view-rules.ts';
import type { Identifier } from '../identify/identity.ts';
import type { HeldFacts } from '../ports/held-facts.ts';
import type { SealedNames } from '../shared/sealed-names.ts';
import { factKeys } from './fact-key.ts';
import { identifyLines, type LineRules } from './identify-lines.ts';
import { parseBody, type WithToken } from './parse-report.ts';
import { requireOpen } from './require-open.ts';

export interface HeldDeps {
  readonly openPeriods: () => readonly Period[];
  readonly identifierOf: (period: Period) => Identifier;
  readonly held: HeldFacts;
  readonly sealOf: (period: Period) => Pick<SealedNames, 'seal'>;
}

const NOTE = 'Reports of the last seconds are in blocks that are not inserted yet: they are missing here.';
const NOTHING: Omit<Cell, 'view'> = { platform: '', category: '', vendor: '', model: '' };

/**
 * What the service holds under a token: the right of access without an identity. Only who has the token has its keys.
 * Overwrites `raw`, and the token.
 */
export async function heldUnder(raw: Uint8Array, deps: HeldDeps): Promise<HeldAnswer> {
  const question = questionIn(raw);
  try {
    return await answerTo(question, deps);
  } finally {
    question.token.fill(0);
  }
}

function questionIn(raw: Uint8Array): WithToken<HeldQuestion> {
  try {
    return parseBody(raw, HeldQuestion);
  } finally {
    raw.fill(0);
  }
}

async function answerTo(
  question: WithToken<HeldQuestion>,
  { openPeriods, identifierOf, held, sealOf }: HeldDeps,
): Promise<HeldAnswer> {
  const period = requireOpen(question.period, openPeriods());
  const identifier = identifierOf(period);
  const platform = question.platform && identifier.platform(question.platform.name, question.platform.version);
  const devices = question.devices.map((line) =>
    cellOf(line, { identifier, most: Number.POSITIVE_INFINITY, seal: sealOf(period) }),
  );
  const cells: Cell[] = [
    { ...NOTHING, view: WHOLE_VIEW },
    ...(platform === undefined ? [] : [{ ...NOTHING, view: 'platform' as const, platform }]),
    ...devices.filter((cell) => cell !== undefined),
  ];
  const counts = await countsOf(cells, question.token, period, held);
  const site = counts.shift() ?? 0;
  const ofPlatform = platform === undefined ? null : (counts.shift() ?? 0);
  return {
    site,
    platform: ofPlatform,
    devices: devices.map((cell, index) => ({ index, count: cell === undefined ? null : (counts.shift() ?? 0) })),
    note: NOTE,
  };
}

/** By the same rules as a report's line. */
function cellOf(line: HeldQuestion['devices'][number], rules: LineRules): Cell | undefined {
  const [found] = identifyLines([{ ...line, count: 1 }], rules).models;
  if (!found) return undefined;
  const { view, category, vendor, model, sealed } = found;
  return { view, platform: '', category, ...(sealed ?? { vendor, model }) };
}

async function countsOf(cells: readonly Cell[], token: Uint8Array, period: Period, held: HeldFacts): Promise<number[]> {
  const keys = factKeys(token, period, cells);
  return held.heldCounts(
    period,
    cells.map((cell, at) => ({ cell, key: keys[at]!.key })),
  );
}

/** Of the cells that anybody has facts of those that the token has: what a withdrawal without lines takes back. */
export async function cellsUnder(token: Uint8Array, period: Period, held: HeldFacts): Promise<Cell[]> {
  const cells = await held.heldCells(period);
  const counts = await countsOf(cells, token, period, held);
  return cells.filter((_, at) => (counts[at] ?? 0) > 0);
}
