import type { Log, LogFields } from '../shared/log.ts';

/** The journal for somebody who looks on: a line of words for each event. */
export function openTerminalLog(write: (line: string) => void): Log {
  const at =
    (mark: string) =>
    (event: string, fields: LogFields = {}) =>
      write(`${mark}${event}${inWords(fields)}\n`);
  return { info: at(''), warn: at('warning: '), error: at('error: ') };
}

function inWords(fields: LogFields): string {
  const words = Object.entries(fields).map(([key, value]) => `${key} ${value}`);
  return words.length === 0 ? '' : ` (${words.join(', ')})`;
}

export interface Started {
  readonly name: string;
  readonly url: string;
  readonly adminKeyPath: string | undefined;
  readonly roles: readonly string[];
}

/** What whoever started a server by hand wants to know next. */
export function bannerOf({ name, url, adminKeyPath, roles }: Started): string {
  const lines = [
    `Rollcall ${name === 'start' ? 'runs' : `runs ${name}`} at ${url}`,
    ...(roles.includes('api')
      ? [`  console        ${url}/`, `  documentation  ${url}/docs`, `  for owners     ${url}/privacy`]
      : []),
    ...(roles.includes('ingest') ? [`  reports        POST ${url}/v1/reports`] : []),
    ...(adminKeyPath === undefined ? [] : [`  admin key      in ${adminKeyPath}`]),
    ...(roles.includes('api') ? ['  sign in        with a key, or a link: rollcall keys link admin'] : []),
    '  Ctrl-C stops it; what was taken is kept.',
  ];
  return `\n${lines.join('\n')}\n\n`;
}
