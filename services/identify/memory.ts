import type { Identity } from './identity.ts';
import { BAD_NAME } from './unlisted.ts';

const GIB = 2 ** 30;
/** No host has more; a larger number is no memory size. */
const MOST_GIB = 2 ** 15;
const UNITS: Readonly<Record<string, number>> = { k: 2 ** 10, m: 2 ** 20, g: GIB, t: 2 ** 40 };

/** `bytes` rounded up to a power of two in GiB: what MemTotal lacks to the installed size never shows. */
function memory(bytes: number): Identity {
  if (!(bytes > 0) || bytes > MOST_GIB * GIB) return BAD_NAME;
  const gib = 2 ** Math.max(0, Math.ceil(Math.log2(bytes / GIB)));
  return { kind: 'listed', category: 'memory', vendor: '', model: `${gib} GiB` };
}

/** A number of bytes, as text. */
export function rawMemory(text: string): Identity {
  return /^[0-9]{1,18}$/.test(text) ? memory(Number(text)) : BAD_NAME;
}

/** `16 GiB`, `16GB`, `16384 MB`; undefined when the text is no size. */
export function memoryLine(text: string): Identity | undefined {
  const found = /^([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([kmgt])i?b?(?:ytes?)?(?: ram)?$/i.exec(text);
  return found ? memory(Number(found[1]) * UNITS[found[2]!.toLowerCase()]!) : undefined;
}
