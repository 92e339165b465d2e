import * as z from 'zod';
import type { Platform } from '../platform.ts';

const Count = z.int().min(0);
/** The service's answer: counts in the order of the lines that were asked for. Null: not a name that is counted. */
export const HeldAnswer = z.object({
  site: Count,
  platform: Count.nullable(),
  devices: z.array(Count.nullable()).max(512),
  note: z.string().max(300).optional().catch(undefined),
});
export type HeldAnswer = z.infer<typeof HeldAnswer>;

export function heldText(
  { site, platform, devices }: HeldAnswer,
  asked: readonly { readonly category: string; readonly vendor: string; readonly model: string }[],
  under: Platform,
): string {
  const rows = asked.map(({ category, vendor, model }, at) => {
    const name = [category, vendor, model].filter((part) => part !== '').join(' ');
    return `${devices[at] ?? '-'} ${name}\n`;
  });
  return [
    `${site} site\n`,
    `${platform ?? '-'} platform ${[under.name, under.version].join(' ').trim()}\n`,
    ...rows,
    'reports of the last seconds may not be counted yet\n',
  ].join('');
}
