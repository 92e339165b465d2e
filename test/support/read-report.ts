import type { Report } from '../../schemas/report.ts';
import { parseReport } from '../../services/ingest/parse-report.ts';

/** What ingest reads in a copy of the body, which stays as it is; the token as text, to compare it with what was sent. */
export function readReport(body: Uint8Array): Report {
  const { token, ...report } = parseReport(Buffer.from(body));
  return { ...report, token: Buffer.from(token).toString('latin1') };
}
