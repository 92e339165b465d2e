import type { ConsoleFiles } from './console-files.ts';

/** What an owner is told, read off the schema and the code that keep it. */
export interface OwnersPage {
  readonly policy: {
    readonly version: number;
    readonly since?: string;
    readonly collected: readonly {
      readonly field: string;
      readonly purpose?: string;
      readonly retention?: string;
      readonly public?: boolean;
    }[];
    readonly neverCollected: readonly string[];
    readonly threshold: number;
    readonly versions?: readonly {
      readonly version: number;
      readonly since: string;
      readonly added: readonly string[];
      readonly removed: readonly string[];
      readonly changed: readonly string[];
    }[];
  };
  /** Hours from a month's end to its close. */
  readonly closesAfterHours: number;
  /** What manufacturers can learn of one site: a month and twelve; undefined where it is not worked out. */
  readonly reveals?: { readonly month: number; readonly year: number };
}

/** What fields are called where an owner reads them, with an example each. */
const FIELDS: Readonly<Record<string, readonly [string, string]>> = {
  '/platform/name': ['Platform', 'FreePBX'],
  '/platform/version': ['Its major version', '17'],
  '/devices/*/category': ['Category of a device', 'phone'],
  '/devices/*/vendor': ['Maker of a device', 'Yealink'],
  '/devices/*/model': ['Model of a device', 'SIP-T46S'],
  '/devices/*/count': ['How many of it', '12'],
  '/period': ['The month', '2026-11'],
  '/schema': ['The version of the form', ''],
  '/token': ['A token', ''],
  '/sequence': ['A running number', ''],
  '/withdraw': ['“Take it back”', ''],
  '/memory': ['What stays in memory', ''],
  '/seenBy': ['Who sees the counts', ''],
  '/limits': ['What keeps made-up sites out', ''],
  '/ticket': ['A ticket that the service gave', ''],
};

type Field = OwnersPage['policy']['collected'][number];

/** Works without a script, an account, or anything from elsewhere. */
export function privacyPage(owners: OwnersPage, files: ConsoleFiles | undefined): string {
  const { policy } = owners;
  const kept = policy.collected.filter((field) => field.public);
  const passing = policy.collected.filter((field) => !field.public);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>What is collected – Rollcall</title>
${files ? `<link rel="stylesheet" href="${files.style}">\n<link rel="icon" type="image/svg+xml" href="${files.icon}">` : ''}
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><div class="in">
<a class="brand" href="/">${LOGO}<b>Rollcall</b></a>
<nav aria-label="Pages"><a href="/privacy" aria-current="page">What is collected</a><a href="/check">Check a release</a><a href="/method">Method</a><a href="/docs">API</a></nav>
<div class="right"><a class="btn" href="/signin">Sign in</a></div>
</div></header>
<main id="main"><div class="prose-page">
<h1 class="lede">We count your phones.<br>We do not know whose they are.</h1>
<p class="sub">If you allow it, your phone system sends one short list a month: which makes and models it has, and how many. No names, no addresses, no serial numbers. The list is taken apart on arrival, and at the end of the month even the parts are destroyed.</p>
<p class="meta"><span class="badge final">Policy version ${policy.version}</span>${policy.since === undefined ? '' : `<span>In force since ${text(policy.since)}.</span>`} <span>Nothing on this page needs an account or a script.</span></p>
${flow(policy.threshold)}
${section('What is collected', table(['What', 'For example', 'What for'], kept.map(collectedRow)))}
${section('What is sent but not kept', table(['What', 'Why it is sent', 'Where it stays'], passing.map(passingRow)))}
${section('What is never collected', `<ul class="never">${policy.neverCollected.map((what) => `<li>${CROSS}<span>${text(capital(what))}</span></li>`).join('')}</ul>`)}
${section('How long it is kept', times(owners))}
${section('What we cannot promise', honest(owners))}
${section('See it before it goes, and take it back', `<p>This prints what would be sent, and sends nothing:</p><pre>rollcall-agent preview</pre><p>This takes back everything of the month. Off means off:</p><pre>rollcall-agent disable</pre>`)}
${section('Versions', versions(owners))}
</div></main>
<footer class="foot"><div class="in"><span>Rollcall counts phone systems without knowing whose they are.</span><nav aria-label="About"><a href="/privacy">What is collected</a><a href="/method">Method</a><a href="/docs">API</a></nav></div></footer>
</body>
</html>
`;
}

function section(title: string, content: string): string {
  const id = title.toLowerCase().replace(/[^a-z]+/g, '-');
  return `<section class="sec" aria-labelledby="${id}"><h2 id="${id}">${text(title)}</h2><div>${content}</div></section>`;
}

function table(heads: readonly string[], rows: readonly string[]): string {
  return `<div class="tb" role="group" aria-label="${text(heads[1] ?? '')}" tabindex="0"><table><thead><tr>${heads.map((head) => `<th scope="col">${text(head)}</th>`).join('')}</tr></thead><tbody>${rows.join('')}</tbody></table></div>`;
}

function collectedRow({ field, purpose = '' }: Field): string {
  const [name, example] = FIELDS[field] ?? [wordsOf(field), ''];
  return `<tr><td>${text(name)}</td><td>${example === '' ? '' : `<code>${text(example)}</code>`}</td><td>${text(purpose)}</td></tr>`;
}

function passingRow({ field, purpose = '', retention = '' }: Field): string {
  return `<tr><td>${text(FIELDS[field]?.[0] ?? wordsOf(field))}</td><td>${text(purpose)}</td><td>${text(retention)}</td></tr>`;
}

const nameOf = (field: string): string => FIELDS[field]?.[0] ?? wordsOf(field);

/** The last part of a field's path, in words. */
function wordsOf(field: string): string {
  const last = field.split('/').at(-1) ?? field;
  return capital(last.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase());
}

function flow(threshold: number): string {
  const parts = [
    [
      '1. Your system sends a list',
      '“12 Yealink SIP-T46S, one Xeon E3-1220, FreePBX 17.” You can read it, byte for byte, before it goes.',
      LIST,
    ],
    [
      '2. It is taken apart',
      'Each line becomes a fact of its own: “some site has 12 of these”. Facts of one site share nothing that would join them again.',
      APART,
    ],
    [
      '3. Only counts remain',
      `After the month the facts are destroyed. What stays are counts of ${numberWord(threshold)} sites or more. Manufacturers get them with noise.`,
      COUNTS,
    ],
  ];
  return `<div class="flow">${parts.map(([title, words, picture]) => `<div>${picture}<h2>${text(title ?? '')}</h2><p>${text(words ?? '')}</p></div>`).join('')}</div>`;
}

function times({ closesAfterHours, policy }: OwnersPage): string {
  const rows = [
    [
      'Your report',
      'never on disk; in memory until the place is needed again, which can take hours. The token is overwritten at once',
    ],
    ['Its facts', `until the month is closed: about ${Math.floor(closesAfterHours)} hours after its end`],
    ['Counts', `for good, and only those of ${numberWord(policy.threshold)} sites or more`],
  ];
  return `<ul class="time">${rows.map(([what, long]) => `<li><b>${text(what ?? '')}</b><span>${text(long ?? '')}</span></li>`).join('')}</ul>`;
}

function honest({ reveals }: OwnersPage): string {
  const bound = reveals
    ? `What a manufacturer can learn about one site is bounded: epsilon ${significant(reveals.month)} a month, ${significant(reveals.year)} a year. Smaller is safer. A month released without noise has no bound, and says so.`
    : 'What a manufacturer can learn about one site is bounded, and the bound is printed with every release. A month released without noise has no bound, and says so.';
  return `<div class="honest"><p>While a month is open we hold its facts. Somebody who runs this server and means ill could copy them again and again and piece a site together. After the close only counts are left.</p><p>${text(bound)} Our staff see exact counts, and the bound ends where they would pass them on.</p></div>`;
}

function versions({ policy }: OwnersPage): string {
  const known = policy.versions ?? [
    { version: policy.version, since: policy.since ?? '', added: [], removed: [], changed: [] },
  ];
  return known
    .toReversed()
    .map(({ version, since, added, removed, changed }) => {
      const parts = [
        ...added.map((field) => `<ins>added: ${text(nameOf(field))}</ins>`),
        ...removed.map((field) => `<del>no longer: ${text(nameOf(field))}</del>`),
        ...changed.map((what) => `said otherwise: ${text(nameOf(what))}`),
      ];
      const first =
        version === 1 ? 'The first. When something is added, it is marked here before the first report has it.' : '';
      return `<div class="ver"><b><a href="/v1/policy?version=${version}">Version ${version}</a></b><span>${since === '' ? '' : `${text(since)}. `}${version === 1 ? first : parts.join('; ')}</span></div>`;
    })
    .join('');
}

const significant = (n: number): string => Number(n.toPrecision(3)).toString();
const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);
const numberWord = (n: number): string => (n === 10 ? 'ten' : String(n));

export function text(raw: string): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const LOGO =
  '<svg class="logo" width="26" height="22" viewBox="0 0 26 22" aria-hidden="true"><path d="M5 4v14M10 4v14M15 4v14M20 4v14M2 15.5 23.5 6.5"/></svg>';
const CROSS =
  '<svg class="ic" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true"><path d="M4 4l8 8M12 4l-8 8"/></svg>';
const LIST =
  '<svg class="fl" width="64" height="44" viewBox="0 0 64 44" aria-hidden="true"><rect class="f" x="5" y="6" width="28" height="32" rx="3"/><path d="M12 15h14M12 22h14M12 29h9M41 22h14M50 17l5 5-5 5"/></svg>';
const APART =
  '<svg class="fl" width="64" height="44" viewBox="0 0 64 44" aria-hidden="true"><rect class="f" x="3" y="6" width="15" height="9" rx="2"/><rect class="f" x="24" y="18" width="15" height="9" rx="2"/><rect class="f" x="43" y="7" width="15" height="9" rx="2"/><rect class="f" x="7" y="30" width="15" height="9" rx="2"/><rect class="f" x="42" y="31" width="15" height="9" rx="2"/></svg>';
const COUNTS =
  '<svg class="fl" width="64" height="44" viewBox="0 0 64 44" aria-hidden="true"><rect class="f" x="6" y="20" width="9" height="18" rx="1.5"/><rect class="f" x="22" y="8" width="9" height="30" rx="1.5"/><rect class="f" x="38" y="26" width="9" height="12" rx="1.5"/><path class="q" d="M52 38h8"/></svg>';
