import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { openBrowser, openPage, settled } from '../browser/support/browser.ts';

// npm run picture [-- --sites N --months M]: runs the demo and takes the README's pictures of its first page.

const MAIN = fileURLToPath(new URL('../../services/main.cjs', import.meta.url));
const pictureIn = (scheme: string) => fileURLToPath(new URL(`../../../docs/overview-${scheme}.png`, import.meta.url));
/** In kilobytes: a README is read on telephones too. */
const MOST_KB = 300;
const VIEW = { width: 1280, height: 860 };

/** The first link that signs a reader in, once the demo has printed it. */
function demoLink(args: readonly string[]): Promise<{ link: string; end: () => void }> {
  const demo = spawn(process.execPath, [MAIN, 'demo', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const end = () => void demo.kill('SIGTERM');
  return new Promise((resolve, reject) => {
    let said = '';
    demo.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [, link] = /reader +(http:\S+#link=\S+)/.exec(said) ?? [];
      if (link !== undefined) resolve({ link, end });
    });
    demo.once('exit', (code) => reject(new Error(`the demo ended with ${code}`)));
  });
}

async function takePictures(link: string): Promise<void> {
  const browser = await openBrowser();
  try {
    const { page } = await openPage(browser, { viewport: VIEW });
    await page.goto(link);
    await page.waitForURL(({ pathname }) => pathname === '/');
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      await settled(page);
      await page.screenshot({ path: pictureIn(colorScheme), animations: 'disabled' });
    }
  } finally {
    await browser.close();
  }
}

const { link, end } = await demoLink(process.argv.slice(2));
try {
  await takePictures(link);
} finally {
  end();
}
for (const scheme of ['light', 'dark']) {
  const kilobytes = Math.round(statSync(pictureIn(scheme)).size / 1024);
  process.stderr.write(`docs/overview-${scheme}.png: ${kilobytes} KB\n`);
  if (kilobytes > MOST_KB) process.exitCode = 1;
}
