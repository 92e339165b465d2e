import { mkdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { KnownEnds } from '../../services/agent/end-of-life.ts';
import { ownPolicy, policyReference } from '../../services/agent/policy.ts';
import { openUi } from '../../services/agent/ui/ui-server.ts';
import { nameKey } from '../../services/core/mapping.ts';
import { agentSite, DAY, line, listeningService } from '../support/agent-site.ts';
import { chromiumAvailable } from '../support/chromium.ts';

const OLD: KnownEnds = {
  dated: new Map([
    [
      nameKey({ category: 'phone', vendor: 'Yealink', model: 'SIP-T28P' }),
      { sold: '2015-03', supported: '2018-03-31', source: 'a notice of its maker' },
    ],
  ]),
  undated: {
    models: [{ category: 'phone', vendor: 'Yealink', models: ['SIP-T28P'], note: 'no firmware after V73' }],
    platforms: [],
  },
};
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** Where pictures go, for whoever wants to look at them. */
const PICTURES = process.env.AGENT_UI_PICTURES;

/** What the service collects by, of which this agent knows nothing yet. */
const NEWER = ownPolicy().version + 1;

const newer = {
  ...ownPolicy(),
  version: NEWER,
  collected: [
    ...ownPolicy().collected,
    { field: '/devices/*/firmware', purpose: 'to see what is old', retention: 'until close' },
  ],
};
const NEWER_TEXT = encodeURIComponent(policyReference(newer));

async function opened() {
  const site = agentSite();
  const service = await listeningService(site.clock, ({ path }) =>
    path.endsWith('/v1/policy') ? { status: 200, body: newer } : undefined,
  );
  site.have({
    lines: [line('SIP-T46S', 12), line('SIP-T28P', 2), line('<img src=x onerror=alert(1)>', 1)],
    resolutions: [
      {
        source: 'endpoints',
        raw: 'Yealink SIP-T28P 2.70.0.140 <script>alert(1)</script>',
        answer: { kind: 'listed', ...line('SIP-T28P', 2) },
        count: 2,
      },
    ],
  });
  const deps = { ...site.deps, config: { ...site.deps.config, service: service.url } };
  const ui = await openUi(0, OLD, deps);
  onTestFinished(() => ui.close());
  return { site, service, deps, ui };
}

function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
  }: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }> {
  return new Promise((resolve, reject) => {
    const asked = request(
      url,
      {
        method,
        headers: {
          ...(body
            ? { 'content-length': String(body.length), 'content-type': 'application/x-www-form-urlencoded' }
            : {}),
          ...headers,
        },
      },
      (response) => {
        let text = '';
        response.on('data', (part) => (text += part));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

describe('the page', () => {
  test('is on this machine only, behind a secret, and lets nothing in or out', async () => {
    const { ui } = await opened();
    const { origin, pathname, port } = new URL(ui.url);
    expect(new URL(ui.url).hostname).toBe('127.0.0.1');
    expect(pathname).toMatch(/^\/[A-Za-z0-9_-]{32}\/$/);
    for (const path of ['/', '/x/', `/${'A'.repeat(32)}/`, `${pathname}../`, `${pathname}state.json`])
      expect((await ask(`${origin}${path}`)).status).toBe(404);
    const page = await ask(ui.url);
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'self'/);
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-frame-options': 'DENY' });
    expect(page.text).not.toMatch(/<script|<img|https?:\/\/(?!127\.0\.0\.1)|<[^>]* on\w+=/);
    // A name that was made to point here.
    expect((await ask(ui.url, { headers: { host: `evil.example:${port}` } })).status).toBe(404);
  });

  test('a press of the switch counts only from the page itself', async () => {
    const { ui, deps } = await opened();
    const csrf = /name="csrf" value="([^"]+)"/.exec((await ask(ui.url)).text)![1]!;
    const press = (body: string, headers: Record<string, string> = {}) =>
      ask(`${ui.url}switch`, { method: 'POST', body, headers });
    expect((await press('to=on')).status).toBe(403);
    expect((await press('to=on&csrf=x')).status).toBe(403);
    expect((await press(`to=on&csrf=${csrf}`, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await press(`to=on&csrf=${csrf}`, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await press(`to=on&csrf=${csrf}&x=${'x'.repeat(9_000)}`)).status).toBe(403);
    expect(deps.file.read()).toBeUndefined();
    expect(
      (
        await press(`to=on&csrf=${csrf}&policy=${NEWER_TEXT}`, {
          origin: new URL(ui.url).origin,
          'sec-fetch-site': 'same-origin',
        })
      ).status,
    ).toBe(303);
    expect(deps.file.read()!.consent).toMatchObject({ policy: NEWER });
  });

  test('switches on, shows receipts and what is old, switches off and takes back', async () => {
    const { ui, deps, site, service } = await opened();
    const press = async (to: string) => {
      const csrf = /name="csrf" value="([^"]+)"/.exec((await ask(ui.url)).text)![1]!;
      await ask(`${ui.url}switch`, { method: 'POST', body: `to=${to}&csrf=${csrf}&policy=${NEWER_TEXT}` });
    };
    await press('on');
    await site.live(2 * DAY);
    const page = (await ask(ui.url)).text;
    expect(page).toMatch(/aria-checked="true"/);
    expect(page).toMatch(/12 phone Yealink SIP-T46S<\/td><td>taken/);
    expect(page).toContain(
      'Yealink SIP-T28P: sold until 2015-03, supported until 2018-03-31 (a notice of its maker); no firmware after V73',
    );
    expect(page).toContain('&#60;script&#62;');
    await press('off');
    expect(service.reports().at(-1)!.report!.withdraw).toBe(true);
    expect(deps.file.read()).toBeUndefined();
    expect((await ask(ui.url)).text).toMatch(/aria-checked="false"/);
  });

  test('highlights what a newer policy collects, and asks before it is sent', async () => {
    const { ui, deps, site, service } = await opened();
    site.enable(service.url);
    await site.live(2 * DAY);
    const page = (await ask(ui.url)).text;
    expect(page.replaceAll('<wbr>', '')).toMatch(/<tr class="new"><td><strong>New:<\/strong> \/devices\/\*\/firmware/);
    expect(page).toContain(`Agree to policy ${NEWER}<`);
    const csrf = /name="csrf" value="([^"]+)"/.exec(page)![1]!;
    expect(page).toContain(`name="policy" value="${policyReference(newer)}"`);
    // A page of before a newer policy: what is agreed to is what was shown there, which is offered no more.
    await ask(`${ui.url}agree`, { method: 'POST', body: `csrf=${csrf}&policy=${policyReference(ownPolicy())}` });
    expect(deps.file.read()).toMatchObject({ consent: { policy: ownPolicy().version } });
    expect((await ask(ui.url)).text).toContain(`not enabled: this text of policy version ${NEWER} was not agreed to`);
    await ask(`${ui.url}agree`, { method: 'POST', body: `csrf=${csrf}&policy=${NEWER_TEXT}` });
    expect(deps.file.read()).toMatchObject({ newPolicy: null, consent: { policy: NEWER } });
  });

  test('asks the service nothing while it is off; a press shows what it says otherwise, and another press agrees to that', async () => {
    const { ui, deps, service } = await opened();
    const first = (await ask(ui.url)).text;
    const reference = (page: string) => /name="policy" value="([^"]+)"/.exec(page)![1]!;
    expect(first).toContain('The service is asked when you switch on, and not before');
    expect(reference(first)).toBe(policyReference(ownPolicy()));
    expect(service.asked).toEqual([]);
    const csrf = /name="csrf" value="([^"]+)"/.exec(first)![1]!;
    const press = (page: string) =>
      ask(`${ui.url}switch`, { method: 'POST', body: `to=on&csrf=${csrf}&policy=${reference(page)}` });
    await press(first);
    const second = (await ask(ui.url)).text;
    expect(second).toMatch(/aria-checked="false"/);
    expect(second).toContain('It is below: press again to agree to it.');
    expect(second.replaceAll('<wbr>', '')).toContain('/devices/*/firmware');
    expect([deps.file.read(), service.asked.length]).toEqual([undefined, 1]);
    await press(second);
    expect(deps.file.read()!.consent).toMatchObject({ policy: NEWER });
    expect(service.reports()).toEqual([]);
  });

  const unavailable = chromiumAvailable();
  test.skipIf(unavailable)(
    `${unavailable ?? 'in a browser'}: nothing that axe finds, nothing wider than 360 px, no word of the policy broken, light and dark, by keyboard`,
    async () => {
      const { ui, site, service, deps } = await opened();
      site.enable(service.url);
      await site.live(2 * DAY);
      const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
      onTestFinished(() => browser.close());
      for (const colorScheme of ['light', 'dark'] as const)
        for (const width of [360, 1280]) {
          // axe itself needs a script: the page's own policy is checked above.
          const context = await browser.newContext({ colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
          const page = await context.newPage();
          await page.goto(ui.url);
          expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
          // Only between words: none is in two lines, the widest column or the narrowest.
          expect(
            await page.evaluate(`Array.from(document.querySelectorAll('.policy td'), (cell) => {
              const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT), range = document.createRange(), broken = [];
              while (walk.nextNode())
                for (const { index, 0: word } of walk.currentNode.data.matchAll(/[^\\s-]+/g)) {
                  range.setStart(walk.currentNode, index);
                  range.setEnd(walk.currentNode, index + word.length);
                  if (new Set(Array.from(range.getClientRects(), ({ top }) => Math.round(top))).size > 1) broken.push(word);
                }
              return broken;
            }).flat()`),
          ).toEqual([]);
          await page.evaluate(axe);
          const found = (await page.evaluate(
            'axe.run().then((r) => r.violations.map((v) => [v.id, ...v.nodes.map((n) => n.html)].join(" ")))',
          )) as string[];
          expect(found).toEqual([]);
          if (PICTURES) {
            mkdirSync(PICTURES, { recursive: true });
            await page.screenshot({ path: join(PICTURES, `agent-${width}-${colorScheme}.png`), fullPage: true });
          }
          await context.close();
        }
      // With the keyboard alone, and with the page's policy in force.
      const page = await (await browser.newContext()).newPage();
      const complaints: string[] = [];
      page.on('console', (message) => complaints.push(message.text()));
      await page.goto(ui.url);
      const toggle = page.getByRole('switch');
      expect(await toggle.getAttribute('aria-checked')).toBe('true');
      await toggle.focus();
      await page.keyboard.press('Enter');
      await page.waitForURL(ui.url);
      await page.getByText('This month is taken back').waitFor();
      expect(deps.file.read()).toBeUndefined();
      expect(complaints).toEqual([]);
    },
  );
});
