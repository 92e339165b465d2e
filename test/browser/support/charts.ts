import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';

/** A chart of a page, as whoever uses the page has it: what it says of each month, and what it exports. */
export interface Chart {
  readonly name: string;
  /** What is said of each month under the cursor, oldest first: `October 2026: Yealink 46.1 %, 1,487, Poly not shown`. */
  readonly said: readonly string[];
  /** The same numbers as the API has them, and as the file that is exported. */
  readonly answer: ChartAnswer;
  readonly csv: readonly Readonly<Record<string, string>>[];
}

export interface Point {
  readonly period: string;
  readonly value: number | null;
  readonly share: number | null;
}
/** One line or layer, by its label on the page. */
export interface Line {
  readonly label: string;
  readonly points: readonly Point[];
}
export type ChartAnswer = readonly Line[];

export async function chartsOf(page: Page): Promise<Chart[]> {
  const panels = await page.locator('section.panel:has([role=slider])').all();
  const charts: Chart[] = [];
  for (const panel of panels) charts.push(await chartIn(page, panel));
  return charts;
}

async function chartIn(page: Page, panel: Locator): Promise<Chart> {
  const name = (await panel.getAttribute('aria-label')) ?? '';
  const question = await copied(page, panel);
  const answer = await page.evaluate(`fetch(${JSON.stringify(question)}).then((answer) => answer.json())`);
  return {
    name,
    said: await saidBy(page, panel.getByRole('slider')),
    answer: linesOf(answer as Answer, name),
    csv: rowsOf(await exported(page, panel)),
  };
}

/** What “copy as API call” puts into the clipboard, without curl around it. */
async function copied(page: Page, panel: Locator): Promise<string> {
  return /'([^']+)'$/.exec(await copiedCall(page, panel.getByRole('button', { name: 'Export' })))?.[1] ?? '';
}

/** What stands in the clipboard once it was copied from an export's menu: it is written a moment after the click. */
export async function copiedCall(page: Page, menu: Locator): Promise<string> {
  await page.evaluate("navigator.clipboard.writeText('')");
  await menu.click();
  await page.getByRole('button', { name: /Copy as API call/ }).click();
  const held = () => page.evaluate<string>('navigator.clipboard.readText()');
  await expect.poll(held).not.toBe('');
  return held();
}

export async function exported(page: Page, panel: Locator): Promise<string> {
  await panel.getByRole('button', { name: 'Export' }).first().click();
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: /This table as CSV/ }).click(),
  ]);
  const chunks: Buffer[] = [];
  for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

async function saidBy(page: Page, slider: Locator): Promise<string[]> {
  await slider.focus();
  await page.keyboard.press('Home');
  const months = Number(await slider.getAttribute('aria-valuemax')) + 1;
  const said: string[] = [];
  for (let i = 0; i < months; i++) {
    said.push((await slider.getAttribute('aria-valuetext')) ?? '');
    await page.keyboard.press('ArrowRight');
  }
  return said;
}

interface Names {
  readonly platform?: string;
  readonly category?: string;
  readonly vendor?: string;
  readonly model?: string;
}
interface Numbers {
  readonly period: string;
  readonly sites: number | null;
  readonly devices: number | null;
  readonly sitesShare: number | null;
  readonly devicesShare: number | null;
}
/** Of `/v1/series`, `/v1/compare`, `/v1/trend` or `/v1/models/…`. */
interface Answer extends Names {
  readonly periods?: readonly { readonly period: string }[];
  readonly series?: readonly (Names & { readonly points: readonly Omit<Point, 'period'>[] })[];
  readonly other?: { readonly cells: number; readonly points: readonly Omit<Point, 'period'>[] } | null;
  readonly cells?: readonly (Names & { readonly points: readonly Numbers[] })[];
  readonly cell?: Names;
  readonly points?: readonly Numbers[];
  readonly trend?: readonly Numbers[];
}

function linesOf(answer: Answer, panel: string): ChartAnswer {
  const by = /^Share of sites|^Share of all sites/.test(panel) ? 'sites' : 'devices';
  const points = (of: readonly Numbers[]): Point[] =>
    of.map((one) => ({
      period: one.period,
      value: one[by],
      share: by === 'sites' ? one.sitesShare : one.devicesShare,
    }));
  if (answer.cells) return answer.cells.map((one) => ({ label: labelOf(one), points: points(one.points) }));
  if (answer.trend) return [{ label: labelOf(answer), points: points(answer.trend) }];
  if (answer.points) return [{ label: labelOf(answer.cell ?? {}), points: points(answer.points) }];
  const months = answer.periods ?? [];
  const others = answer.other && answer.other.cells > 0 ? [{ label: 'Other', points: answer.other.points }] : [];
  return [...(answer.series ?? []).map((one) => ({ label: labelOf(one), points: one.points })), ...others].map(
    ({ label, points: values }) => ({
      label,
      points: values.map((one, i) => ({ period: months[i]?.period ?? '', ...one })),
    }),
  );
}

const CATEGORIES: Readonly<Record<string, string>> = { phone: 'Phones', nic: 'Network cards', memory: 'Memory sizes' };

function labelOf({ model, vendor, platform, category }: Names): string {
  if (platform !== undefined && vendor !== undefined) return `${platform}, ${vendor}`;
  return model ?? vendor ?? platform ?? CATEGORIES[category ?? ''] ?? '';
}

/** Lines of a file as records. No name that is counted holds a quote. */
export function rowsOf(csv: string): Record<string, string>[] {
  const [head = '', ...lines] = csv.replace('\ufeff', '').trim().split('\r\n');
  const columns = head.split(',');
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [columns[i] ?? '', value])));
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

/** What the page has to say of a month. */
export function sentence(lines: ChartAnswer, i: number): string {
  const month = monthYear(lines[0]?.points[i]?.period ?? '');
  const parts = lines.map(({ label, points }) => {
    const { value, share } = points[i] ?? { value: null, share: null };
    return value === null ? `${label} not shown` : `${label} ${percent(share)}, ${value.toLocaleString('en-US')}`;
  });
  return `${month}: ${parts.join(', ')}`;
}

export function monthYear(period: string): string {
  return `${MONTHS[Number(period.slice(5)) - 1]} ${period.slice(0, 4)}`;
}

export function percent(share: number | null): string {
  if (share === null) return '–';
  return `${(share * 100).toLocaleString('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })}\u202f%`;
}

/** The points of the file, in the order of the page's lines. */
export function pointsIn(rows: Chart['csv'], by: 'sites' | 'devices'): (readonly [string, string, string])[] {
  return rows.map((row) => [
    row.period ?? '',
    row.value ?? row[by] ?? '',
    row.share ?? row[by === 'sites' ? 'sitesShare' : 'devicesShare'] ?? '',
  ]);
}
