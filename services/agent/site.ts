import type { Report, ReportLine } from '../../schemas/report.ts';
import { MAX_LINES } from '../../schemas/report.ts';
import type { Inventory } from './inventory.ts';
import type { Platform } from './platform.ts';
import { nextReport, type RandomSource } from './report.ts';
import type { Consent, Site } from './state/state.ts';

const TOKEN_BYTES = 32;
const HARDWARE: ReadonlySet<string> = new Set(['pci', 'nic', 'cpu', 'memory', 'board', 'virtual']);

/** A site of a month that begins: nothing in it has to do with the month before. */
export function newSite(period: string, random: RandomSource): Site {
  return {
    period,
    token: Buffer.from(random(TOKEN_BYTES)).toString('base64url'),
    sequence: 0,
    platform: null,
    sent: [],
    sentTo: [],
    confirmed: true,
    dueAt: null,
    attempts: 0,
    failure: null,
    receipt: null,
    ticket: null,
  };
}

/** What is reported of an inventory, given what was agreed to and what was sent before. */
export interface Content {
  readonly platform: Platform;
  readonly lines: readonly ReportLine[];
  /** Whether the service's ticket is shown with it. */
  readonly ticket: boolean;
}

/**
 * The lines that hold now. Where the phones could not be read, those of the last report stay: that they are gone is not known.
 */
export function contentOf(inventory: Inventory, site: Site, consent: Consent | null): Content {
  const kept = inventory.endpointsUnknown ? site.sent.filter((line) => line.count > 0 && isEndpoint(line)) : [];
  return agreed({ platform: inventory.platform, lines: [...inventory.lines, ...kept] }, consent);
}

function isEndpoint({ category }: { readonly category: string }): boolean {
  return !HARDWARE.has(category);
}

/** Without what the owner has not agreed to. Without any consent (a preview) everything is shown. */
function agreed({ platform, lines }: Pick<Inventory, 'platform' | 'lines'>, consent: Consent | null): Content {
  if (consent === null) return { platform, lines, ticket: true };
  const may = (field: string) => consent.fields.includes(field);
  const device = ['category', 'vendor', 'model', 'count'].every((name) => may(`/devices/*/${name}`));
  return {
    platform: {
      name: may('/platform/name') ? platform.name : 'other',
      version: may('/platform/version') ? platform.version : '',
    },
    lines: device ? lines : [],
    ticket: may('/ticket'),
  };
}

/** The lines of the next report: what holds now, and with count 0 what was sent this month and is gone. */
function reportLines({ lines }: Content, site: Site): ReportLine[] {
  const held = new Set(lines.map(nameOf));
  const gone = site.sent.filter((line) => !held.has(nameOf(line)));
  // Where there is no room for all, those that were taken back already can wait.
  gone.sort((a, b) => Number(b.count > 0) - Number(a.count > 0));
  return [...lines, ...gone.map((line) => ({ ...line, count: 0 }))].slice(0, MAX_LINES);
}

export function nameOf({ category, vendor, model }: Omit<ReportLine, 'count'>): string {
  return JSON.stringify([category, vendor, model]);
}

/** Whether this is not what the service has. */
export function differs(content: Content, site: Site): boolean {
  if (site.platform === null || !samePlatform(site.platform, content.platform)) return true;
  const sent = new Map(site.sent.map((line) => [nameOf(line), line.count]));
  return reportLines(content, site).some((line) => sent.get(nameOf(line)) !== line.count);
}

/** Whether facts are held under another platform: they are taken back before anything is said under this one. */
export function isMoved(site: Site, platform: Platform): boolean {
  return site.platform !== null && !samePlatform(site.platform, platform);
}

/** The site with the sequence of the withdrawal that takes everything back. */
export function takingBack(site: Site): Site {
  return { ...site, sequence: site.sequence + 1, confirmed: false };
}

/** The site once that is confirmed: what was sent is known, and is no more. */
export function takenBack(site: Site): Site {
  return { ...site, platform: null, confirmed: true, sent: site.sent.map((line) => ({ ...line, count: 0 })) };
}

/**
 * The report that goes next and the site with it: the one rule for what is sent and for what a preview shows. `service` is undefined
 * where none is known.
 */
export function upcoming(before: Site, content: Content, service: string | undefined): { site: Site; report: Report } {
  const site = isMoved(before, content.platform) ? takenBack(takingBack(before)) : before;
  const lines = reportLines(content, site);
  const next = sending(site, content.platform, lines, service);
  return { site: next, report: nextReport(next, { ...content, lines }) };
}

function samePlatform(a: Platform, b: Platform): boolean {
  return a.name === b.name && a.version === b.version;
}

/** The site once a report may have reached the service: kept before it is sent, so that it can always be taken back. */
function sending(site: Site, platform: Platform, lines: readonly ReportLine[], service: string | undefined): Site {
  const same =
    !site.confirmed && site.platform !== null && samePlatform(site.platform, platform) && sameLines(site, lines);
  return {
    ...site,
    // A repeat of what was never answered keeps its sequence.
    sequence: same ? site.sequence : site.sequence + 1,
    platform,
    sent: [...lines, ...unsaid(site.sent, lines)],
    sentTo: service === undefined || site.sentTo.includes(service) ? site.sentTo : [...site.sentTo, service],
    confirmed: false,
  };
}

/** Lines of before that this report has no room for: they stay known, to be taken back. */
function unsaid(before: readonly ReportLine[], lines: readonly ReportLine[]): ReportLine[] {
  const said = new Set(lines.map(nameOf));
  return before.filter((line) => !said.has(nameOf(line)));
}

function sameLines(site: Site, lines: readonly ReportLine[]): boolean {
  return JSON.stringify(site.sent) === JSON.stringify(lines);
}
