import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { costs, costTable } from '../../bench/cost-of-moving.ts';
import { blindError, errorOf, openDevicesTable, SCHEMES } from '../../bench/open-devices.ts';

const document = new URL('../../docs/privacy.md', import.meta.url);

/** The document with the table in its place. To write it again: npx vitest run --update=all test/unit/privacy-costs.test.ts */
function withTable(text: string, name: string, table: string): string {
  const [before, after] = text.split(new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`));
  return `${before}<!-- ${name} -->\n${table}\n<!-- /${name} -->${after}`;
}

test('docs/privacy.md has the tables that the scripts print: what moving a number costs, what devices of an open month tell', async () => {
  let text = readFileSync(document, 'utf8');
  text = withTable(text, 'costs', costTable());
  text = withTable(text, 'open devices', openDevicesTable());
  await expect(text).toMatchFileSnapshot(fileURLToPath(document));
});

test('no report is a number of devices by itself any more: moving one by 10 % takes sites in proportion to it', () => {
  const devices = costs().filter(({ number }) => number === 'devices, staff');
  expect(devices.map(({ before }) => before)).toEqual([1, 1, 1]);
  for (const { value, after } of devices) expect(after).toBe(Math.max(10, Math.ceil(value / 10_000)));
});

const scheme = (word: string) => SCHEMES.find(({ name }) => name.includes(word))!;

test('before, nine invented sites read a number of devices exactly; now even 219 are worse off than a guess', () => {
  expect(errorOf(scheme('before'), 9)).toBe(0);
  const chosen = scheme('chosen');
  expect(errorOf(chosen, 9)).toBeNull();
  for (const invented of [29, 109, 219]) expect(errorOf(chosen, invented)).toBeGreaterThan(blindError());
});

test("a grid of the cell's size is found out by varying one's own counts, which is why it was not chosen", () => {
  const grid = scheme('an eighth');
  expect(errorOf(grid, 219)).toBeLessThan(blindError() / 10);
});
