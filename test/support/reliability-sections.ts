import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../services/shared/package-root.ts';

// docs/reliability.md is made by several programs: each has a section, between two comments with its name.

const PAGE = join(packageRoot(), 'docs', 'reliability.md');
const SECTIONS = /<!-- ([a-z]+) -->\n[\s\S]*?<!-- \/\1 -->\n/g;

/** Replaces the section, or adds it. */
export function writeSection(name: string, text: string): void {
  writeFileSync(PAGE, withSection(readFileSync(PAGE, 'utf8'), name, text));
}

export function withSection(page: string, name: string, text: string): string {
  const section = `<!-- ${name} -->\n${text.trim()}\n<!-- /${name} -->\n`;
  const there = sectionsOf(page).find((one) => one.startsWith(`<!-- ${name} -->`));
  return there === undefined ? `${page.trimEnd()}\n\n${section}` : page.replace(there, () => section);
}

/** Writes the page anew, with the sections that others have written into it. */
export function keepingSections(text: string): void {
  const kept = existsSync(PAGE) ? sectionsOf(readFileSync(PAGE, 'utf8')) : [];
  writeFileSync(PAGE, [text, ...kept].join('\n'));
}

function sectionsOf(page: string): string[] {
  return [...page.matchAll(SECTIONS)].map(([section]) => section);
}
