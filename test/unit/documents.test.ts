import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policyTable } from '../../schemas/policy.ts';
import { Report } from '../../schemas/report.ts';
import { loadConfig, SETTING_NAMES } from '../../services/shared/config.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

const read = (name: string) => readFileSync(join(packageRoot(), name), 'utf8');

/** The settings of a dotenv file: `NAME=value`, comments and blank lines aside. */
function settingsOf(text: string): Record<string, string> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]));
}

test('.env.example lists every setting and loads as the defaults', () => {
  const settings = settingsOf(read('.env.example'));
  expect(Object.keys(settings).sort()).toEqual([...SETTING_NAMES].sort());
  expect(loadConfig(settings)).toEqual(loadConfig({}));
});

test("the README's policy table is the one generated from the report's schema", () => {
  expect(read('README.md')).toContain(`<!-- policy table -->\n${policyTable(Report)}\n<!-- end of policy table -->`);
});

test('the README names the two commands that do everything', () => {
  expect(read('README.md')).toContain('npm install && npm run demo');
  expect(read('README.md')).toContain('npm install && npm test');
  expect(read('.ci/run')).toContain('npm install && npm test');
});
