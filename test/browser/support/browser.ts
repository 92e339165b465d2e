import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, type BrowserContextOptions, chromium, type Page, type Request } from 'playwright-core';
import { PATIENCE_MS } from '../../support/patience.ts';

/** Debian's own Chromium. The sandbox needs rights that a container does not give; only pages of tests are opened. */
export async function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
}

export interface Watched {
  readonly page: Page;
  /** Console messages, errors, and requests to another host: there should be none. */
  readonly complaints: string[];
}

/** A page of a browser that has never seen another, watched. */
export async function openPage(browser: Browser, options: BrowserContextOptions = {}): Promise<Watched> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(PATIENCE_MS / 2);
  follow(page);
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol !== 'blob:' && hostname !== '127.0.0.1') complaints.push(`request to ${hostname}`);
  });
  return { page, complaints };
}

/** What each page has asked for and not been answered yet. */
const underWay = new WeakMap<Page, Set<Request>>();

function follow(page: Page): void {
  const requests = new Set<Request>();
  underWay.set(page, requests);
  page.on('request', (request) => {
    // Of the page before nothing comes any more.
    if (request.isNavigationRequest() && request.frame() === page.mainFrame()) requests.clear();
    else if (['fetch', 'script', 'stylesheet'].includes(request.resourceType())) requests.add(request);
  });
  page.on('requestfinished', (request) => requests.delete(request));
  page.on('requestfailed', (request) => requests.delete(request));
}

/** Goes there, and waits until every panel has its numbers: rows that stand for numbers are busy. */
export async function visit(page: Page, url: string): Promise<void> {
  await page.goto(url, { waitUntil: 'load' });
  await drawn(page);
}

/** After something was done: until what it asked for is there. What it asks for is asked a frame or two later. */
export async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('load');
  await drawn(page);
}

/**
 * Until nothing is asked for and nothing drawn any more, twice: a chart is drawn a frame after its numbers are there, and asked for anew a
 * frame after what it shows was chosen.
 */
async function drawn(page: Page): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  await shown(page);
  for (let still = 0; still < 2; ) {
    await page.evaluate(
      'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
    );
    await shown(page);
    const asked = [...(underWay.get(page) ?? [])].map((request) => request.url());
    if (asked.length > 0 && performance.now() > until) throw new Error(`not answered: ${asked}`);
    still = asked.length === 0 ? still + 1 : 0;
  }
}

async function shown(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const STANDARDS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe finds wrong, in words; by all rules of these standards, or by some. It runs beside the page's own policy, which lets no foreign script in. */
export async function violations(page: Page, rules?: readonly string[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId } = await session.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id });
  await session.send('Runtime.evaluate', { expression: axeSource, contextId: executionContextId });
  const expression = `axe.run(document, { runOnly: ${JSON.stringify(rules ?? STANDARDS)} }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, any }) => id + ': ' + html.slice(0, 160) + ' ' + (any[0]?.message ?? ''))))`;
  const { result } = await session.send('Runtime.evaluate', {
    expression,
    contextId: executionContextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return result.value as string[];
}
