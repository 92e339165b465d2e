import { randomBytes } from 'node:crypto';
import type { Report, ReportLine } from '../../schemas/report.ts';
import { periodAt } from '../../services/core/period.ts';
import { PATIENCE_MS } from './patience.ts';
import { ADMIN_KEY } from './rollcall-process.ts';

export const newToken = (): string => randomBytes(32).toString('base64url');

/** A valid report of the current period; `more` replaces what a test is about. */
export function reportOf(more: Partial<Report> & { devices?: ReportLine[] } = {}): Report {
  return {
    schema: 'rollcall.report/1',
    period: periodAt(Date.now()),
    token: newToken(),
    sequence: 1,
    platform: { name: 'FreePBX', version: '17' },
    devices: [{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 12 }],
    ...more,
  };
}

export const post = (url: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/v1/reports`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body),
  });

/** Reads with the admin key. */
export async function get<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path, { headers: { authorization: `Bearer ${ADMIN_KEY}` } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

export interface Counts {
  total: { sites: number | null; devices: number | null };
  suppressed: { cells: number };
  snapshotAt: string | null;
  provisional: boolean;
  rows: {
    category?: string;
    vendor?: string;
    model?: string;
    platform?: string;
    sites: number;
    devices: number | null;
    sitesShare: number | null;
  }[];
  next: number | null;
}

/** Asks until the answer is as wanted; fails with the last one. */
export async function eventually<T>(ask: () => Promise<T>, wanted: (answer: T) => boolean): Promise<T> {
  let answer = await ask();
  for (let waited = 0; !wanted(answer); waited += 100) {
    if (waited > PATIENCE_MS)
      throw new Error(`not within ${PATIENCE_MS} ms; last: ${JSON.stringify(answer).slice(0, 500)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
    answer = await ask();
  }
  return answer;
}
