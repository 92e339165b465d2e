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

/** Without these characters at its end. A pattern would read a long run of them again from each of its characters. */
export function trimEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
