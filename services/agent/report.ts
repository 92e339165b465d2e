import { Report } from '../../schemas/report.ts';
import { periodAt } from '../core/period.ts';
import type { Clock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import { drawBytes } from '../shared/random.ts';
import type { Inventory } from './inventory.ts';

/** Gives `bytes` unpredictable bytes. */
export type RandomSource = (bytes: number) => Uint8Array;

const TOKEN_BYTES = 32;

/** The first report of a site in the period of now, under a token made for it. Throws Failure `report-invalid`. */
export function buildReport(
  { platform, lines }: Pick<Inventory, 'platform' | 'lines'>,
  { clock, random = drawBytes }: { readonly clock: Clock; readonly random?: RandomSource },
): Report {
  const checked = Report.safeParse({
    schema: 'rollcall.report/1',
    period: periodAt(clock.now()),
    token: Buffer.from(random(TOKEN_BYTES)).toString('base64url'),
    sequence: 1,
    platform,
    devices: lines,
  });
  if (!checked.success) throw new Failure('report-invalid', { issues: checked.error.issues.length });
  return checked.data;
}

/** The text of a report: what is shown is what is sent, byte for byte. */
export function reportText(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
