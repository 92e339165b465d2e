import { clean } from './clean.ts';
import type { RuleSet } from './rules.ts';

/** What a platform is called that the catalogue does not know. */
export const OTHER = 'other';

/** `FreePBX 17`, `3CX`, or `other`. Of a version only the major number counts. */
export function platformName(name: string, version: string, rules: RuleSet): string {
  const found = rules.match(clean(name));
  if (!found) return OTHER;
  const major = /^[0-9]{1,3}$/.exec(version)?.[0] ?? '';
  return major === '' || Number(major) === 0 ? found.model : `${found.model} ${Number(major)}`;
}
