import { type Reader, type Registration, ranOut, registrationOf } from './registration.ts';

const DELIMITERS = ['\t', '|', ';', ','] as const;
/** Columns by the names that Asterisk, Kamailio and FreeSWITCH give them, without blanks and underscores. */
const COLUMNS = {
  userAgent: ['useragent'],
  aor: ['endpoint', 'aor', 'username', 'sipuser', 'user', 'id', 'name'],
  uri: ['uri', 'contact', 'fullcontact'],
  via: ['viaaddr', 'viaaddress', 'received', 'networkip', 'ipaddr', 'ip'],
  expires: ['expirationtime', 'regexpire', 'regseconds', 'expires'],
} as const;
type Column = keyof typeof COLUMNS;

/** An export or a query's answer with a header: tabs, commas, semicolons, and the frames of mysql and psql. */
export const table: Reader = ({ lines, nowMs }) => {
  for (const [at, line] of lines.slice(0, 20).entries())
    for (const delimiter of DELIMITERS) {
      const columns = columnsOf(cells(line, delimiter));
      if (columns === undefined) continue;
      const rows = lines.slice(at + 1).filter((row) => !FRAME.test(row));
      const read = rows.map((row) => rowOf(cells(row, delimiter), columns, nowMs));
      return {
        format: 'table',
        registrations: read.filter((row): row is Registration => typeof row === 'object'),
        broken: read.filter((row) => row === 'broken').length,
      };
    }
  return undefined;
};

/** Lines that a database client draws around its rows. */
const FRAME = /^\s*(?:\+?[-+]{3,}\+?|\(\d+ rows?\)|\d+ rows? in set.*|Query OK.*)\s*$/;

function columnsOf(names: readonly string[]): Map<Column, number> | undefined {
  const plain = names.map((name) => name.toLowerCase().replace(/[ _-]/g, ''));
  const columns = new Map<Column, number>();
  for (const [column, spellings] of Object.entries(COLUMNS) as [Column, readonly string[]][])
    for (const spelling of spellings)
      if (!columns.has(column) && plain.includes(spelling)) columns.set(column, plain.indexOf(spelling));
  // FusionPBX's page of registrations: elsewhere an agent is a person who takes calls.
  if (!columns.has('userAgent') && plain.includes('agent') && plain.includes('contact') && plain.includes('lanip'))
    columns.set('userAgent', plain.indexOf('agent'));
  return columns.has('userAgent') ? columns : undefined;
}

function rowOf(row: readonly string[], columns: ReadonlyMap<Column, number>, nowMs: number) {
  const get = (column: Column) => row[columns.get(column) ?? -1];
  const userAgent = get('userAgent');
  if (userAgent === undefined) return 'broken';
  const text = unescapeRealtime(userAgent).trim();
  if (text === '' || /^(?:\\N|NULL)$/i.test(text) || expired(get('expires'), nowMs)) return 'gone';
  const [aor, uri] = [get('aor'), get('uri')].map((cell) => (cell === undefined ? undefined : unescapeRealtime(cell)));
  return registrationOf({ userAgent: text, aor: aor?.split(';@', 1)[0], uri, via: get('via') });
}

/** Seconds of an epoch, or a date. Dates are in the database's time zone: only a clear day behind is over. */
function expired(cell: string | undefined, nowMs: number): boolean {
  if (cell === undefined) return false;
  if (/^\d{9,}(?:\.\d+)?$/.test(cell)) return ranOut(cell, nowMs);
  const date = /^20\d\d-\d\d-\d\d/.test(cell)
    ? Date.parse(`${cell.slice(0, 10)}T${cell.slice(11, 19) || '00:00:00'}Z`)
    : NaN;
  return date < nowMs - 26 * 3_600_000;
}

/** ODBC, PostgreSQL and MySQL realtime tables write `;` as `^3B` and `^` as `^5E`; the astdb never does. */
function unescapeRealtime(text: string): string {
  return text.replace(/\^(3B|5E)/gi, (_, code: string) => (code.toUpperCase() === '3B' ? ';' : '^'));
}

/** RFC 4180 within one line; frames of bars have an empty cell at either end. */
function cells(line: string, delimiter: string): string[] {
  const inner = delimiter === '|' ? line.trim().replace(/^\||\|$/g, '') : line;
  const found: string[] = [];
  let rest = inner;
  for (;;) {
    const quoted = /^\s*"((?:[^"]|"")*)"\s*/.exec(rest);
    if (quoted && (rest.length === quoted[0].length || rest[quoted[0].length] === delimiter)) {
      found.push(quoted[1]!.replaceAll('""', '"'));
      rest = rest.slice(quoted[0].length);
    } else {
      const end = rest.indexOf(delimiter);
      found.push((end < 0 ? rest : rest.slice(0, end)).trim());
      rest = end < 0 ? '' : rest.slice(end);
    }
    if (rest === '') return found;
    rest = rest.slice(1);
  }
}
