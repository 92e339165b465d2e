import { Report, type ReportLine } from '../../schemas/report.ts';
import { periodAt } from '../core/period.ts';
import type { Clock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import { drawBytes } from '../shared/random.ts';
import type { Inventory } from './inventory.ts';
import type { Platform } from './platform.ts';
import type { Site } from './state/state.ts';

/** Gives `bytes` unpredictable bytes. */
export type RandomSource = (bytes: number) => Uint8Array;

const TOKEN_BYTES = 32;

/** The first report of a site in the period of now, under a token made for it. Throws Failure `report-invalid`. */
export function buildReport(
  { platform, lines }: Pick<Inventory, 'platform' | 'lines'>,
  { clock, random = drawBytes }: { readonly clock: Clock; readonly random?: RandomSource },
): Report {
  return checked({
    period: periodAt(clock.now()),
    token: Buffer.from(random(TOKEN_BYTES)).toString('base64url'),
    sequence: 1,
    platform,
    devices: lines,
  });
}

export interface ReportParts {
  readonly period: string;
  readonly token: string;
  readonly sequence: number;
  readonly platform: Platform;
  readonly devices: readonly ReportLine[];
  readonly ticket?: string;
  readonly withdraw?: true;
}

/** A report of these parts, or Failure `report-invalid`. */
export function checked(parts: ReportParts): Report {
  const parsed = Report.safeParse({ schema: 'rollcall.report/1', ...parts });
  if (!parsed.success) throw new Failure('report-invalid', { issues: parsed.error.issues.length });
  return parsed.data;
}

/** The next report of a site, with the ticket that the service gave it, if that may be shown. */
export function nextReport(
  { period, token, sequence, ticket, sentTo }: Pick<Site, 'period' | 'token' | 'sequence' | 'ticket' | 'sentTo'>,
  { platform, lines, ticket: may }: Pick<Inventory, 'platform' | 'lines'> & { readonly ticket: boolean },
): Report {
  // It is of one service: where several were sent to, none is shown one.
  const shown = ticket === null || !may || sentTo.length > 1 ? {} : { ticket };
  return checked({ period, token, sequence, platform, devices: lines, ...shown });
}

/** The text of a report: what is shown is what is sent, byte for byte. */
export function reportText(report: Report): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
