import { type Reader, type Registration, ranOut, registrationOf } from './registration.ts';

/** `[{"endpoint": …, "user_agent": …}, …]`: what database clients make of a table of contacts (sqlite3 -json, mysqlsh, psql's json_agg). */
export const jsonRows: Reader = ({ text, nowMs }) => {
  if (!/^\s*\[\s*\{/.test(text)) return undefined;
  const rows = arrayOf(text);
  if (!rows?.some((row) => agentOf(row) !== undefined)) return undefined;
  const registrations = rows.map((row) => rowOf(row, nowMs)).filter((row) => row !== undefined);
  return { format: 'json-rows', registrations, broken: 0 };
};

type Row = Readonly<Record<string, unknown>>;

function arrayOf(text: string): Row[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (!Array.isArray(value)) return undefined;
    return value.filter((row): row is Row => typeof row === 'object' && row !== null && !Array.isArray(row));
  } catch {
    return undefined;
  }
}

function agentOf(row: Row): string | undefined {
  return textOf(row.user_agent ?? row.useragent ?? row.userAgent);
}

function rowOf(row: Row, nowMs: number): Registration | undefined {
  const userAgent = agentOf(row);
  const expires = row.expiration_time ?? row.regseconds;
  // Small numbers are seconds to go.
  const over = Number(expires) > 1_000_000 && ranOut(expires, nowMs);
  if (userAgent === undefined || userAgent.trim() === '' || over) return undefined;
  const aor = textOf(row.endpoint ?? row.aor ?? row.username ?? row.sip_user ?? row.id)?.split(';@', 1)[0];
  return registrationOf({
    userAgent,
    aor,
    uri: textOf(row.uri ?? row.contact),
    via: textOf(row.via_addr ?? row.received),
  });
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
