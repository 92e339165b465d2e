import * as z from 'zod';
import type { ReportLine } from '../../schemas/report.ts';
import type { Platform } from './platform.ts';

/** What makers no longer support, as data: shown to the owner on this machine, never sent. */
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

export interface EndOfLife {
  readonly name: string;
  readonly note: string;
}

/** What of an inventory is past its support. */
export function endOfLife(
  { platform, lines }: { readonly platform: Platform; readonly lines: readonly ReportLine[] },
  known: EndOfLifeFile,
): EndOfLife[] {
  const old = known.platforms.find(({ name, upTo }) => name === platform.name && isUpTo(platform.version, upTo));
  const systems = old ? [{ name: `${platform.name} ${platform.version}`.trim(), note: old.note }] : [];
  const devices = lines.flatMap(({ category, vendor, model }) => {
    const entry = known.models.find(
      (one) => one.category === category && one.vendor === vendor && names(one.models, model),
    );
    return entry ? [{ name: `${vendor} ${model}`, note: entry.note }] : [];
  });
  return [...systems, ...devices];
}

function isUpTo(version: string, last: number): boolean {
  return /^\d{1,3}$/.test(version) && Number(version) <= last;
}

function names(patterns: readonly string[], model: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('$') ? model === pattern.slice(0, -1) : model.startsWith(pattern),
  );
}

export function endOfLifeText(found: readonly EndOfLife[]): string {
  if (found.length === 0) return 'nothing here is known to be past its support\n';
  return found.map(({ name, note }) => `past its support: ${name}: ${note}\n`).join('');
}
