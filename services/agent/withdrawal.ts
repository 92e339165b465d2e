import { MAX_LINES } from '../../schemas/report.ts';
import { checked, reportText } from './report.ts';
import type { Site } from './state/state.ts';

/** What was sent under the site's token, taken back: as many of its lines as a report may have. */
export function withdrawalText(site: Site): string {
  const { period, token, sequence, platform, sent } = site;
  const devices = sent.slice(0, MAX_LINES);
  return reportText(checked({ period, token, sequence, platform: platform!, devices, withdraw: true }));
}
