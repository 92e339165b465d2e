import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releaseFiles } from '../../services/releases/files/release-files.ts';
import { chromiumAvailable } from '../support/chromium.ts';
import { madeUpOrder, OTHER_KEY } from '../support/made-up-release.ts';
import { openBrowser, openPage, visit } from './support/browser.ts';
import { type ConsoleUnderTest, openConsole } from './support/console-under-test.ts';
import { SIGNED } from './support/made-up-office.ts';

const missing = chromiumAvailable();
type Given = { name: string; mimeType: string; buffer: Buffer };

describe.skipIf(missing)(missing ?? 'checking a release in the browser', () => {
  let under: ConsoleUnderTest;
  let browser: Browser;
  beforeAll(async () => {
    [under, browser] = await Promise.all([openConsole(), openBrowser()]);
    under.scopes = [];
  });
  afterAll(() => Promise.all([under?.close(), browser?.close()]));
  const files: Given[] = SIGNED.map(({ name, content }) => ({
    name,
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(content),
  }));
  const checked = async (page: Page, given: readonly Given[]) => {
    await page.getByLabel('Files of a release').setInputFiles([...given]);
    await page.locator('.verd:not(.wait)').waitFor();
    return page.locator('.verd').innerText();
  };
  const altered = (name: string) =>
    files.map((file) => (file.name === name ? { ...file, buffer: flipped(file.buffer) } : file));

  test('files as they were signed are told so, and nothing of them is sent', async () => {
    const { page, complaints } = await openPage(browser);
    await visit(page, `${under.url}/check`);
    under.asked.length = 0;
    expect(await checked(page, files)).toContain('The files are as they were signed');
    expect(under.asked).toEqual(['GET /v1/signing-key']);
    expect(complaints).toEqual([]);
  });

  test('one byte of any file is enough, and the file is named', async () => {
    const { page } = await openPage(browser);
    for (const { name } of files) {
      await visit(page, `${under.url}/check`);
      const words = await checked(page, altered(name));
      expect(words, name).toContain('Not as it was signed');
      expect(words, name).toContain(name);
    }
  });

  test('a missing file, and one that nobody signed, are named', async () => {
    const { page } = await openPage(browser);
    await visit(page, `${under.url}/check`);
    expect(
      await checked(
        page,
        files.filter(({ name }) => name !== 'release.csv'),
      ),
    ).toContain('Not as it was signed: release.csv');
    await visit(page, `${under.url}/check`);
    const stranger = { name: 'more.csv', mimeType: 'text/csv', buffer: Buffer.from('x') };
    expect(await checked(page, [...files, stranger])).toContain('Not as it was signed: more.csv');
  });

  test('a release that another key signed is not ours', async () => {
    const { page } = await openPage(browser);
    await visit(page, `${under.url}/check`);
    const theirs = releaseFiles(madeUpOrder({ key: OTHER_KEY })).map(({ name, content }) => ({
      name,
      mimeType: 'text/plain',
      buffer: Buffer.from(content),
    }));
    expect(await checked(page, theirs)).toContain('Not as it was signed: manifest.json, manifest.sig');
  });

  test('without a secure context the page says so and shows the command', async () => {
    const rules = '--host-resolver-rules=MAP rollcall.test 127.0.0.1';
    const plain = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', rules] });
    try {
      const page = await plain.newPage();
      await page.goto(`http://rollcall.test:${new URL(under.url).port}/check`, { waitUntil: 'networkidle' });
      expect(await page.evaluate('isSecureContext')).toBe(false);
      const words = await page.locator('main').innerText();
      expect(words).toContain('This page cannot check here.');
      expect(words).toContain('openssl pkeyutl -verify');
    } finally {
      await plain.close();
    }
  });
});

/** The same bytes but for one bit in the middle. */
function flipped(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const middle = Math.floor(copy.length / 2);
  copy[middle] = (copy[middle] ?? 0) ^ 1;
  return copy;
}
