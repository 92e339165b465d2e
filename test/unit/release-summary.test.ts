import { describe, expect, test } from 'vitest';
import { html } from '../../services/releases/files/html.ts';
import { releaseDocument } from '../../services/releases/files/release-json.ts';
import { summaryPage } from '../../services/releases/files/summary-page.ts';
import type { PublishedCell } from '../../services/releases/numbers/published.ts';
import { KEY, madeUpMonth, madeUpOrder, withoutNoise } from '../support/made-up-release.ts';

describe('the summary page', () => {
  const page = summaryPage(releaseDocument(madeUpOrder()), KEY.keyId);

  test('needs nothing from anywhere else', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\bsrc=|\bhref=|https?:|\bon\w+=/i);
    expect(page).toContain("default-src 'none'");
  });

  test('says the notice, the sample, the models, the change in words and how to check it', () => {
    for (const words of [
      'Phone systems in November 2026',
      'epsilon = 3.51 (delta = 1.1e-6)',
      'Sample: 8,120 sites (± 32)',
      'SIP-T46S',
      '14,200',
      '± 809',
      'up from 1,815',
      'no significant change from 13,800',
      'rollcall verify release.json',
      KEY.keyId,
    ])
      expect(page).toContain(words);
  });

  test('is loud about a release without noise, and only then', () => {
    const loud = summaryPage(releaseDocument(withoutNoise()), KEY.keyId);
    expect(loud).toContain('<p class="notice loud">THIS RELEASE CARRIES NO NOISE');
    expect(page).not.toContain('class="notice loud"');
  });

  test('tells of a cell that was not there the month before, and of phones that are not published', () => {
    const loud = summaryPage(releaseDocument(withoutNoise()), KEY.keyId);
    expect(loud).toContain('not published the month before');
    expect(page).toContain('not published</td>');
  });

  test('says why there are no numbers', () => {
    const slice = { ...madeUpMonth(), sampleSites: null, sampleMargin: null, modelsReleased: false, cells: [] };
    const empty = summaryPage(releaseDocument(madeUpOrder({ slice })), KEY.keyId);
    expect(empty).toContain('No sample size is published. It is too small for numbers of models.');
    expect(empty).toContain('No number of this party passed the gate this month.');
    expect(empty).not.toContain('<table>');
  });

  test('shows no more than fifteen rows of a table and says how many there are', () => {
    const order = madeUpOrder();
    const one = order.slice.cells.find(({ query }) => query === 'endpoint_model') as PublishedCell;
    const cells = Array.from({ length: 18 }, (_, n) => ({ ...one, model: `M${n}` }));
    const many = summaryPage(releaseDocument({ ...order, slice: { ...order.slice, cells } }), KEY.keyId);
    expect(many.match(/<tr><td/g)).toHaveLength(15);
    expect(many).toContain('3 more in release.csv.');
  });

  test('escapes whatever stands in it', () => {
    const document = { ...releaseDocument(madeUpOrder()), party: `<i a="b" c='d'>&` };
    const odd = summaryPage(document, KEY.keyId);
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
