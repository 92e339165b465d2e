import type { ReleaseDocument } from '../../../schemas/release-file.ts';
import { html, type Markup } from './html.ts';
import { deltaText, epsilonText } from './notice.ts';
import { SUMMARY_STYLE } from './summary-style.ts';
import { tables } from './summary-tables.ts';
import { marginText, monthText, numberText } from './summary-words.ts';

/** The release for people: one page without scripts that needs nothing from anywhere else. `keyId` is the signing key's. */
export function summaryPage(document: ReleaseDocument, keyId: string): string {
  const { notice, party, period, revision, profile } = document;
  const title = `Phone systems in ${monthText(period)}`;
  return `<!doctype html>
${html`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}, for ${party}</title>
`}<style>${SUMMARY_STYLE}</style>
${html`</head>
<body>
<header>
<h1>${title}</h1>
<p class="about">Rollcall release for ${party}${revision === 0 ? '' : `, amendment ${revision}`}</p>
</header>
<p class="${profile === 'threshold' ? 'notice loud' : 'notice'}">${notice}</p>
${sample(document)}
<main>
${tables(document)}</main>
${method(document)}
${verification(keyId)}
</body>
</html>
`}`;
}

function sample({ sample, cells }: ReleaseDocument): Markup {
  const size =
    sample.sites === null
      ? 'No sample size is published.'
      : `Sample: ${numberText(sample.sites)} sites (${marginText(sample.sitesMargin ?? 0)}).`;
  const models = sample.modelsReleased ? '' : ' It is too small for numbers of models.';
  const none = cells.length === 0 ? ' No number of this party passed the gate this month.' : '';
  return html`<p class="sample">${size}${models}${none}</p>`;
}

function method({ method, frozenAt, profile }: ReleaseDocument): Markup {
  const { threshold, sitesRounding, phonesRounding, mostPhonesOfASite, leastSample, epsilon, delta, rho } = method;
  const noised = profile === 'noised';
  const unbounded = epsilon === 'unbounded' || delta === null;
  const facts: readonly (readonly [string, string])[] = [
    ['Numbers', method.source],
    ['Shown from', `${threshold} sites${noised ? `; models from a sample of ${numberText(leastSample)} sites` : ''}`],
    ['Rounded to', `${sitesRounding} sites, ${phonesRounding} phones`],
    ['Phones', `a lower bound: at most ${mostPhonesOfASite} of a model count at one site`],
    ['Noise', noised ? 'discrete Gaussian, drawn once for every cell' : 'none'],
    ['Epsilon', unbounded ? 'unbounded' : `${epsilonText(epsilon)} at delta ${deltaText(delta)} (rho ${rho})`],
    ['Policy, catalogue', `version ${method.policyVersion}, ${method.catalogue}`],
    ['Frozen', frozenAt.slice(0, 10)],
  ];
  return html`<section>
<h2>Method</h2>
<dl>
${facts.map(([term, words]) => html`<dt>${term}</dt><dd>${words}</dd>\n`)}</dl>
<p>± is a 95 % margin for noise and rounding, and the shade at the end of a bar. It does not cover who takes part, nor what large sites have above the most that counts. “No significant change” is a difference that noise and rounding alone may well make.</p>
</section>`;
}

function verification(keyId: string): Markup {
  return html`<section>
<h2>Check it yourself</h2>
<p>Keep the five files of the release in one folder, take the public key from the publisher's own site, and run:</p>
<pre><code>rollcall verify release.json --key public-key.pem</code></pre>
<p>It was signed with the key <code>${keyId}</code>.</p>
</section>`;
}
