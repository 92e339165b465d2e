import { type Fields, type Reader, type Registration, ranOut, registrationOf } from './registration.ts';
import { rowsMissing, Unread } from './unread.ts';

const ROW = /^\/[^/\s][^|]*?(?:: |\|)/;
const CONTACT = '/registrar/contact/';
const FOOTER = /^(\d{1,9}) results? found\.?$/;

/** What else a console prints around the rows, and what `asterisk -rx` says of asterisk.conf before them. */
const AROUND =
  /^(?:Privilege escalation |See https?:|Asterisk |Connected to |Created by |This is free software|License version|certain conditions|={5,}|database show|pjsip |core show|exit\b|Executing last|\s+Contact:|\s*Objects found|\s*<)/;

/**
 * `asterisk -rx "database show registrar/contact"`, `database show registrar` or the whole `database show`: one row a key,
 * `key : JSON` (`key|JSON` from sqlite3), and a footer that counts the rows. A single such row among many other lines changes nothing: a phone
 * chooses its own name.
 */
export const astdb: Reader = ({ lines, nowMs }) => {
  const rows = unwrapped(lines.map(fromSqlite));
  const own = rows.filter((line) => ROW.test(line)).length;
  const others = rows.filter((line) => !ROW.test(line) && !FOOTER.test(line.trim()) && !AROUND.test(line)).length;
  const footers = rows.some((line) => FOOTER.test(line.trim()));
  if (own < others || (own === 0 && !footers)) return undefined;
  checkFooters(rows);
  if (!rows.some((line) => line.startsWith(CONTACT)))
    throw new Unread(
      'nothing-found',
      'no contacts in the database: they may be in realtime tables (read those, or AMI)',
    );
  const contacts = rows.filter((line) => line.startsWith(CONTACT)).map((line) => contactOf(line, nowMs));
  return {
    format: 'astdb',
    registrations: contacts.filter((contact): contact is Registration => typeof contact === 'object'),
    broken: contacts.filter((contact) => contact === 'broken').length,
  };
};

/** `sqlite3 astdb.sqlite3 'select * from astdb'` prints `key|value`. */
function fromSqlite(line: string): string {
  return line.replace(/^(\/registrar\/contact\/[^|{]{1,300})\|\{/, '$1: {');
}

/** A terminal breaks long rows: what follows an unfinished contact and is no row belongs to it. */
function unwrapped(lines: readonly string[]): string[] {
  const rows: string[] = [];
  for (const line of lines) {
    const last = rows.at(-1);
    const open = last?.startsWith(CONTACT) && !last.trimEnd().endsWith('}') && last.length < MAX_ROW;
    if (open && !line.startsWith('/') && !FOOTER.test(line.trim())) rows[rows.length - 1] = last + line;
    else rows.push(line);
  }
  return rows;
}
const MAX_ROW = 16 * 1024;

/** [M] a reader that is slow loses rows in the middle while the last line still counts all of them. */
function checkFooters(rows: readonly string[]): void {
  let since = 0;
  for (const line of rows) {
    const told = FOOTER.exec(line.trim())?.[1];
    if (told === undefined) {
      if (line.startsWith('/')) since++;
      continue;
    }
    if (Number(told) !== since) throw rowsMissing(since, Number(told));
    since = 0;
  }
}

function contactOf(line: string, nowMs: number): Registration | 'broken' | 'gone' {
  const split = line.indexOf(': {');
  return split < 0 ? 'broken' : contact(line.slice(0, split).trim(), line.slice(split + 2), nowMs);
}

/**
 * `/registrar/contact/4001;@hash` and its JSON. A contact without a User-Agent has none to count: Asterisk leaves it out
 * where it was not UTF-8.
 */
export function contact(key: string, json: string, nowMs: number): Registration | 'broken' | 'gone' {
  const value = jsonObject(json);
  if (value === undefined) return 'broken';
  if (ranOut(value.expiration_time, nowMs) || value.user_agent === undefined || value.user_agent === '') return 'gone';
  if (typeof value.user_agent !== 'string') return 'broken';
  const fields: Fields = {
    userAgent: value.user_agent,
    aor: key.slice(CONTACT.length).split(';@', 1)[0],
    uri: textOf(value.uri),
    via: textOf(value.via_addr),
  };
  return registrationOf(fields);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
