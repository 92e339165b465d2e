import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';
import { chromiumAvailable } from '../support/chromium.ts';
import { SOON } from '../support/patience.ts';
import { openBrowser, openPage, settled, violations, visit } from './support/browser.ts';
import { type Chart, chartsOf, exported, monthYear, percent, pointsIn, rowsOf, sentence } from './support/charts.ts';
import { openRealConsole, type RealConsole, type Role } from './support/real-console.ts';
import { EARLIER, FINAL, LAST, OPEN, SECOND_LAST, THIRD_LAST } from './support/real-fleet.ts';

const missing = chromiumAvailable();

const COMPARED = 'cell=phone%3AYealink%3ASIP-T46S&cell=phone%3AYealink%3ASIP-T54W';
/** What a reader can see: each page as it opens, with every filter, of the open month, and of a month before. */
const COUNTS = [
  '/',
  '/?chart=lines',
  `/?chart=stacked&compare=${SECOND_LAST}`,
  `/?category=nic&compare=${EARLIER}&period=${SECOND_LAST}`,
  `/?period=${OPEN}`,
  '/?category=memory',
  ...['vendor', 'model', 'platform', 'platform_vendor', 'category'].flatMap((view) => [
    `/explore?view=${view}`,
    `/explore?by=devices&view=${view}`,
  ]),
  '/explore?category=memory',
  '/explore?category=nic&view=vendor',
  `/explore?period=${OPEN}&view=vendor`,
  `/explore?compare=${SECOND_LAST}&offset=2&period=${LAST}&q=t&sort=-devices&vendor=Yealink`,
  '/explore?platform=FreePBX%2017&sort=name&vendor=Yealink&view=platform_vendor',
  // A sort that the view does not have, as an older link may have it.
  '/explore?sort=-devices&vendor=Yealink&view=platform',
  '/explore?chart=percent&platform=FreePBX%2016&view=platform',
  `/explore?${COMPARED}`,
  '/explore?cell=phone%3AYealink&cell=phone%3APoly&view=vendor',
  '/explore?cell=FreePBX+16&cell=FreePBX+17&view=platform',
  '/explore?cell=memory%3A%3A8+GiB&cell=phone%3AYealink%3ASIP-T46S',
  '/models/phone/Yealink/SIP-T46S',
  '/models/phone/Snom/D785',
  `/models/phone/Fanvil/X5U?compare=${EARLIER}&period=${SECOND_LAST}`,
  '/models/nic/Intel/I210',
  `/models/phone/Yealink/SIP-T54W?period=${OPEN}`,
  '/makers/Yealink',
  '/makers/Poly',
  '/makers/HP?by=devices',
  `/makers/Intel?category=nic&period=${SECOND_LAST}`,
  `/makers/Snom?period=${OPEN}`,
  '/platforms/FreePBX%2017',
  `/platforms/Asterisk%2021?compare=${SECOND_LAST}`,
  '/movers',
  '/movers?category=nic&view=vendor',
  `/movers?from=${SECOND_LAST}&to=${LAST}&view=vendor`,
  `/movers?from=${LAST}&to=${OPEN}`,
  '/method',
  '/privacy',
];
const DESK = ['/unlisted', '/releases', '/releases/held', '/releases/agreements', '/releases/profile', '/access'];
const RELEASES = [`/releases/${LAST}/Yealink`, `/releases/${THIRD_LAST}/Yealink`, `/releases/${FINAL[0]}/Yealink`];

describe.skipIf(missing)(missing ?? 'the console over the API of the product', () => {
  let real: RealConsole;
  let browser: Browser;
  let admin: Page;
  let complaints: string[];
  beforeAll(async () => {
    [real, browser] = await Promise.all([openRealConsole(), openBrowser()]);
    ({ page: admin, complaints } = await real.page(browser, 'admin'));
    await admin.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  });
  afterAll(async () => {
    await browser?.close();
    await real?.close();
  });
  const go = (page: Page, path: string) => visit(page, real.url + path);
  /** Without loading the page anew. */
  const turnTo = async (page: Page, path: string) => {
    await page.evaluate(`history.pushState(null, '', ${JSON.stringify(path)})`);
    await settled(page);
  };
  const refused = () => real.asked.filter(({ status }) => status >= 400);

  test('every page, with whatever filter, asks only what the API answers', async () => {
    await go(admin, '/');
    for (const path of [...COUNTS, ...DESK, ...RELEASES]) {
      if (path === '/privacy') await admin.goto(real.url + path);
      else if (admin.url().endsWith('/privacy')) await go(admin, path);
      else await turnTo(admin, path);
    }
    await admin.keyboard.press('/');
    await admin.keyboard.press('Escape');
    expect(refused()).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('every table and chart that can be exported is answered as CSV and as Parquet', async () => {
    for (const path of [
      '/',
      '/explore',
      '/models/phone/Yealink/SIP-T46S',
      '/makers/Poly',
      '/platforms/FreePBX%2017',
      '/movers',
      '/unlisted',
      '/releases',
    ]) {
      await go(admin, path);
      const buttons = await admin.getByRole('button', { name: 'Export' }).all();
      expect(buttons.length, path).toBeGreaterThan(0);
      for (const [i, button] of buttons.entries())
        for (const form of i === 0 ? [/CSV/, /Parquet/] : [/CSV/]) {
          await button.click();
          const [file] = await Promise.all([
            admin.waitForEvent('download'),
            admin.getByRole('button', { name: form }).click(),
          ]);
          expect(await file.failure()).toBeNull();
        }
    }
    expect(refused()).toEqual([]);
  });

  test('every chart says month by month what the API answers and what its file holds', async () => {
    const seen: string[] = [];
    for (const path of [
      '/',
      ...COUNTS.filter((one) => /^\/explore\?(by=devices&)?view=\w+$|^\/explore\?cell=/.test(one)),
      '/models/phone/Snom/D785',
      '/makers/Yealink',
      '/platforms/FreePBX%2017',
    ]) {
      await turnTo(admin, path);
      for (const chart of await chartsOf(admin)) {
        expectSame(chart, path);
        seen.push(chart.name);
      }
    }
    expect(seen.length).toBeGreaterThan(16);
    expect(seen.filter((name) => name === '')).toEqual([]);
  });

  test('every list of numbers is the same on the page, in the file and in the answer', async () => {
    await turnTo(admin, '/');
    for (const [title, view, by] of [
      ['Makers of phones', 'view=vendor&category=phone', 'vendor'],
      ['Phone models', 'view=model&category=phone', 'model'],
      ['Platforms', 'view=platform', 'platform'],
    ] as const) {
      const panel = admin.getByRole('region', { name: title });
      const rows = rowsOf(await exported(admin, panel));
      const { rows: answered } = (await (
        await real.get('reader', `/v1/counts?${view}&period=${LAST}&limit=10`)
      ).json()) as {
        rows: Record<string, unknown>[];
      };
      expect(answered.length, title).toBeGreaterThan(2);
      expect(rows.slice(0, answered.length).map((row) => [row[by], Number(row.sites), Number(row.sitesShare)])).toEqual(
        answered.map((row) => [row[by], row.sites, row.sitesShare]),
      );
      expect(await shownIn(panel)).toEqual(
        rows
          .slice(0, 10)
          .map((row) => [
            [row.vendor, row.model, row.platform].join('').replace(/\s/g, ''),
            Number(row.sites).toLocaleString('en-US'),
            percent(Number(row.sitesShare)),
            changed(row.sitesShareChange),
          ]),
      );
    }
  });

  test.each<[Role, string[], string, string]>([
    ['reader', ['Overview', 'Explore', 'Movers', 'Releases'], '/unlisted', 'a reader’s'],
    ['curator', ['Overview', 'Explore', 'Movers', 'Unlisted2 waiting', 'Releases'], '/access', 'a curator’s'],
    ['releaser', ['Releases3 waiting'], '/explore', 'a releaser’s'],
    ['manufacturer:Yealink', ['Your releases', 'Check a release', 'What is collected'], '/movers', 'a manufacturer’s'],
  ])('%s sees its pages, is told what it may not, and is never refused', async (role, pages, closedTo, whose) => {
    const { page } = await real.page(browser, role);
    const before = real.asked.length;
    await go(page, role.startsWith('manufacturer') ? '/releases' : '/');
    await expect
      .poll(() => page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents())
      .toEqual(pages);
    for (const link of pages.map((_, i) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link').nth(i))) {
      await link.click();
      await settled(page);
      expect(await page.locator('main').innerText()).not.toContain('does not open this page');
      if (page.url().endsWith('/privacy')) await page.goBack();
    }
    await go(page, closedTo);
    expect(await page.locator('main').innerText()).toContain(`Yours is ${whose}`);
    expect(real.asked.slice(before).filter(({ status }) => status >= 400)).toEqual([]);
    await page.context().close();
  });

  test('Back, reload and a pasted address give the same page, whatever was chosen', async () => {
    const { page } = await real.page(browser, 'reader');
    await go(page, '/explore');
    const shown = async () => {
      await settled(page);
      return page.locator('main').innerText();
    };
    const choose = (name: string) => page.getByRole('combobox', { name }).selectOption({ index: 1 });
    const steps = [
      () => choose('Maker'),
      () => page.getByRole('button', { name: 'Makers', exact: true }).click(),
      () => page.getByRole('group', { name: 'Measure' }).getByRole('button', { name: 'Devices' }).click(),
      () => page.getByRole('button', { name: /^Stacked/ }).click(),
      () => page.getByRole('button', { name: 'Earlier month' }).click(),
      () => page.getByRole('button', { name: '3 months' }).click(),
      () => page.getByRole('button', { name: 'Makers by platform' }).click(),
      () => choose('Platform'),
      () => page.getByRole('columnheader', { name: 'Sites' }).getByRole('button').click(),
      () => page.getByRole('button', { name: 'Models', exact: true }).click(),
      () => page.getByRole('combobox', { name: 'Maker' }).selectOption(''),
      () => page.locator('button[title="Show this alone"]').first().click(),
      () => page.getByRole('combobox', { name: 'Category' }).selectOption('nic'),
    ];
    const seen = [await shown()];
    for (const step of steps) {
      await step();
      seen.push(await shown());
    }
    expect(new Set(seen).size).toBe(seen.length);
    const address = page.url();
    await page.reload();
    expect(await shown()).toBe(seen.at(-1));
    for (const before of seen.slice(0, -1).reverse()) {
      await page.goBack();
      expect(await shown()).toBe(before);
    }
    await page.goto(address);
    expect(await shown()).toBe(seen.at(-1));
    await page.context().close();
  });

  test('a month without numbers says when they begin, and leads to the last that has some', async () => {
    const { page } = await real.page(browser, 'reader');
    await go(page, '/explore?period=2020-02&view=vendor');
    const words = page.getByRole('region', { name: 'Makers' }).getByRole('status');
    expect(await words.innerText()).toContain('The first numbers of February 2020 appear when 10 sites have reported.');
    expect(await page.locator('main tbody tr').count()).toBe(0);
    await words.getByRole('button', { name: `Look at ${monthYear(LAST)}` }).click();
    await settled(page);
    expect(new URL(page.url()).search).toBe(`?period=${LAST}&view=vendor`);
    expect(await page.locator('main tbody tr').filter({ hasText: 'Yealink' }).count()).toBe(1);
    await go(page, '/?period=2020-02');
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('February 2020: no numbers yet');
    await page
      .getByRole('region', { name: 'At a glance' })
      .getByRole('button', { name: /^Look at/ })
      .click();
    await page.getByRole('heading', { level: 1, name: new RegExp(`^${monthYear(LAST)}: what`) }).waitFor();
    await page.context().close();
  });

  test('a whole way by keyboard: sign in, find, compare, read a month, export, go on', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${real.url}/explore?view=vendor`);
    await page.getByLabel('Access key', { exact: true }).focus();
    await page.keyboard.insertText(real.keys.get('reader') ?? '');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/explore\?view=vendor$/);
    await settled(page);
    await page.keyboard.press('/');
    await page.keyboard.type('t54');
    await page.getByRole('option', { name: /SIP-T54W/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Yealink SIP-T54W' }).waitFor();
    await settled(page);
    await page.keyboard.press('x');
    await page.waitForURL(/\/explore\?cell=/);
    await settled(page);
    const row = page.getByRole('row', { name: /SIP-T46S/ }).getByRole('checkbox');
    await row.focus();
    await page.keyboard.press('Space');
    await page.getByRole('region', { name: /compared/ }).waitFor();
    await settled(page);
    await page.getByRole('slider').focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await page.locator('.read .when b').textContent()).toBe(monthYear(LAST));
    await page.keyboard.press('.');
    await page.getByRole('button', { name: /This table as CSV/ }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.getByRole('heading', { name: 'Releases' }).waitFor();
    await settled(page);
    expect(refused()).toEqual([]);
    await page.context().close();
  });

  test('a link signs a browser in once, and leaves nothing of itself in the address', async () => {
    const { keyId } = (await (await real.get('reader', '/v1/session')).json()) as { keyId: string };
    const headers = { authorization: `Bearer ${real.keys.get('admin')}` };
    const made = await fetch(`${real.url}/v1/keys/${keyId}/link`, { method: 'POST', headers });
    const { link } = (await made.json()) as { link: string };
    const { page, complaints: said } = await openPage(browser);
    await page.goto(`${real.url}/signin?next=%2Fexplore#link=${link}`);
    await page.getByRole('heading', { name: 'Explore', level: 1 }).waitFor();
    await settled(page);
    expect(page.url()).toBe(`${real.url}/explore`);
    expect(said).toEqual([]);
    const { page: late } = await openPage(browser);
    await late.goto(`${real.url}/signin#link=${link}`);
    expect(await late.getByRole('alert').innerText()).toContain('The link was used before');
    expect(late.url()).toBe(`${real.url}/signin`);
    await Promise.all([page.context().close(), late.context().close()]);
    real.asked.splice(
      real.asked.findIndex(({ status }) => status === 401),
      1,
    );
  });

  test('a release is as it was signed; one byte of any file altered, and the file is named', async () => {
    const { page } = await real.page(browser, 'manufacturer:Yealink');
    await go(page, '/releases');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe(`Your numbers in ${monthYear(LAST)}`);
    await page.getByText('The files are as they were signed').waitFor();
    const { releases } = (await (await real.get('manufacturer:Yealink', '/v1/releases?limit=1')).json()) as {
      releases: { files: { name: string }[]; fetchedAt: string | null }[];
    };
    const names = releases[0]?.files.map(({ name }) => name) ?? [];
    expect(names).toHaveLength(6);
    expect(releases[0]?.fetchedAt).not.toBeNull();
    const files = await Promise.all(
      names.map(async (name) => {
        const answer = await real.get('manufacturer:Yealink', `/v1/releases/${LAST}/Yealink/${name}`);
        return { name, mimeType: 'text/plain', buffer: Buffer.from(await answer.arrayBuffer()) };
      }),
    );
    for (const { name } of files.filter((file) => file.name !== 'verify.mjs')) {
      const given = files.map((file) => (file.name === name ? { ...file, buffer: altered(file.buffer) } : file));
      await page.getByLabel('Files of a release').setInputFiles(given);
      await expect
        .poll(() => page.locator('.verd').innerText(), SOON)
        .toMatch(new RegExp(`Not as it was signed: .*${name.replace('.', '\\.')}`));
    }
    await page.context().close();
  });

  test('what a page changes is changed: keys, names, agreements, held numbers, profiles', async () => {
    const page = admin;
    const sure = async (button: Locator, confirm: string) => {
      await button.click();
      await page.getByRole('dialog').getByRole('button', { name: confirm }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await settled(page);
    };
    await go(page, '/access');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Owner').fill('a guest');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByRole('heading', { name: 'The key of a guest' }).waitFor();
    await page.getByRole('button', { name: 'I have it' }).click();
    await sure(page.getByRole('row', { name: /a guest/ }).getByRole('button', { name: 'Revoke' }), 'Revoke it');
    await page.getByRole('row', { name: /a guest.*revoked/s }).waitFor();
    await page.getByText(/The chain of these/).waitFor();

    await turnTo(page, '/unlisted');
    await page
      .getByRole('button', { name: /Desk Set T99/ })
      .first()
      .click();
    await page.getByLabel('Model', { exact: true }).fill('SIP-T99');
    await page.getByText(/sites so far/).waitFor();
    await page.getByRole('button', { name: 'Save and go on' }).click();
    await page.getByText('named', { exact: true }).waitFor();
    await settled(page);
    await sure(
      page
        .getByRole('region', { name: 'Named before' })
        .getByRole('row', { name: /Desk Set T99/ })
        .getByRole('button', { name: 'Take back' }),
      'Take it back',
    );
    await page.getByRole('region', { name: 'Named before' }).getByText('taken back').waitFor();

    await turnTo(page, '/releases/held');
    expect(await page.locator('main').innerText()).toContain('2 names that no release has shown');
    await sure(page.getByRole('button', { name: 'Suppress all 2' }), 'Suppress them');
    await sure(page.getByRole('button', { name: 'Let it pass' }), 'Let it pass');
    await page.locator('main').getByText('Nothing is held').waitFor();

    await turnTo(page, '/releases/agreements');
    await page.getByRole('button', { name: 'New agreement' }).click();
    await page.getByLabel('Party').fill('Snom');
    await page.getByLabel('Makers whose numbers it gets').fill('Snom');
    await page.getByLabel('Contact').fill('Ada Lovelace');
    await page.getByRole('button', { name: 'Agree', exact: true }).click();
    await page.getByRole('row', { name: /Ada Lovelace/ }).waitFor();
    await sure(page.getByRole('row', { name: /Ada Lovelace/ }).getByRole('button', { name: 'End' }), 'End it');

    await turnTo(page, '/releases/profile');
    await sure(page.getByRole('button', { name: 'Choose' }), 'Choose it');
    expect(refused()).toEqual([]);
  });

  test('a view is pinned on its page, stands on the Overview, and is taken off there, by keyboard alone', async () => {
    const { page } = await real.page(browser, 'reader');
    await go(page, '/');
    const strip = page.getByRole('navigation', { name: 'Pinned' });
    expect(await strip.innerText()).toContain('Nothing yet.');
    await turnTo(page, '/explore?by=devices&view=vendor');
    await page.getByRole('button', { name: 'Pin', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pinned', exact: true }).waitFor();
    await turnTo(page, '/explore?q=t4');
    expect(await page.getByRole('button', { name: 'Pin', exact: true }).isDisabled()).toBe(true);
    await turnTo(page, '/');
    const link = strip.getByRole('link', { name: 'Makers of phones, by devices' });
    await link.focus();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/explore\?by=devices&view=vendor$/);
    await settled(page);
    await turnTo(page, '/');
    await link.focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await strip.getByText('Nothing yet.').waitFor();
    expect(await strip.evaluate('document.activeElement.getAttribute("aria-label")')).toBe('Pinned');
    await page.context().close();
  });

  test('a link shows one view to somebody without a key, and nothing once it is revoked', async () => {
    const { page } = await real.page(browser, 'reader');
    const rows = (of: Page) => of.locator('table.rk tbody tr td.name').allTextContents();
    await go(page, '/platforms/FreePBX%2017');
    const makers = await rows(page);
    await page.getByRole('button', { name: 'Share', exact: true }).click();
    await page.getByRole('button', { name: 'Make the link' }).click();
    const address = (await page.locator('dialog .secret code').textContent()) ?? '';
    expect(address).toMatch(/\/view#link=[A-Za-z0-9_-]{43}$/);
    const { page: guest, complaints: said } = await openPage(browser);
    const asked: string[] = [];
    guest.on('request', (request) => asked.push(`${request.method()} ${new URL(request.url()).pathname}`));
    await visit(guest, address);
    expect(await guest.getByRole('heading', { level: 1 }).textContent()).toBe('FreePBX 17');
    expect(await guest.locator('main').innerText()).toMatch(
      /final numbers\. This page can be read until \d+ \w+ \d{4}/,
    );
    expect((await rows(guest)).map((row) => row.replace('FreePBX 17 ', ''))).toEqual(makers);
    expect(await guest.getByRole('slider').getAttribute('aria-valuetext')).toContain(monthYear(LAST));
    expect(await guest.getByRole('link').count()).toBe(0);
    expect(await violations(guest)).toEqual([]);
    await guest.setViewportSize({ width: 360, height: 900 });
    await expect.poll(() => guest.evaluate('document.documentElement.scrollWidth - innerWidth'), SOON).toBe(0);
    expect(asked.filter((one) => one.includes('/v1/'))).toEqual(['POST /v1/view-links/open']);
    await page.getByRole('button', { name: 'Revoke' }).click();
    await page.getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('group', { name: 'Links to views' }).getByText('revoked').waitFor();
    await guest.reload();
    await guest.getByRole('heading', { name: 'This link is over.' }).waitFor();
    await guest.goto(`${real.url}/view`);
    await guest.getByRole('heading', { name: 'There is no link in the address.' }).waitFor();
    expect(said.filter((one) => !one.includes('410'))).toEqual([]);
    expect(real.asked.map(({ url }) => url).filter((url) => url.includes(address.slice(-43)))).toEqual([]);
    await Promise.all([page.context().close(), guest.context().close()]);
    // It was to be refused: every other test is for what is not.
    real.asked.splice(
      real.asked.findIndex(({ status }) => status === 410),
      1,
    );
  });

  test('the page of the API asks with the session of whoever reads it, under its own policy', async () => {
    const { page, complaints: said } = await real.page(browser, 'reader');
    await page.goto(`${real.url}/docs`);
    const form = page.locator('form.try[data-path="/v1/movers"]');
    await page.locator('details').filter({ has: form }).locator('summary').click();
    await form.getByRole('button').click();
    await expect.poll(() => form.locator('output p').innerText()).toMatch(/^200 application\/json/);
    expect(await form.locator('output pre').innerText()).toContain('"threshold": 10');
    expect(await violations(page)).toEqual([]);
    expect(said).toEqual([]);
    await page.context().close();
  });

  test('has nothing that axe finds, in light and in dark, with the numbers of the API', async () => {
    const found: string[] = [];
    for (const path of [
      '/',
      '/explore?view=platform',
      `/explore?${COMPARED}`,
      '/models/phone/Snom/D785',
      '/makers/Poly',
      '/platforms/FreePBX%2017',
      '/movers',
      '/unlisted',
      '/releases',
      `/releases/${LAST}/Yealink`,
      '/access',
      '/method',
    ]) {
      await admin.emulateMedia({ colorScheme: 'light' });
      await turnTo(admin, path);
      found.push(...(await violations(admin)).map((violation) => `${path} ${violation}`));
      await admin.emulateMedia({ colorScheme: 'dark' });
      found.push(...(await violations(admin, ['color-contrast'])).map((violation) => `${path} in dark ${violation}`));
    }
    expect(found).toEqual([]);
  });

  test('every address of the API that the console’s sources name was asked', () => {
    const asked = new Set(real.asked.map(({ url }) => url.replace(/\?.*/, '')));
    const named = addressesIn(join(packageRoot(), 'services', 'console', 'app'));
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((path) => ![...asked].some((one) => one === path || one.startsWith(`${path}/`)))).toEqual([]);
    expect(complaints).toEqual([]);
  });
});

/** `/v1/counts` and so on, wherever the sources name them; of one with a name in it the part before. */
function addressesIn(folder: string): string[] {
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name));
  const text = sources.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
  return [...new Set([...text.matchAll(/['`](\/v1\/[a-z/-]+?)\/?(?=['`$])/g)].map((match) => match[1] ?? ''))];
}

function expectSame({ name, said, answer, csv }: Chart, path: string): void {
  const at = `${path} ${name}`;
  expect(answer.length, at).toBeGreaterThan(0);
  expect(said, at).toEqual(said.map((_, i) => sentence(answer, i)));
  const by = /^Share of sites|^Share of all sites/.test(name) ? 'sites' : 'devices';
  expect(pointsIn(csv, by), at).toEqual(
    answer.flatMap(({ points }) => points.map(({ period, value, share }) => [period, textOf(value), textOf(share)])),
  );
}

const textOf = (value: number | null): string => (value === null ? '' : String(value));

/** Name, sites, share and change of each row of a ranking. */
async function shownIn(panel: Locator): Promise<string[][]> {
  return panel.locator('tbody tr').evaluateAll((rows) =>
    rows.map((row) => {
      const text = (of: string, i: number) => row.querySelectorAll(of)[i]?.textContent?.trim() ?? '';
      const sites = text('.bn span', 0);
      const numbers =
        sites === ''
          ? [text('td.num', 0), text('td.num', 1), text('td.num .chg', 0)]
          : [sites, text('td.num', 0), text('td.num .chg', 0)];
      return [text('td.name', 0).replace(/\s/g, ''), ...numbers];
    }),
  );
}

/** As the page writes it, in percentage points; of what was not shown then there is none. */
function changed(change: string | undefined): string {
  if (change === undefined || change === '') return 'new';
  const points = (Math.abs(Number(change)) * 100).toFixed(1);
  return points === '0.0' ? points : `${Number(change) < 0 ? '\u2212' : '+'}${points}`;
}

/** The same bytes but for one bit in the middle. */
function altered(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length >> 1] = (copy[copy.length >> 1] ?? 0) ^ 1;
  return copy;
}
