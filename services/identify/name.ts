import { NAME_PATTERN } from '../../schemas/fact.ts';

/**
 * The form of a catalogue name in which it may be stored. A character that facts cannot carry is left out, or becomes
 * a blank where it joins words: `FRITZ!Box` and `Home&Life` in the catalogue, `FRITZBox` and `Home Life` in a fact,
 * `VMware7,1` becomes `VMware7.1`.
 */
export function nameOf(text: string): string {
  if (NAME_PATTERN.test(text)) return text;
  return Array.from(text.replace(/,(?=[^ ])/g, '.'), (c) => (NAME_PATTERN.test(c) ? c : c === '&' ? ' ' : ''))
    .join('')
    .replace(/ {2,}/g, ' ')
    .trim()
    .slice(0, 64);
}
