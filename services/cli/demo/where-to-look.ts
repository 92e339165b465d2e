import type { Whole } from '../../compose/start.ts';
import type { Desk } from './office.ts';
import { DEMO_KEY } from './stage.ts';

/** One line for each role: a link that signs in. */
export function signsTable(desks: readonly Desk[]): string {
  return [
    'Open the console signed in as (each link works once, for ten minutes; the keys as long as the demo runs):',
    '',
    ...desks.flatMap(({ role, link, key }) => [
      `  ${role.padEnd(22)}${link}`,
      `  ${''.padEnd(22)}or with the key ${key === '' ? DEMO_KEY : key}`,
    ]),
    '',
  ].join('\n');
}

/** For whoever would rather ask by hand. */
export function whereToLook({ url, metricsUrl }: Pick<Whole, 'url' | 'metricsUrl'>, period: string): string {
  const asAdmin = `curl -H 'Authorization: Bearer ${DEMO_KEY}'`;
  return [
    'Where to look while this runs (Ctrl-C ends it and deletes everything but the release files):',
    `  ${url}/          the console`,
    `  ${url}/docs      every endpoint, with “try it”`,
    `  ${url}/privacy   what is collected, for owners`,
    `  ${asAdmin} '${url}/v1/counts?period=${period}&view=vendor&category=phone'`,
    `  ${asAdmin} '${url}/v1/ledger'`,
    ...(metricsUrl === undefined ? [] : [`  curl '${metricsUrl}'`]),
    '',
  ].join('\n');
}
