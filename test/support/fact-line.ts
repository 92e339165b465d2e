import type { Fact } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { factLines, type ReportLines } from '../../services/ingest/fact-lines.ts';

/** One fact as a line of text. */
export function factLine(period: Period, fact: Fact): string {
  return factLines(period, [fact]).bytes.toString('latin1');
}

/** Lines of text as ingest hands them to the mixer. */
export function asFactLines(lines: readonly string[]): ReportLines {
  let end = 0;
  const facts = { bytes: Buffer.from(lines.join(''), 'latin1'), ends: lines.map((line) => (end += line.length)) };
  return { facts, slots: { bytes: Buffer.alloc(0), ends: [] } };
}
