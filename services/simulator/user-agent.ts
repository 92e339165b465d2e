import type { Random } from './random.ts';

const PLACEHOLDER = /\{([^{}]+)\}/g;

/**
 * A User-Agent after its pattern: `{mac}` and `{MAC}` bare, `{m:c}` and `{M-C}` separated, `{1-9}` a number, `{a|b}` one
 * of these. The vendor half of an address is real, the device half invented.
 */
export function fillPattern(pattern: string, oui: string, random: Random): string {
  return pattern.replace(PLACEHOLDER, (_, what: string) => fillOne(what, oui, random));
}

function fillOne(what: string, oui: string, random: Random): string {
  const range = /^(\d+)-(\d+)$/.exec(what);
  if (range) return String(random.int(Number(range[1]), Number(range[2])));
  if (what.includes('|')) return random.pick(what.split('|'));
  const address = oui + random.hex(12 - oui.length);
  switch (what) {
    case 'mac':
      return address;
    case 'MAC':
      return address.toUpperCase();
    case 'm:c':
      return address.match(/../g)!.join(':');
    case 'M-C':
      return address.toUpperCase().match(/../g)!.join('-');
    default:
      throw new Error(`no such placeholder: ${what}`);
  }
}
