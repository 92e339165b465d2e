import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import { openBrowser, openPage, settled, visit } from './support/browser.ts';
import { copiedCall } from './support/charts.ts';
import { type ConsoleUnderTest, openConsole } from './support/console-under-test.ts';
import { SOFTPHONES } from './support/made-up-fleet.ts';

const missing = chromiumAvailable();

describe.skipIf(missing)(missing ?? 'exploring', () => {
  let under: ConsoleUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([openConsole(), openBrowser()]);
  });
  afterAll(() => Promise.all([under?.close(), browser?.close()]));
  const at = async (path: string): Promise<Page> => {
    const { page } = await openPage(browser);
    await visit(page, under.url + path);
    return page;
  };

  test('no view stacks what overlaps: shares of sites but of platforms, compared rows', async () => {
    const page = await at('/explore');
    for (const view of ['Makers', 'Models', 'Platforms', 'Makers by platform', 'Categories'])
      for (const by of ['Sites', 'Devices']) {
        await page.getByRole('group', { name: 'View' }).getByRole('button', { name: view, exact: true }).click();
        const measure = page
          .getByRole('group', { name: 'Measure' })
          .getByRole('button', { name: new RegExp(`^${by}`) });
        if (await measure.isDisabled()) continue;
        await measure.click();
        await settled(page);
        const adds = by === 'Devices' || view === 'Platforms';
        expect(await page.getByRole('button', { name: /^Stacked/ }).isDisabled(), `${view} ${by}`).toBe(!adds);
        expect(await page.getByRole('button', { name: /^100/ }).isDisabled(), `${view} ${by}`).toBe(!adds);
      }
    for (const wanted of [
      '/explore?chart=stacked',
      '/explore?chart=percent&view=vendor',
      '/explore?chart=percent&view=platform_vendor',
    ]) {
      await visit(page, under.url + wanted);
      expect(await page.locator('svg.chart.lines').count(), wanted).toBe(1);
    }
  });

  test('typing replaces the address and does not fill the history', async () => {
    const page = await at('/explore');
    const length = await page.evaluate('history.length');
    await page.getByRole('searchbox', { name: 'Name contains' }).pressSequentially('T46U', { delay: 20 });
    await page.waitForURL(/q=T46U/);
    await settled(page);
    expect(await page.locator('tbody tr').filter({ hasText: 'SIP-T46U' }).count()).toBe(1);
    expect(await page.evaluate('history.length')).toBe(length);
  });

  test('Back, reload and a pasted address give the same page of a list and the same rows compared', async () => {
    const page = await at('/explore?category=softphone');
    const ticked = page.locator('tbody input:checked');
    const shown = async () => {
      await settled(page);
      const names = await ticked.evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')));
      return [...names, await page.locator('main').innerText()].join('\n');
    };
    const steps: (() => Promise<void>)[] = [
      () => page.getByRole('button', { name: 'Next', exact: true }).click(),
      () => page.locator('tbody input').nth(1).click(),
      () => page.locator('tbody input').nth(3).click(),
      () => page.locator('button[title="Show this alone"]').first().click(),
      () => page.getByRole('columnheader', { name: 'Sites' }).getByRole('button').click(),
    ];
    const seen = [await shown()];
    const asked: URLSearchParams[] = [];
    for (const step of steps) {
      await step();
      seen.push(await shown());
      asked.push(new URL(page.url()).searchParams);
    }
    expect(asked.map((one) => one.getAll('cell').length)).toEqual([0, 1, 2, 2, 2]);
    expect(asked.map((one) => one.get('offset'))).toEqual(['100', '100', '100', '100', null]);
    expect(seen[4]).toContain(`101–${SOFTPHONES} of ${SOFTPHONES}`);
    expect(seen[5]).toContain(`1–100 of ${SOFTPHONES}`);
    expect(new Set(seen).size).toBe(seen.length);
    const address = page.url();
    await page.reload();
    expect(await shown()).toBe(seen.at(-1));
    for (const before of seen.slice(0, -1).reverse()) {
      await page.goBack();
      expect(await shown()).toBe(before);
    }
    await visit(page, address);
    expect(await shown()).toBe(seen.at(-1));
  });

  test.each([
    ['Enter', /\/phone\/Yealink\/SIP-T54W|\/models?\//],
    ['Shift+Enter', /\/explore\?cell=phone%3AYealink%3ASIP-T54W/],
  ])('whoever presses %s before the list has come means the list that comes', async (keys, there) => {
    const page = await at('/');
    let late: () => void = () => {};
    const held = new Promise<void>((go) => {
      late = go;
    });
    await page.route(/\/v1\/search\?.*q=T54/, async (route) => {
      await held;
      await route.continue();
    });
    // Nothing is lost of what is typed right behind the key.
    const press = "document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true }))";
    expect(await page.evaluate(`${press}; document.activeElement.getAttribute('role')`)).toBe('combobox');
    await page.keyboard.type('T4');
    await page
      .getByRole('option', { name: /SIP-T4/ })
      .first()
      .waitFor();
    await page.keyboard.press('Backspace');
    await page.keyboard.type('54');
    const asked = page.waitForRequest(/\/v1\/search\?.*q=T54/);
    await page.keyboard.press(keys);
    await asked;
    expect(new URL(page.url()).pathname, 'nothing of the list before was taken').toBe('/');
    late();
    await page.waitForURL(there);
  });

  test('a whole look around by keyboard alone: search, compare, month, switch, go to a page, list of keys', async () => {
    const page = await at('/');
    await page.keyboard.press('/');
    await page.keyboard.type('T54');
    await page.getByRole('option', { name: /SIP-T54W/ }).waitFor();
    await page.keyboard.press('Shift+Enter');
    await page.waitForURL(/\/explore\?cell=phone%3AYealink%3ASIP-T54W/);
    await settled(page);
    await page.keyboard.press('d');
    await page.waitForURL(/by=devices/);
    await page.keyboard.press('p');
    await page.waitForURL(/period=2026-09/);
    await page.keyboard.press('3');
    await page.waitForURL(/compare=2026-06/);
    await settled(page);
    const slider = page.getByRole('slider');
    await slider.focus();
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowLeft');
    expect(await slider.getAttribute('aria-valuetext')).toContain('October 2026');
    expect(await page.locator('.read .when b').textContent()).toBe('October 2026');
    await page.keyboard.press('g');
    await page.keyboard.press('m');
    await page.getByRole('heading', { name: 'What rose and what fell' }).waitFor();
    await page.keyboard.press('?');
    const help = page.getByRole('dialog', { name: 'Keyboard' });
    await help.waitFor();
    await help.getByRole('checkbox').press('Space');
    await page.keyboard.press('Escape');
    await help.waitFor({ state: 'hidden' });
    await page.keyboard.press('g');
    await page.keyboard.press('o');
    expect(new URL(page.url()).pathname, 'single keys are switched off').toBe('/movers');
  });

  test('focus is given back by what closes, and never stands under the bar', async () => {
    const page = await at('/explore');
    const button = page.getByRole('button', { name: 'Export' }).first();
    await button.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Print the page' }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Export');
    for (let i = 0; i < 60; i++) await page.keyboard.press('Tab');
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press('Shift+Tab');
      const hidden = await page.evaluate(
        '(() => { const box = document.activeElement.getBoundingClientRect(); const bar = document.querySelector("header.top"); return !bar.contains(document.activeElement) && box.bottom <= bar.getBoundingClientRect().bottom; })()',
      );
      expect(hidden).toBe(false);
    }
  });

  test('exports are the question of the page in another form, a curl without the key, and a picture', async () => {
    const page = await at('/explore?view=vendor');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    const menu = page.locator('.title').getByRole('button', { name: 'Export' });
    await page.keyboard.press('.');
    const [table] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /This table as CSV/ }).click(),
    ]);
    expect(table.url()).toContain('category=phone&compare=2025-12&format=csv');
    expect(await copiedCall(page, menu)).toMatch(
      /^curl -H "Authorization: Bearer \$ROLLCALL_KEY" 'http:\/\/127\.0\.0\.1:\d+\/v1\/counts\?/,
    );
    const chart = page.getByRole('region', { name: 'Share of sites' });
    await chart.getByRole('button', { name: 'Export' }).click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /Picture/ }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    const png = Buffer.concat(chunks);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    const width = await page.locator('svg.chart').first().getAttribute('width');
    expect(png.readUInt32BE(16)).toBe((Number(width) + 32) * 2);
  });
});
