import { HeldAnswer } from '../../../schemas/held.ts';
import type { Platform } from '../platform.ts';

export { HeldAnswer };

export function heldText(
  { site, platform, devices }: HeldAnswer,
  asked: readonly { readonly category: string; readonly vendor: string; readonly model: string }[],
  under: Platform,
): string {
  const rows = asked.map(({ category, vendor, model }, at) => {
    const name = [category, vendor, model].filter((part) => part !== '').join(' ');
    return `${devices[at]?.count ?? '-'} ${name}\n`;
  });
  return [
    `${site} site\n`,
    `${platform ?? '-'} platform ${[under.name, under.version].join(' ').trim()}\n`,
    ...rows,
    'reports of the last seconds may not be counted yet\n',
  ].join('');
}
