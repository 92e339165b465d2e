import { NAME_PATTERN } from '../../schemas/fact.ts';

/**
 * The form of a catalogue name in which it may be stored. A character that facts cannot carry is left out, or becomes
 * a blank where it joins words: `FRITZ!Box` and `Home&Life` in the catalogue, `FRITZBox` and `Home Life` in a fact.
 */
export function nameOf(text: string): string {
  if (NAME_PATTERN.test(text)) return text;
  return Array.from(text, (c) => (NAME_PATTERN.test(c) ? c : '&_'.includes(c) ? ' ' : ''))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 64);
}
