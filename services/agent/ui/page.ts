import type { Previewed } from '../commands/owner.ts';
import type { Ended } from '../end-of-life.ts';
import { beyondText, type Policy, policyReference } from '../policy.ts';
import type { Site, State } from '../state/state.ts';
import { escapeHtml } from './html.ts';

export interface PageParts {
  readonly state: State | undefined;
  readonly csrf: string;
  readonly policy: Policy;
  /** Whether the service gave it, or this agent was made with it. */
  readonly isServices: boolean;
  readonly service: string | undefined;
  readonly previews: readonly Previewed[];
  /** What the last press of the switch came to. */
  readonly said: string;
}

/** The owner's page: one document without scripts. */
export function page(parts: PageParts): string {
  const { state, policy, previews } = parts;
  const old: readonly Ended[] = previews.flatMap(({ ended }) => ended);
  const receipts = Object.entries(state?.sites ?? {});
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Rollcall on this phone system</title><link rel="stylesheet" href="style.css"></head>
<body><main><h1>Rollcall on this phone system</h1>
${switchSection(parts)}
<section aria-labelledby="preview"><h2 id="preview">What would be sent now</h2>
<p class="soft">Exactly these bytes. What each device calls itself is shown here only.</p>
${previews.map(previewOf).join('') || '<p>Nothing could be read.</p>'}</section>
<section aria-labelledby="receipts"><h2 id="receipts">Last receipts</h2>
${receipts.map(([name, site]) => receiptOf(name, site)).join('') || '<p>Nothing was sent from here this month.</p>'}</section>
<section aria-labelledby="old"><h2 id="old">Past their sale or support</h2>
<p class="soft">Looked up on this machine, never sent.</p>
${old.length === 0 ? '<p>Nothing here is known to be.</p>' : `<ul>${old.map(({ name, note }) => `<li>${escapeHtml(name)}: ${escapeHtml(note)}</li>`).join('')}</ul>`}</section>
<section aria-labelledby="policy"><h2 id="policy">What is collected: policy version ${policy.version}</h2>
${whose(parts)}${policyOf(policy, state)}</section>
</main></body></html>`;
}

function switchSection({ state, csrf, policy, service, said }: PageParts): string {
  const on = state?.consent != null && !state.stopping;
  const what = on
    ? 'On: one report a month and when something changes.'
    : state?.stopping
      ? 'Off. What was sent this month is still being taken back; this goes on by itself until the service confirms it.'
      : 'Off: nothing is collected, sent or stored.';
  const where = service
    ? `Service: ${escapeHtml(service)}`
    : 'No service is configured: rollcall-agent enable --service URL.';
  // Pressing agrees to what this page shows, and to no other text.
  const hidden = `<input type="hidden" name="csrf" value="${csrf}"><input type="hidden" name="policy" value="${policyReference(policy)}">`;
  const note = state?.newPolicy
    ? `<p class="new">${escapeHtml(beyondText(state.newPolicy))}. It is below.</p>
<form method="post" action="agree">${hidden}<button>Agree to policy ${policy.version}</button></form>`
    : '';
  return `<section aria-labelledby="switch"><h2 id="switch">Take part</h2>
<form method="post" action="switch" class="switch">${hidden}<input type="hidden" name="to" value="${on ? 'off' : 'on'}">
<button role="switch" aria-checked="${on}" ${service || on ? '' : 'disabled'}><span class="track" aria-hidden="true"></span><span>Report this system anonymously</span></button></form>
<p role="status">${escapeHtml(what)} ${escapeHtml(said)}</p><p class="soft">${where}</p>${note}</section>`;
}

/** Where the policy that is shown comes from, when that is not the service. */
function whose({ isServices, service, state }: PageParts): string {
  if (isServices || !service) return '';
  const why =
    state?.consent == null
      ? 'The service is asked when you switch on, and not before: if its policy says anything else, that is shown here first and nothing is on yet.'
      : 'The service could not be asked now.';
  return `<p class="soft">This agent was made with it. ${why}</p>`;
}

function previewOf({ name, text, notes }: Previewed): string {
  return `<details open><summary>${escapeHtml(name)}: the report</summary><pre tabindex="0" aria-label="The report of ${escapeHtml(name)}">${escapeHtml(text)}</pre></details>
<details><summary>${escapeHtml(name)}: what became of what was read</summary><pre tabindex="0" aria-label="What became of what was read of ${escapeHtml(name)}">${escapeHtml(notes)}</pre></details>`;
}

function receiptOf(name: string, { period, receipt, failure }: Site): string {
  const trouble = failure ? `<p>The last attempt failed: ${escapeHtml(failure)}.</p>` : '';
  if (!receipt) return `<h3>${escapeHtml(name)}, ${period}</h3>${trouble}<p>No report yet this month.</p>`;
  const rows = receipt.lines
    .map(({ line, became }) => `<tr><td>${escapeHtml(line)}</td><td>${escapeHtml(became)}</td></tr>`)
    .join('');
  return `<h3>${escapeHtml(name)}, ${period}</h3>${trouble}
<p>${new Date(receipt.at).toISOString()}: ${receipt.accepted} accepted, ${receipt.unlisted} unlisted, ${receipt.refused.length} refused.</p>
<table><thead><tr><th scope="col">Line</th><th scope="col">What became of it</th></tr></thead><tbody>${rows}</tbody></table>`;
}

/** What was not agreed to is highlighted. */
function policyOf({ collected, neverCollected = [] }: Policy, state: State | undefined): string {
  const agreed = state?.consent?.fields;
  const rows = collected.map(({ field, purpose = '', retention = '' }) => {
    const isNew = agreed !== undefined && !agreed.includes(field);
    // A path may end a line behind any of its parts, and nowhere else.
    const path = escapeHtml(field).replaceAll('/', '/<wbr>');
    return `<tr${isNew ? ' class="new"' : ''}><td>${isNew ? '<strong>New:</strong> ' : ''}${path}</td><td>${escapeHtml(purpose)}</td><td>${escapeHtml(retention)}</td></tr>`;
  });
  const never = neverCollected.map((what) => `<li>${escapeHtml(what)}</li>`).join('');
  return `<table class="policy"><thead><tr><th scope="col">Field</th><th scope="col">Purpose</th><th scope="col">Kept</th></tr></thead><tbody>${rows.join('')}</tbody></table>
<h3>Never collected</h3><ul>${never}</ul>`;
}
