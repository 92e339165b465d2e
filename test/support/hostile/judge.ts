import { MOST_DEVICES } from '../../../schemas/cube.ts';
import { NAME_PATTERN } from '../../../schemas/fact.ts';
import { Report } from '../../../schemas/report.ts';
import { parsePeriod } from '../../../services/core/period.ts';
import type { Identifier } from '../../../services/identify/identity.ts';
import { identifyLines } from '../../../services/ingest/identify-lines.ts';
import { parseReport, type ReadReport } from '../../../services/ingest/parse-report.ts';
import { Refused } from '../../../services/ingest/refused.ts';
import { sealedNames } from '../month-keys.ts';
import type { Case } from './cases.ts';

export type Judgement = 'taken' | 'refused' | { readonly wrong: string };

const seal = sealedNames(parsePeriod('2026-11'));
const wrong = (what: string): Judgement => ({ wrong: what });

/**
 * What is wrong with how a body was treated, by rules that know nothing of how it is done: honest ones are taken; what
 * is taken is a report to JSON.parse and the schema too, word for word; what is refused is so by 400 without a word of the
 * body; each line has one outcome; names are of safe characters; the token is nowhere afterwards.
 */
export function judged({ bytes, honest }: Case, identifier: Identifier): Judgement {
  const raw = Buffer.from(bytes);
  const read = readOf(raw);
  if (read instanceof Error) return read instanceof Refused ? refusal(read, honest) : wrong(`threw ${read.name}`);
  const reference = Report.safeParse(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes)));
  if (!reference.success && read.incomplete !== true) return wrong('taken against the schema');
  const token = Buffer.from(read.token).toString('latin1');
  if (reference.success && !isSame(read, token, reference.data)) return wrong('read as something else');
  if (raw.includes(Buffer.from(token, 'latin1'))) return wrong('the token is still in the body');
  return identified(read, token, identifier);
}

function readOf(raw: Buffer): ReadReport | Error {
  try {
    return parseReport(raw);
  } catch (thrown) {
    return thrown as Error;
  }
}

function refusal({ status, detail, errors = [] }: Refused, honest: boolean): Judgement {
  if (honest) return wrong('an honest report was refused');
  if (status !== 400) return wrong(`refused by ${status}`);
  const words = errors.every(
    ({ pointer, reason }) => /^[\w/~ -]{0,80}$/.test(pointer) && /^[a-z-]{1,30}$/.test(reason),
  );
  return words && detail.length < 100 ? 'refused' : wrong('a refusal that repeats the body');
}

function isSame({ token: _, ...read }: ReadReport, token: string, report: Report): boolean {
  return JSON.stringify({ ...report, ...read, token }) === JSON.stringify(report);
}

function identified({ devices }: ReadReport, token: string, identifier: Identifier): Judgement {
  try {
    const { models, receipt } = identifyLines(devices, { identifier, most: MOST_DEVICES, seal });
    const { accepted, unlisted, refused } = receipt;
    if (accepted + unlisted + refused.length !== devices.length) return wrong('a line without one outcome');
    if (models.some(({ vendor, model }) => !NAME_PATTERN.test(vendor) || !NAME_PATTERN.test(model)))
      return wrong('a name of unsafe characters');
    return JSON.stringify(receipt).includes(token) ? wrong('the token is in the receipt') : 'taken';
  } catch (thrown) {
    return wrong(`identification threw ${(thrown as Error).name}`);
  }
}
