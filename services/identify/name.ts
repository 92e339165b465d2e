import { NAME_PATTERN } from '../../schemas/fact.ts';

/** The form of a catalogue name in which it may be stored: a character that facts cannot carry is left out. */
export function nameOf(text: string): string {
  if (NAME_PATTERN.test(text)) return text;
  return Array.from(text, (c) => (NAME_PATTERN.test(c) ? c : ''))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 64);
}
