import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { openBrowser, openPage, visit } from './browser.ts';
import { openRealConsole, type RealConsole, type Role } from './real-console.ts';
import { LAST, OPEN, THIRD_LAST } from './real-fleet.ts';

// npm run pictures -- DIRECTORY: every page at four widths, in light and dark, for somebody to look at. Outside the repository.

const WIDTHS = [360, 768, 1280, 1600];
const COMPARED = 'cell=phone%3AYealink%3ASIP-T46S&cell=phone%3AYealink%3ASIP-T54W&cell=phone%3APoly%3AVVX+450';
const PAGES: Readonly<Record<string, readonly [path: string, role?: Role]>> = {
  overview: ['/'],
  'overview-open': [`/?period=${OPEN}`],
  explore: ['/explore'],
  'explore-makers': ['/explore?by=devices&chart=percent&view=vendor'],
  'explore-platforms': ['/explore?chart=stacked&view=platform'],
  'explore-compared': [`/explore?${COMPARED}`],
  model: ['/models/phone/Yealink/SIP-T54W'],
  'model-gone': ['/models/phone/Snom/D785'],
  maker: ['/makers/Poly'],
  platform: ['/platforms/FreePBX%2017'],
  movers: ['/movers'],
  unlisted: ['/unlisted'],
  releases: ['/releases'],
  held: ['/releases/held'],
  agreements: ['/releases/agreements'],
  profile: ['/releases/profile'],
  release: [`/releases/${LAST}/Yealink`, 'manufacturer:Yealink'],
  'release-no-noise': [`/releases/${THIRD_LAST}/Yealink`],
  access: ['/access'],
  check: ['/check'],
  method: ['/method'],
  privacy: ['/privacy'],
  'not-allowed': ['/access', 'reader'],
  docs: ['/docs'],
  signin: ['/signin'],
};

const [directory = '', only = ''] = process.argv.slice(2);
if (directory === '') throw new Error('say where: npm run pictures -- DIRECTORY [PART OF A NAME]');
mkdirSync(directory, { recursive: true });
const [real, browser] = await Promise.all([openRealConsole(), openBrowser()]);
try {
  for (const [name, [path, role = 'admin']] of Object.entries(PAGES))
    if (name.includes(only)) await picture(real, name, path, role);
} finally {
  await browser.close();
  await real.close();
}

async function picture(from: RealConsole, name: string, path: string, role: Role): Promise<void> {
  const { page } = name === 'signin' ? await openPage(browser) : await from.page(browser, role);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 900 });
      if (name === 'docs' || name === 'signin') await page.goto(from.url + path, { waitUntil: 'networkidle' });
      else await visit(page, from.url + path);
      const file = join(directory, `${name}-${width}-${colorScheme}.png`);
      await page.screenshot({ path: file, fullPage: name !== 'docs', animations: 'disabled' });
    }
  }
  await page.context().close();
  process.stdout.write(`${name}\n`);
}
