import * as z from 'zod';
import type { ReportLine } from '../../schemas/report.ts';
import { nameKey } from '../core/mapping.ts';
import type { EndOfLife } from '../identify/ends-of-life.ts';
import type { Platform } from './platform.ts';

/** What makers no longer support, without dates: shown to the owner on this machine, never sent. */
export const EndOfLifeFile = z.strictObject({
  models: z.array(
    z.strictObject({
      category: z.string(),
      vendor: z.string(),
      /** Names that begin like this; a trailing `$` ends the name. */
      models: z.array(z.string().min(1)).min(1),
      note: z.string().max(200),
    }),
  ),
  platforms: z.array(z.strictObject({ name: z.string(), upTo: z.int(), note: z.string().max(200) })),
});
export type EndOfLifeFile = z.infer<typeof EndOfLifeFile>;

/** What is known of ends: the catalogue's dates, and the list without dates. */
export interface KnownEnds {
  readonly dated: ReadonlyMap<string, EndOfLife>;
  readonly undated: EndOfLifeFile;
}

/** Something of an inventory that its maker no longer sells or supports. */
export interface Ended {
  readonly name: string;
  readonly note: string;
}

/** What of an inventory is past its sale or its support. */
export function endedIn(
  { platform, lines }: { readonly platform: Platform; readonly lines: readonly ReportLine[] },
  { dated, undated }: KnownEnds,
): Ended[] {
  const old = undated.platforms.find(({ name, upTo }) => name === platform.name && isUpTo(platform.version, upTo));
  const systems = old ? [{ name: `${platform.name} ${platform.version}`.trim(), note: old.note }] : [];
  const devices = lines.flatMap((line) => {
    const { category, vendor, model } = line;
    const end = dated.get(nameKey(line));
    const entry = undated.models.find(
      (one) => one.category === category && one.vendor === vendor && names(one.models, model),
    );
    const notes = [...(end ? [datesOf(end)] : []), ...(entry ? [entry.note] : [])];
    return notes.length > 0 ? [{ name: `${vendor} ${model}`, note: notes.join('; ') }] : [];
  });
  return [...systems, ...devices];
}

function datesOf({ sold, supported, source }: EndOfLife): string {
  const support = supported === null ? '' : `, supported until ${supported}`;
  return `sold until ${sold}${support} (${source})`;
}

function isUpTo(version: string, last: number): boolean {
  return /^\d{1,3}$/.test(version) && Number(version) <= last;
}

function names(patterns: readonly string[], model: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('$') ? model === pattern.slice(0, -1) : model.startsWith(pattern),
  );
}

export function endedText(found: readonly Ended[]): string {
  return found.map(({ name, note }) => `past its sale or support: ${name}: ${note}\n`).join('');
}
