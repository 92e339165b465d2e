import { fieldsOf } from './policy.ts';
import { Report } from './report.ts';

/** The version that is in force: it grows whenever the document says something else. */
export const POLICY_VERSION = 2;

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
] as const;

/** From which day on each version was in force. */
const SINCE: Readonly<Record<number, string>> = { 1: '2026-11-23', 2: '2026-11-26' };

/** Every version, oldest first: fields that it began and ceased to collect, and what else it says in other words. */
function versions(): PolicyVersion[] {
  const later = CHANGES.map(({ version, changes }) => ({
    version,
    since: SINCE[version] ?? '',
    added: [],
    removed: [],
    changed: changes.map((one) => ('field' in one ? one.field : one.at)),
  }));
  return [{ version: 1, since: SINCE[1] ?? '', added: [], removed: [], changed: [] }, ...later];
}

interface PolicyVersion {
  readonly version: number;
  /** A day. */
  readonly since: string;
  /** JSON pointers: into a report for its fields, into the document for what else it says. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

/** The document as each version said it, by its number: what was changed since is put back. */
export function policyVersions(threshold: number): ReadonlyMap<string, unknown> {
  const { memory: _memory, seenBy: _seenBy, ...first } = policyDocument(threshold);
  const retention = new Map<string, string>(
    CHANGES[0].changes.flatMap((one) => ('field' in one ? [[one.field, one.was] as const] : [])),
  );
  const collected = first.collected.map((entry) => ({
    ...entry,
    ...(retention.has(entry.field) ? { retention: retention.get(entry.field) } : {}),
  }));
  return new Map<string, unknown>([
    ['1', { ...first, version: 1, since: SINCE[1], collected, changes: [] }],
    [String(POLICY_VERSION), policyDocument(threshold)],
  ]);
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
    kept: {
      openPeriod: 'facts that share no value with each other',
      closedPeriod: `counts of at least ${threshold} sites`,
    },
    threshold,
    changes: CHANGES,
    off: 'One more report with "withdraw": true takes back everything that was sent in the period.',
  };
}
