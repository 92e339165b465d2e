import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type AllRoutesDeps, allRoutes } from '../../services/api/all-routes.ts';
import { securityHeaders } from '../../services/http/security-headers.ts';
import { serveRoutes } from '../../services/http/serve-routes.ts';
import { buildHttp } from '../../services/http/server.ts';
import { chromiumAvailable, load } from '../support/chromium.ts';

const missing = chromiumAvailable();
const quiet = () => {};

// The page is made of the routes alone: no handler but its own is called, so nothing stands behind the others.
const app = buildHttp({
  log: { info: quiet, warn: quiet, error: quiet },
  maxWireBytes: 1024,
  maxInflatedBytes: 1024,
});
securityHeaders(app);
serveRoutes(app, allRoutes({} as AllRoutesDeps), { authenticate: async () => undefined });

describe.skipIf(missing)(missing ?? 'the page of the API in Chromium', () => {
  let docs: string;
  beforeAll(async () => {
    docs = `${await app.listen({ port: 0, host: '127.0.0.1' })}/docs`;
  });
  afterAll(() => app.close());

  test('is loaded whole, and its policy refuses nothing of it', async () => {
    const { dom, complaints } = await load(docs);
    expect(dom).toContain('<h1>Rollcall API</h1>');
    expect(dom.match(/<section /g)?.length).toBe(dom.match(/<li><a href="#/g)?.length);
    expect(complaints).toEqual([]);
  });

  test('would be refused its style, and a script, if they were others than the policy names', async () => {
    const page = await fetch(docs);
    const policy = page.headers.get('content-security-policy') ?? '';
    const changed = (await page.text())
      .replace('font:', 'font :')
      .replace('<main>', '<main><script>document.title = "ran"</script>');
    const { dom, complaints } = await load(
      await serving((_request, response) =>
        response.setHeader('content-security-policy', policy).setHeader('content-type', 'text/html').end(changed),
      ),
    );
    expect(complaints.filter((line) => /inline style/.test(line))).toHaveLength(1);
    expect(complaints.filter((line) => /inline script/.test(line))).toHaveLength(1);
    expect(dom).not.toContain('<title>ran</title>');
  });

  test('is no wider than a narrow screen; a page with something wide is', async () => {
    const html = await (await fetch(docs)).text();
    expect(await overflowAt360(html)).toBe(0);
    const wide = html.replace('<main>', '<main><p style="width: 50rem">wide</p>');
    expect(await overflowAt360(wide)).toBeGreaterThan(300);
  });
});

/** How many pixels of a page are beyond the right edge of a frame of 360 pixels, where one has to scroll sideways. */
async function overflowAt360(html: string): Promise<number> {
  const outer = `<!doctype html><iframe id="f" width="360" height="800" style="border:0" src="/page"></iframe><script>
    addEventListener('load', () => {
      const { scrollWidth, clientWidth } = f.contentDocument.documentElement;
      document.title = 'beyond ' + (scrollWidth - clientWidth);
    });
  </script>`;
  const url = await serving(({ url }, response) =>
    response.setHeader('content-type', 'text/html').end(url === '/page' ? html : outer),
  );
  const { dom } = await load(url);
  return Number(/<title>beyond (\d+)<\/title>/.exec(dom)?.[1]);
}

async function serving(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}
