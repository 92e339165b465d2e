import { spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

// npm run picture [-- --sites N --months M]: runs the demo and takes the README's picture of its Overview.

const MAIN = fileURLToPath(new URL('../../services/main.cjs', import.meta.url));
const PICTURE = fileURLToPath(new URL('../../../docs/overview.png', import.meta.url));
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

async function takePicture(link: string): Promise<void> {
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-dev-shm-usage'],
  });
  try {
    const page = await browser.newPage({ viewport: VIEW, colorScheme: 'light' });
    await page.goto(link, { waitUntil: 'networkidle' });
    await page.locator('main h1').first().waitFor();
    await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
    await page.screenshot({ path: PICTURE });
  } finally {
    await browser.close();
  }
}

const { link, end } = await demoLink(process.argv.slice(2));
try {
  await takePicture(link);
} finally {
  end();
}
const kilobytes = Math.round(statSync(PICTURE).size / 1024);
process.stderr.write(`${join('docs', 'overview.png')}: ${kilobytes} KB\n`);
process.exitCode = kilobytes > MOST_KB ? 1 : 0;
