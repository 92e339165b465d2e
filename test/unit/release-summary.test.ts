import { describe, expect, test } from 'vitest';
import { percent } from '../../services/console/app/lib/format.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { shareText } from '../../services/core/share-text.ts';
import { html } from '../../services/releases/files/html.ts';
import { releaseDocument } from '../../services/releases/files/release-json.ts';
import { fingerprintOf } from '../../services/releases/files/sign.ts';
import { summaryPage } from '../../services/releases/files/summary-page.ts';
import type { PublishedCell } from '../../services/releases/numbers/published.ts';
import { KEY, madeUpOrder, withoutNoise } from '../support/made-up-release.ts';

const NAMED = { id: KEY.keyId, fingerprint: fingerprintOf(KEY.publicKey), publishedAt: 'our own site' };
const pageOf = (order = madeUpOrder()) => summaryPage(releaseDocument(order), NAMED);

test('a share has the same tenths in the release and in the console, also where a binary number is just under the half', () => {
  for (let n = 0; n <= 10_000; n++) expect(shareText(n / 10_000)).toBe(percent(n / 10_000).replace('\u202f', ' '));
});

describe('the summary page', () => {
  const page = pageOf();
  const place = (words: string) => page.indexOf(words);

  test('needs nothing from anywhere else', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bhref=|https?:|\bon\w+=/i);
    expect(page).toContain("default-src 'none'");
  });

  test('leads with the answer: one sentence that can be quoted', () => {
    const [, answer] = /<h1>([^<]*)<\/h1>/.exec(page) ?? [];
    expect(answer).toMatch(
      /^In November 2026, of the 8,125 phone systems \(± 33\) that reported, 3,620 \(± 29; 44\.6 %\) had Yealink phones, with [0-9,]+ phones \(± [0-9,]+\) as counted here\.$/,
    );
    expect(place('<h1>')).toBeLessThan(place('<table '));
    expect(releaseDocument(madeUpOrder()).answer).toBe(answer);
  });

  test('has totals with margins, and says how much the caps hide', () => {
    expect(page).toContain('8,125 <span class="margin">± 33</span>');
    expect(page).toContain('counting at most 48 on a site (of its other models 24, 12, 6, 3, 3)');
    expect(page).toContain('sites have 48 or more of one model');
  });

  test('ranks models by their sites', () => {
    const names = ['SIP-T46S', 'SIP-T46U', 'SIP-T42S', 'SIP-T54W', 'SIP-T48G'].map((name) => place(`<b>${name}</b>`));
    expect(names).toEqual([...names].sort((a, b) => a - b));
    expect(Math.min(...names)).toBeGreaterThan(0);
  });

  test('shows makers on a platform as a share of the platform', () => {
    expect(page).toContain('share of the platform');
    expect(page).toContain('<b>Yealink</b> on FreePBX 17');
  });

  test('says once what is not shown, and from where on it would be', () => {
    expect(page.match(/<h2>Not shown<\/h2>/g)).toHaveLength(1);
    expect(page).toMatch(/1 of 7 phone models \(from about \d+ sites on\)/);
  });

  test('ends with method, epsilon in plain words and how to check it', () => {
    expect(place('epsilon = 3.54 at delta = 1.0e-6')).toBeGreaterThan(place('</table>'));
    expect(page).toContain('node verify.mjs');
    expect(page).toContain(NAMED.fingerprint);
    expect(page).toContain('our own site');
    expect(place('Check it')).toBeGreaterThan(place('How to read this'));
    expect(page).toContain('is right at most 64 times of 100; a coin is right 50 times');
  });

  test('is loud about a release without noise, and only then', () => {
    expect(pageOf(withoutNoise())).toContain('<p class="notice loud">THIS RELEASE CARRIES NO NOISE');
    expect(page).not.toContain('class="notice loud"');
  });

  test('tells the months before from their releases, this one first', () => {
    const { cells } = madeUpOrder().slice;
    const month = (period: string) => ({
      period: parsePeriod(period),
      caps: [48],
      cells: cells.map(({ share: _, change: __, ...rest }) => rest),
    });
    const earlier = Array.from({ length: 10 }, (_, i) => month(`2026-${String(10 - i).padStart(2, '0')}`));
    const long = pageOf(madeUpOrder({ earlier }));
    expect(long).toContain('<h2>Month by month</h2>');
    expect(long.indexOf('November 2026</td>')).toBeLessThan(long.indexOf('October 2026</td>'));
    expect(long).toContain('January 2026</td>');
    expect(page).not.toContain('Month by month');
  });

  test('says so when the fleet is too small, and when a party has nothing in it', () => {
    const cells = madeUpOrder().slice.cells.filter(({ query }) => query === 'all');
    const small = pageOf(madeUpOrder({ slice: { ...madeUpOrder().slice, largeEnough: false, cells } }));
    expect(small).toContain('fewer than 300 phone systems reported');
    expect(small).not.toContain('<table');
    const nothing = pageOf(madeUpOrder({ slice: { ...madeUpOrder().slice, cells } }));
    expect(nothing).toContain('too few had anything of Yealink');
  });

  test('shows no more than twelve rows of a table and says how many there are', () => {
    const order = madeUpOrder();
    const one = order.slice.cells.find(({ query }) => query === 'endpoint_model') as PublishedCell;
    const cells = Array.from({ length: 18 }, (_, n) => ({ ...one, model: `M${n}` }));
    const many = pageOf({ ...order, slice: { ...order.slice, cells } });
    expect(many.match(/<tr><td/g)).toHaveLength(12);
    expect(many).toContain('<p class="more on-screen">6 more in release.csv.</p>');
    expect(many).toContain('<p class="more on-paper">10 more in release.csv.</p>');
  });

  test('escapes whatever stands in it', () => {
    const document = { ...releaseDocument(madeUpOrder()), party: `<i a="b" c='d'>&` };
    const odd = summaryPage(document, NAMED);
    expect(odd).toContain('for &lt;i a=&quot;b&quot; c=&#39;d&#39;&gt;&amp;');
    expect(odd).not.toContain('<i a');
  });

  test('takes only its own markup for markup', () => {
    const [evil, fine] = ['<b>', html`<i>x</i>`];
    expect(String(html`${evil}${fine}${[evil, fine]}${7}`)).toBe('&lt;b&gt;<i>x</i>&lt;b&gt;<i>x</i>7');
    const lookalike = { toString: () => '<b>' } as unknown as string;
    expect(() => html`${lookalike}`).toThrow(TypeError);
  });
});
