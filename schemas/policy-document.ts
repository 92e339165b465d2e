import { fieldsOf } from './policy.ts';
import { Report } from './report.ts';

/** The version that is in force: it grows whenever the document says something else. */
export const POLICY_VERSION = 4;

/** Said of a field that the version before did not have. */
export const NOT_THERE = 'not there';

/** What versions 1 and 2 said of names. */
const NAME_ONLY = 'catalogue name only; fact until close, then counts of ten or more sites';

/** What each version says otherwise than the one before. */
const CHANGES = [
  {
    version: 2,
    collected: 'nothing more and nothing else than version 1',
    changes: [
      {
        at: '/collected',
        field: '/token',
        was: 'memory only, for the time of one request; made anew by the site each month',
      },
      { at: '/memory', was: 'not said: the rest of a request was said to be in memory for milliseconds' },
      { at: '/seenBy', was: 'not said: whoever decided about releases could read exact counts' },
    ],
  },
  {
    version: 3,
    collected:
      'of a site less than version 2: names that no list has are sealed, and of them it is not kept how many there are',
    changes: [
      { at: '/collected', field: '/ticket', was: NOT_THERE },
      { at: '/collected', field: '/devices/*/vendor', was: NAME_ONLY },
      { at: '/collected', field: '/devices/*/model', was: NAME_ONLY },
      {
        at: '/collected',
        field: '/devices/*/count',
        was: 'fact until close, then part of a sum over ten or more sites',
      },
      {
        at: '/unlisted',
        was: 'not said: it was said that catalogue names only are kept, and names that no list has were',
      },
      { at: '/limits', was: 'not said' },
    ],
  },
  {
    version: 4,
    collected: 'nothing more and nothing else than version 3',
    changes: [
      {
        at: '/unlisted/names',
        was:
          'sealed with a key of the month that lies in memory alone: in the log and the store it can be counted how many sites have ' +
          'the same name, and not read which it is; how many devices is not kept',
      },
    ],
  },
] as const;

/** From which day on each version was in force. */
const SINCE: Readonly<Record<number, string>> = { 1: '2026-11-23', 2: '2026-11-26', 3: '2026-11-26', 4: '2026-11-27' };

interface PolicyVersion {
  readonly version: number;
  /** A day. */
  readonly since: string;
  /** JSON pointers: into a report for its fields, into the document for what else it says. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

interface Difference {
  readonly at: string;
  readonly field?: string;
  readonly was: string;
}

/** Every version, oldest first: fields that it began and ceased to collect, and what else it says in other words. */
function versions(): PolicyVersion[] {
  const later = CHANGES.map(({ version, changes }) => {
    const differences: readonly Difference[] = changes;
    const isNew = ({ field, was }: Difference) => field !== undefined && was === NOT_THERE;
    return {
      version,
      since: SINCE[version] ?? '',
      added: differences.filter(isNew).map(({ field = '' }) => field),
      removed: [],
      changed: differences.filter((one) => !isNew(one)).map(({ at, field }) => field ?? at),
    };
  });
  return [{ version: 1, since: SINCE[1] ?? '', added: [], removed: [], changed: [] }, ...later];
}

/** The document as each version said it, by its number, oldest first: what was changed since is put back. */
export function policyVersions(threshold: number): ReadonlyMap<string, unknown> {
  const found = new Map<string, object>();
  let document: EarlierDocument = policyDocument(threshold);
  for (const { version, changes } of CHANGES.toReversed()) {
    found.set(String(version), document);
    document = before(document, version, changes);
  }
  found.set('1', document);
  return new Map([...found].reverse());
}

type EarlierDocument = { readonly collected: readonly { readonly field: string; readonly retention?: string }[] };

function before(document: EarlierDocument, version: number, changes: readonly Difference[]): EarlierDocument {
  const of = (field: string) => changes.find((one) => one.field === field);
  const otherwise = changes.filter(({ field }) => field === undefined);
  return {
    ...Object.fromEntries(Object.entries(document).flatMap(([name, said]) => sectionBefore(name, said, otherwise))),
    ...{ version: version - 1, since: SINCE[version - 1], changes: CHANGES.filter((one) => one.version < version) },
    collected: document.collected
      .filter(({ field }) => of(field)?.was !== NOT_THERE)
      .map((entry) => {
        const changed = of(entry.field);
        return changed ? { ...entry, retention: changed.was } : entry;
      }),
  };
}

/** The section as it was, or none: a whole section that changed was not there, of others an entry said something else. */
function sectionBefore(name: string, said: object | string | number, changes: readonly Difference[]) {
  if (changes.some(({ at }) => at === `/${name}`)) return [];
  const entries = changes.filter(({ at }) => at.startsWith(`/${name}/`));
  if (entries.length === 0 || typeof said !== 'object') return [[name, said] as const];
  return [[name, { ...said, ...Object.fromEntries(entries.map(({ at, was }) => [at.split('/')[2], was])) }] as const];
}

/** The policy document: what is collected and why, read off the report's schema itself. */
export function policyDocument(threshold: number) {
  return {
    version: POLICY_VERSION,
    since: SINCE[POLICY_VERSION] ?? '',
    versions: versions(),
    collected: fieldsOf(Report).map(({ path, policy }) => ({ field: path, ...policy })),
    neverCollected: [
      'calls and call menus',
      'phone numbers and extensions',
      'names and passwords',
      'configuration',
      'IP, MAC, e-mail and postal addresses',
      'host names',
      'serial numbers, asset tags and UUIDs',
      'firmware versions',
      'location',
    ],
    memory: {
      token: 'overwritten in every buffer it stood in, before the rest of the report is read',
      rest: 'names and counts as they were sent wait for the garbage collector: minutes on a quiet server, without the token',
      proxy: 'a proxy that ends TLS before the server keeps the whole request for as long as it likes',
    },
    seenBy: {
      exactCounts: 'staff whose key has the scope reader or curator',
      noisedNumbers: 'those who decide about releases (scope releaser), and each manufacturer its own',
      whatNoiseAllows:
        'docs/privacy.md: how often somebody who knows every other site guesses right that one takes part',
    },
    limits: {
      network:
        'of the network that a report comes from a keyed hash is kept, in memory or in Redis, with how many new sites came ' +
        'from there this week and this month, until the month is closed, and another for a minute with how many requests did; nothing about tokens',
      ticket: 'shown by a site that was counted, so that it is not taken for a new one; nothing is stored of it',
    },
    unlisted: {
      names:
        'sealed with a key of the month, which lies in memory alone unless the operator has set a secret that it is made from: in the ' +
        'log and the store it can be counted how many sites have the same name, and not read which it is; how many devices is not kept',
      opened: 'a name that twenty sites have in the month, so that a curator can say what it is',
      protectsAgainst: 'whoever has a copy of a disk, a backup or the store, and nothing else',
      doesNotProtectAgainst:
        'whoever rules the running machine; whoever has the key and guesses names; twenty invented sites, which put a name before curators',
      lists: 'a name is added to the list by hand, from a public source: what the list says is outside this',
    },
    kept: {
      openPeriod: 'facts that share no value with each other',
      closedPeriod: `counts of at least ${threshold} sites`,
    },
    threshold,
    changes: CHANGES,
    off: 'One more report with "withdraw": true takes back everything that was sent in the period.',
  };
}
