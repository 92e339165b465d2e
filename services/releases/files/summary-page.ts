import type { ManifestKey, ReleaseDocument, ReleasedCell } from '../../../schemas/release-file.ts';
import { rightOfHundred } from '../numbers/claims.ts';
import { html, type Markup } from './html.ts';
import { deltaText, epsilonText } from './notice.ts';
import { SUMMARY_STYLE } from './summary-style.ts';
import { months, tables } from './summary-tables.ts';
import { capsText, marginText, monthText, numberText, queryText } from './summary-words.ts';

/** The release for people: one page without scripts that needs nothing from anywhere else, and prints on two sheets. */
export function summaryPage(document: ReleaseDocument, key: ManifestKey): string {
  const { answer, notice, party, period, revision, profile } = document;
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
<p class="about">${title}, for ${party}${revision === 0 ? '' : `, amendment ${revision}`}</p>
<h1>${answer}</h1>
</header>
${profile === 'threshold' ? html`<p class="notice loud">${notice}</p>` : ''}
<main>
${totals(document)}
${tables(document)}${months(document)}${notShown(document)}</main>
${method(document)}
${verification(key)}
</body>
</html>
`}`;
}

function totals({ cells, method }: ReleaseDocument): Markup {
  const one = (query: ReleasedCell['query']) => cells.find((cell) => cell.query === query);
  const [all, atCap] = [one('all'), one('at_cap')];
  const facts: (readonly [string, string, number])[] = [];
  if (all) facts.push([numberText(all.sites), 'phone systems reported', all.sitesMargin]);
  if (all?.phones !== null && all?.phones !== undefined)
    facts.push([numberText(all.phones), `phones of all makers, ${capsText(method.caps)}`, all.phonesMargin ?? 0]);
  if (atCap)
    facts.push([
      numberText(atCap.sites),
      `sites have ${method.caps[0]} or more of one model: what is above that is not counted`,
      atCap.sitesMargin,
    ]);
  return html`<dl class="totals">
${facts.map(([number, words, margin]) => html`<div><dt>${number} <span class="margin">${marginText(margin)}</span></dt><dd>${words}</dd></div>\n`)}</dl>`;
}

/** Said once, and not beside every number. */
function notShown({ coverage, largeEnough }: ReleaseDocument): Markup {
  if (!largeEnough) return html``;
  const hidden = coverage.filter(({ listed, published }) => published < listed);
  if (hidden.length === 0) return html``;
  const parts = hidden.map(
    ({ query, listed, published, from }) =>
      `${listed - published} of ${listed} ${queryText(query)} (from about ${from} sites on)`,
  );
  return html`<section>
<h2>Not shown</h2>
<p>On too few sites to be told from noise, or on none: ${parts.join('; ')}. What is not listed in the catalogue is in no number but that of all systems.</p>
</section>`;
}

function method({ method, frozenAt, profile }: ReleaseDocument): Markup {
  const { epsilon, delta, rho, caps, sitesRounding, phonesRounding, policyVersion, catalogue } = method;
  const bound =
    epsilon === 'unbounded' || delta === null || rho === null
      ? html`<p><b>These numbers carry no noise.</b> They are counts of at least ${method.threshold} sites, rounded to ${sitesRounding} sites and ${phonesRounding} phones, and what they reveal about a site has no bound (epsilon unbounded).</p>`
      : html`<p>Before publication a random whole number was added to every sum, once, also where nobody has the model. Somebody who knows every other phone system exactly, and guesses whether one certain system is in these numbers, is right at most ${rightOfHundred(rho)} times of 100; a coin is right 50 times. Any conclusion is at most e<sup>${epsilonText(epsilon)}</sup> times as likely with it as without it (differential privacy, epsilon = ${epsilonText(epsilon)} at delta = ${deltaText(delta)}, rho = ${String(rho)}).</p>`;
  return html`<section class="method">
<h2>How to read this</h2>
<p>± is a 95 % margin: noise and rounding together. It does not cover who takes part: systems that report are no random sample of all. Sites are counted for their ${caps.length} most frequent phone models; phones are counted ${capsText(caps)}, so that large sites do not decide them. ${profile === 'noised' ? 'An arrow is a change that chance makes in no more than one of twenty releases.' : ''} Shares are of all systems, those of makers on a platform of that platform's.</p>
${bound}
<p>${method.source} Catalogue ${catalogue}, policy ${policyVersion}, frozen on ${frozenAt.slice(0, 10)}.</p>
</section>`;
}

function verification({ id, fingerprint, publishedAt }: ManifestKey): Markup {
  return html`<section class="method">
<h2>Check it</h2>
<p><code>node verify.mjs</code> in the folder of these files, with the publisher's <code>public-key.pem</code> beside it. Signed with the key <code>${id}</code>, fingerprint <code>${fingerprint}</code>: compare it with the one at ${publishedAt}.</p>
</section>`;
}
