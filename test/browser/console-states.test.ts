import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { chromiumAvailable } from '../support/chromium.ts';
import { SOON } from '../support/patience.ts';
import { openBrowser, openPage, settled, visit } from './support/browser.ts';
import { type ConsoleUnderTest, GOOD_KEY, MAKERS_KEY, openConsole } from './support/console-under-test.ts';
import type { counts } from './support/made-up-answers.ts';

const missing = chromiumAvailable();
const STAFF = ['reader', 'curator', 'releaser', 'admin'];

describe.skipIf(missing)(missing ?? 'the console says what is the matter', () => {
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
  const at = async (path: string): Promise<Page> => {
    const { page } = await openPage(browser);
    await visit(page, under.url + path);
    return page;
  };
  const bar = (page: Page) => page.getByRole('navigation', { name: 'Pages' }).getByRole('link').allTextContents();

  test.each([
    [['reader'], ['Overview', 'Explore', 'Movers', 'Releases']],
    [['curator'], ['Overview', 'Explore', 'Movers', 'Unlisted2 waiting', 'Releases1 waiting']],
    [['releaser'], ['Releases1 waiting']],
    [['admin'], ['Overview', 'Explore', 'Movers', 'Unlisted2 waiting', 'Releases1 waiting', 'Access']],
    [['manufacturer:Yealink'], ['Your releases', 'Check a release', 'What is collected']],
  ])('%s sees its pages and no others', async (scopes, pages) => {
    under.scopes = scopes;
    const page = await at(scopes[0]?.startsWith('manufacturer') ? '/releases' : '/');
    expect(await bar(page)).toEqual(pages);
  });

  test('what a key does not open is said: which scope it needs, which the key has', async () => {
    under.scopes = ['reader'];
    const page = await at('/unlisted');
    const text = await page.locator('main').innerText();
    expect(text).toContain('Your key does not open this page.');
    expect(text).toContain('Unlisted is for curators and admins. Yours is a reader’s.');
    expect(under.asked.filter((one) => one.includes('/v1/catalog'))).toEqual([]);
  });

  test('a manufacturer sees its own release, margins and words of the release, and no page of staff', async () => {
    under.scopes = ['manufacturer:Yealink'];
    const page = await at('/releases');
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Your numbers in October 2026');
    await page.getByText('no clear change').first().waitFor();
    await page.getByText('The files are as they were signed').waitFor();
    const own = page.getByRole('region', { name: 'Where your phones are' }).locator('td.name');
    const others = page.getByRole('region', { name: 'Other makers on the platforms' }).locator('td.name');
    expect(new Set(await own.allTextContents()).size).toBe(await own.count());
    expect((await others.allTextContents()).filter((name) => /Yealink/.test(name))).toEqual([]);
    await page.goto(`${under.url}/explore`);
    await settled(page);
    expect(await page.locator('main').innerText()).toContain('Your key does not open this page.');
  });

  test('one panel fails alone, with the code and a way on; the others stand', async () => {
    under.failures.set('/v1/series', { status: 503, type: 'unavailable', detail: 'The store did not answer in time.' });
    const page = await at('/');
    const panel = page.getByRole('region', { name: 'Share of phones by maker' });
    expect(await panel.innerText()).toContain('The store did not answer in time.');
    expect(await panel.innerText()).toContain('unavailable, 503');
    expect(await page.getByRole('region', { name: 'Makers of phones' }).getByRole('row').count()).toBe(11);
    under.failures.clear();
    await panel.getByRole('button', { name: 'Try again' }).click();
    await panel.getByRole('slider').waitFor();
  });

  test('pinned views fail alone, with a way on', async () => {
    under.failures.set('/v1/pins', { status: 503, type: 'unavailable', detail: 'The store did not answer in time.' });
    const page = await at('/');
    const strip = page.getByRole('navigation', { name: 'Pinned' });
    expect(await strip.innerText()).toContain('Could not be loaded. The store did not answer in time.');
    expect(await page.getByRole('region', { name: 'Makers of phones' }).getByRole('row').count()).toBe(11);
    under.failures.clear();
    await strip.getByRole('button', { name: 'Try again' }).click();
    await strip.getByRole('link', { name: 'Makers of phones, by devices' }).waitFor();
    expect(await strip.getByRole('link').allTextContents()).toEqual([
      'Makers of phones, by devices',
      'Yealink SIP-T46U October 2026',
    ]);
  });

  test('old numbers stay, greyed, while those of a filter come; the first ones have rows to wait in, and a word', async () => {
    const page = await at('/explore');
    const rows = await page.locator('tbody tr').allInnerTexts();
    let answer = () => {};
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route(/\/v1\/(counts|movers)/, async (route) => {
      await answered;
      await route.continue();
    });
    await page.getByRole('button', { name: 'Makers', exact: true }).click();
    await page.locator('.old[aria-busy=true] tbody tr').first().waitFor();
    expect(await page.locator('.old tbody tr').allInnerTexts()).toEqual(rows);
    await page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Movers' }).click();
    await page.getByText('Loading', { exact: true }).first().waitFor();
    expect(await page.locator('.loading .skr').count()).toBeGreaterThan(3);
    answer();
    await settled(page);
    expect(await page.locator('.old, .loading').count()).toBe(0);
  });

  test('nothing found says what was looked for and in which month, with one way out', async () => {
    const page = await at('/explore?q=nothing-has-this-name');
    const words = page.getByRole('status').filter({ hasText: 'nothing-has-this-name' });
    expect(await words.innerText()).toMatch(/has “nothing-has-this-name” in its name\.[\s\S]*October 2026/);
    await words.getByRole('button', { name: 'Clear the text' }).click();
    await page.locator('tbody tr').first().waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  test('the last numbers stay, greyed, and say how old they are, when the server is gone', async () => {
    const page = await at('/explore');
    const before = await page.locator('tbody tr').count();
    await page.route('**/v1/**', (route) => route.abort());
    await page.evaluate('dispatchEvent(new Event("offline")); dispatchEvent(new Event("online"))');
    await page.getByText(/less than a minute old/).waitFor();
    expect(await page.locator('.old tbody tr').count()).toBe(before);
  });

  test('a session that is over is a dialog, and signing in goes on where it was', async () => {
    const page = await at('/explore');
    under.scopes = [];
    await page.getByRole('button', { name: 'Makers', exact: true }).click();
    await page.getByRole('dialog', { name: 'Your session is over.' }).waitFor();
    const dialog = page.getByRole('dialog', { name: 'Your session is over.' });
    await dialog.getByLabel('Access key', { exact: true }).fill('rc_wrong');
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.getByRole('alert').waitFor();
    await dialog.getByLabel('Access key', { exact: true }).fill(GOOD_KEY);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await dialog.waitFor({ state: 'hidden' });
    await settled(page);
    expect(new URL(page.url()).search).toBe('?view=vendor');
    await page.getByRole('link', { name: 'Yealink' }).first().waitFor();
  });

  test('where another key signs in when a session is over, nothing stays of what the one before was shown', async () => {
    const page = await at('/explore');
    under.scopes = [];
    await page.getByRole('button', { name: 'Makers', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Your session is over.' });
    await dialog.getByLabel('Access key', { exact: true }).fill(MAKERS_KEY);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation').getByRole('link', { name: 'Your releases' }).waitFor();
    await settled(page);
    expect(await bar(page)).toEqual(['Your releases', 'Check a release', 'What is collected']);
    expect(await page.locator('main').innerText()).not.toMatch(/SIP-T46U|[0-9] sites/);
  });

  test('what is typed and not asked for yet is asked for on no other page', async () => {
    const page = await at('/explore');
    await page.evaluate(`{
      const field = document.querySelector('[placeholder="Name contains"]');
      field.value = 'T46U';
      field.dispatchEvent(new Event('input', { bubbles: true }));
      document.querySelector('nav a[href="/movers"]').click();
    }`);
    await page.waitForTimeout(400);
    await settled(page);
    expect(new URL(page.url()).pathname).toBe('/movers');
    expect(new URL(page.url()).search).toBe('');
  });

  test('nobody signed in is led to the door, and from there to where they wanted to go', async () => {
    under.scopes = [];
    const { page, complaints } = await openPage(browser);
    await page.goto(`${under.url}/models/phone/Yealink/SIP-T46U`);
    await page.waitForURL(({ pathname }) => pathname === '/signin');
    await page.getByLabel('Access key', { exact: true }).fill(GOOD_KEY);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Yealink SIP-T46U' }).waitFor();
    expect(complaints).toEqual([]);
  });

  test('no next page leads to another host', async () => {
    under.scopes = [];
    const { page } = await openPage(browser);
    for (const next of ['//evil.example/', 'https://evil.example/', '/\\evil.example']) {
      under.scopes = [];
      await page.goto(`${under.url}/signin?next=${encodeURIComponent(next)}`);
      await page.getByLabel('Access key', { exact: true }).fill(GOOD_KEY);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { level: 1, name: /October 2026/ }).waitFor();
      expect(new URL(page.url()).host).toBe(new URL(under.url).host);
    }
  });

  test('an open month is called provisional everywhere and shows no change anywhere', async () => {
    for (const path of [
      '/?period=2026-11',
      '/explore?period=2026-11',
      '/models/phone/Yealink/SIP-T46U?period=2026-11',
      '/makers/Yealink?period=2026-11',
      '/platforms/FreePBX%2017?period=2026-11',
      '/movers?from=2025-12&to=2026-11',
    ]) {
      const page = await at(path);
      expect(await page.getByText(/provisional|still filling|while a month is filling/i).count(), path).toBeGreaterThan(
        0,
      );
      expect(await page.locator('.chg.up, .chg.down').count(), path).toBe(0);
    }
  });

  test('growth that is not the fleet’s own is said in words, of the open month too', async () => {
    const page = await at('/movers');
    const october = page.getByRole('region', { name: 'Growth that is not the fleet’s own, October' });
    expect(await october.innerText()).toContain('Nothing rose by itself.');
    const november = await page
      .getByRole('region', { name: 'Growth that is not the fleet’s own, November' })
      .innerText();
    expect(november).toContain('These 4 models rose by the same number of sites: about 23');
    expect(november).toContain('This rise is one unlisted name’s alone');
    expect(november).toContain('T99-Nowhere');
    const days = page.getByRole('region', { name: 'New sites by day, November' });
    expect(await days.getByRole('row', { name: /\bno$/ }).innerText()).toMatch(/^9\s+97\s+6/);
    expect(await days.innerText()).toContain('±');
  });

  test('what is held back is no zero: a line ends, and the month is marked', async () => {
    const page = await at('/platforms/Asterisk%2021');
    const marks = await page.locator('svg.chart circle.ns').count();
    expect(marks).toBeGreaterThan(1);
    const path = (await page.locator('svg.chart path.l').last().getAttribute('d')) ?? '';
    expect(path.split('L').length).toBeLessThan(12);
    expect(await page.locator('main').innerText()).toContain('the two are not told apart');
  });

  test('what rests on few sites has a pale bar and the words for it, and nothing else has', async () => {
    const page = await at('/explore');
    const asked = under.asked.findLast((one) => one.startsWith('GET /v1/counts')) ?? '';
    const { rows } = (await (await fetch(under.url + asked.slice(4))).json()) as ReturnType<typeof counts>;
    const few = rows.filter(({ change }) => change?.few).map(({ vendor, model }) => `${vendor}${model}`);
    expect(few.length).toBeGreaterThan(0);
    expect(few.length).toBeLessThan(rows.length);
    const names = (has: string) => page.locator(`tbody tr:has(${has}) td.name a`).allInnerTexts();
    expect(await names('.bar.pale')).toEqual(few);
    expect(await names('[title^="few sites"]')).toEqual(few);
    await page.goto(`${under.url}/movers`);
    await settled(page);
    const moved = page.locator('tr').filter({ has: page.locator('td.sure', { hasText: 'few sites' }) });
    expect(await moved.count()).toBeGreaterThan(0);
    expect(await moved.locator('.dv .f').count()).toBe(await moved.count());
  });

  test('a close that stopped shows its steps, the failed one, its code and what to do', async () => {
    under.stopped = true;
    const page = await at('/releases');
    const panel = page.getByRole('region', { name: 'October 2026: the close stopped' });
    expect(await panel.locator('.steps .stop').count()).toBe(1);
    expect(await panel.innerText()).toContain('no-facts');
    await panel.getByRole('button', { name: 'Close now' }).click();
    await page.getByRole('dialog', { name: 'Close October 2026 now?' }).waitFor();
  });

  test('a month without noise is loud in its row, on the page of its release, and in what is exported', async () => {
    const page = await at('/releases');
    expect(await page.getByRole('row', { name: /April 2026/ }).innerText()).toContain('NO NOISE');
    await page.goto(`${under.url}/releases/2026-04/Yealink`);
    await settled(page);
    expect(await page.getByRole('note').innerText()).toContain('NO NOISE');
    await page.getByRole('button', { name: 'Export' }).first().click();
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /This table as CSV/ }).click(),
    ]);
    const chunks: Buffer[] = [];
    for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks).toString().split('\r\n')[0]).toContain('NO NOISE');
  });

  test('a decision about a held number asks once more, then says what was decided', async () => {
    const page = await at('/releases/held');
    expect(await page.locator('main').innerText()).toContain('3 times as many in a month');
    await page.getByRole('button', { name: 'Let it pass' }).first().click();
    const dialog = page.getByRole('dialog', { name: /Let Fanvil X5U pass/ });
    expect(under.asked.filter((one) => one.startsWith('POST /v1/held'))).toEqual([]);
    await dialog.getByRole('button', { name: 'Let it pass' }).click();
    await expect.poll(() => under.asked.filter((one) => one.startsWith('POST /v1/held')).length, SOON).toBe(1);
  });

  test('a new key is shown once', async () => {
    const page = await at('/access');
    await page.getByRole('button', { name: 'New key' }).click();
    await page.getByLabel('Owner').fill('somebody new');
    await page.getByRole('button', { name: 'Make the key' }).click();
    await page.getByText(GOOD_KEY).waitFor();
    await page.getByRole('button', { name: 'I have it' }).click();
    await page.getByText(GOOD_KEY).waitFor({ state: 'detached' });
    await page.getByText('The chain of these 5 entries holds').waitFor();
  });
});
