import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CONSOLE_POLICY } from '../../services/console/serve/serve-console.ts';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import type { ReleaseOrder } from '../../services/releases/files/release-order.ts';
import { chromiumAvailable } from '../support/chromium.ts';
import { longOrder, madeUpOrder } from '../support/made-up-release.ts';
import { SOON } from '../support/patience.ts';
import { openBrowser, openPage, settled, violations, visit } from './support/browser.ts';
import { type ConsoleUnderTest, openConsole } from './support/console-under-test.ts';

const missing = chromiumAvailable();
const STAFF = ['reader', 'curator', 'releaser', 'admin'];

const STAFF_PAGES = [
  '/',
  '/?period=2026-11',
  '/?chart=lines',
  '/explore',
  '/explore?by=devices&chart=percent&view=vendor',
  '/explore?view=platform&chart=stacked',
  '/explore?view=platform_vendor',
  '/explore?view=category',
  '/explore?cell=phone%3AYealink%3ASIP-T46U&cell=phone%3APolycom%3AVVX+450',
  '/explore?q=nothing-has-this-name',
  '/models/phone/Yealink/SIP-T46U',
  '/models/phone/Gigaset/Maxwell%203',
  '/makers/Poly',
  '/platforms/FreePBX%2017',
  '/movers',
  '/movers?to=2026-11&from=2025-12',
  '/unlisted',
  '/releases',
  '/releases/held',
  '/releases/agreements',
  '/releases/profile',
  '/releases/2026-10/Yealink',
  '/releases/2026-04/Yealink',
  '/access',
  '/check',
  '/method',
  '/nothing-here',
  '/privacy',
];
const NAMED = STAFF_PAGES.filter((path) => path !== '/nothing-here');
/** Those that console-real.test.ts does not look at over the product's own answers. */
const KINDS = NAMED.filter((path) =>
  /period=|chart=percent|q=nothing|to=2026-11|held|agreements|profile|check|privacy/.test(path),
);
const WIDTHS = [2560, 1280, 768, 360];
const COLOURS = ['color-contrast', 'link-in-text-block'];
const beyond = (page: Page) => page.evaluate('document.documentElement.scrollWidth - innerWidth');

describe.skipIf(missing)(missing ?? 'every page of the console in Chromium', () => {
  let under: ConsoleUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([openConsole(), openBrowser()]);
  });
  afterAll(() => Promise.all([under?.close(), browser?.close()]));
  afterEach(() => {
    under.scopes = STAFF;
    under.failures.clear();
    under.stopped = false;
  });

  test('keeps the policy: no message, no request elsewhere, no style in markup, and is no wider than the screen', async () => {
    const { page, complaints } = await openPage(browser);
    for (const path of NAMED) {
      await visit(page, under.url + path);
      expect(await page.locator('[style]').count(), path).toBe(0);
      expect(await page.locator('h1').count(), path).toBe(1);
      for (const width of WIDTHS) {
        await page.setViewportSize({ width, height: 900 });
        await expect.poll(() => beyond(page), { ...SOON, message: `${path} at ${width}` }).toBe(0);
      }
    }
    expect(complaints).toEqual([]);
  });

  test("say of a model until when its maker sold it: on its page with the source, and among its maker's", async () => {
    const { page } = await openPage(browser);
    await visit(page, `${under.url}/models/phone/Gigaset/Maxwell%203`);
    const end = page.getByText('Sold by its maker until July 2019, supported until 31 July 2021');
    expect(await end.textContent()).toContain('says a notice of its maker.');
    await visit(page, `${under.url}/makers/Mitel`);
    expect(await page.getByRole('row').filter({ hasText: '6867i' }).textContent()).toContain('sold until Dec 2024');
    await visit(page, `${under.url}/models/phone/Yealink/SIP-T46U`);
    expect(await page.getByText('Sold by its maker').count()).toBe(0);
  });

  test('would be refused markup from text, and scripts from elsewhere', async () => {
    const { page, complaints } = await openPage(browser);
    const answer = await page.goto(`${under.url}/signin`);
    expect(answer?.headers()['content-security-policy']).toBe(CONSOLE_POLICY);
    expect(
      await page.evaluate('try { document.body.innerHTML = "<b>x</b>"; "written" } catch ({ name }) { name }'),
    ).toBe('TypeError');
    await page.evaluate(
      'document.body.append(Object.assign(document.createElement("img"), { src: "http://127.0.0.1:9/x.png" }))',
    );
    await expect.poll(() => complaints.length, SOON).toBeGreaterThan(0);
  });

  test('has nothing that axe finds, in light and in dark', async () => {
    const { page } = await openPage(browser);
    const found: string[] = [];
    for (const path of KINDS) {
      await page.emulateMedia({ colorScheme: 'light' });
      await visit(page, under.url + path);
      found.push(...(await violations(page)).map((violation) => `${path} ${violation}`));
      // What differs in the dark is colours.
      await page.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await violations(page, COLOURS)).map((violation) => `${path} in dark ${violation}`));
    }
    await visit(page, `${under.url}/`);
    await page.keyboard.press('/');
    await page.getByRole('combobox', { name: 'Model, maker or platform' }).fill('t4');
    await page.getByRole('option', { name: /SIP-T46U/ }).waitFor();
    found.push(...(await violations(page)).map((violation) => `search ${violation}`));
    under.scopes = [];
    await page.goto(`${under.url}/signin`, { waitUntil: 'networkidle' });
    found.push(...(await violations(page)).map((violation) => `/signin ${violation}`));
    expect(found).toEqual([]);
  });

  test('can be used at four times its size', async () => {
    const { page } = await openPage(browser, { viewport: { width: 320, height: 225 }, deviceScaleFactor: 4 });
    for (const path of ['/', '/explore', '/releases', '/unlisted', '/check']) {
      await visit(page, under.url + path);
      await expect.poll(() => beyond(page), { ...SOON, message: path }).toBe(0);
    }
  });

  test('is loaded in few bytes, compressed beforehand and kept for good; the page itself is not kept', async () => {
    const { page } = await openPage(browser);
    const responses: { url: string; cache: string; coding: string }[] = [];
    page.on('response', async (response) => {
      const headers = response.headers();
      responses.push({
        url: new URL(response.url()).pathname,
        cache: headers['cache-control'] ?? '',
        coding: headers['content-encoding'] ?? '',
      });
    });
    await visit(page, `${under.url}/`);
    const assets = responses.filter(({ url }) => url.startsWith('/assets/'));
    expect(assets.length).toBeGreaterThan(3);
    for (const { url, cache, coding } of assets) {
      expect(cache, url).toBe('public, max-age=31536000, immutable');
      if (/\.(js|css)$/.test(url)) expect(coding, url).toMatch(/^(br|gzip)$/);
    }
    expect(responses.find(({ url }) => url === '/')?.cache).toBe('no-store');
  });

  test('what is collected is told without a script and without an account', async () => {
    under.scopes = [];
    const { page, complaints } = await openPage(browser, { javaScriptEnabled: false });
    await page.goto(`${under.url}/privacy`);
    expect(await page.locator('h1').textContent()).toContain('We do not know whose they are');
    expect(await page.getByText('Serial numbers, asset tags and UUIDs').isVisible()).toBe(true);
    expect(await page.getByText('never on disk; in memory until the place is needed again').isVisible()).toBe(true);
    expect(complaints).toEqual([]);
  });

  test('the page of a release prints on two sheets, the longest there is too, and one twice as long would not', async () => {
    const { page, complaints } = await openPage(browser);
    const pagesOf = async (order: ReleaseOrder) => {
      const files = releaseFiles(order);
      await page.setContent(files.find(({ name }) => name === 'summary.html')?.content ?? '');
      const pdf = await page.pdf({ preferCSSPageSize: true });
      return pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length;
    };
    expect(await pagesOf(madeUpOrder())).toBeLessThanOrEqual(2);
    expect(await pagesOf(longOrder())).toBe(2);
    const html = releaseFiles(longOrder()).find(({ name }) => name === 'summary.html')?.content ?? '';
    const [, main = ''] = /<main>([\s\S]*)<\/main>/.exec(html) ?? [];
    await page.setContent(html.replace(main, main + main));
    const longer = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    expect(longer.match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(2);
    expect(complaints).toEqual([]);
  });

  test('prints light, without navigation, with its address at the foot', async () => {
    const { page } = await openPage(browser, { colorScheme: 'dark' });
    await visit(page, `${under.url}/releases/2026-04/Yealink`);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.locator('header.top').isVisible()).toBe(false);
    expect(await page.getByText('NO NOISE').first().isVisible()).toBe(true);
    expect(await page.locator('.permalink').textContent()).toContain('/releases/2026-04/Yealink');
    expect(await page.locator('.permalink').isVisible()).toBe(true);
    await page.emulateMedia({ media: 'screen' });
    expect(await page.locator('.permalink').isVisible()).toBe(false);
    await settled(page);
  });
});
