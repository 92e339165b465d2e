import type { ReportLine } from '../../schemas/report.ts';
import type { Became, SentReceipt } from './send.ts';
import type { KeptReceipt } from './state/state.ts';

/** A receipt as it is kept and shown: for each line that was sent what became of it, in words. */
export function receiptOf(receipt: SentReceipt, lines: readonly ReportLine[], at: number): KeptReceipt {
  const became = new Map((receipt.lines ?? []).map((one) => [one.index, one]));
  const refused = new Map(receipt.refused.map(({ index, reason }) => [index, reason]));
  return {
    at,
    accepted: receipt.accepted,
    unlisted: receipt.unlisted,
    refused: receipt.refused,
    lines: lines.map((line, index) => {
      const reason = refused.get(index);
      const told = became.get(index) ?? (reason ? { index, outcome: 'refused' as const, reason } : undefined);
      return { line: lineText(line).slice(0, 400), became: wordsFor(told).slice(0, 400) };
    }),
  };
}

export function lineText({ category, vendor, model, count }: ReportLine): string {
  return [count, category, vendor, model].filter((part) => part !== '').join(' ');
}

/** `listed as phone Yealink SIP-T46S`, `proposed: counted as unlisted until a curator names it`, `refused: personal-data`. */
function wordsFor(became: Became | undefined): string {
  switch (became?.outcome) {
    case 'listed':
      return became.as
        ? `listed as ${[became.as.category, became.as.vendor, became.as.model].filter((part) => part !== '').join(' ')}`
        : 'listed';
    case 'proposed':
      return 'proposed: counted as unlisted until a curator names it';
    case 'refused':
      return `refused: ${became.reason ?? 'no reason given'}`;
    default:
      return 'taken';
  }
}
