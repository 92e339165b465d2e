import { jsonObject } from './astdb.ts';
import { type Reader, type Registration, registrationOf } from './registration.ts';
import { Unread } from './unread.ts';

/**
 * Kamailio's JSON-RPC answer to ul.dump or ul.lookup, from FIFO, HTTP or `kamctl`, and its result alone (`| jq .result`), which is what
 * `opensips-cli -x mi ul_dump` prints. A prompt (`[root@pbx ~]# …`) may stand before it; a row of an array is no answer. Never the text of
 * kamcmd: a folded header forges a contact there.
 */
export const kamailioJson: Reader = ({ text }) => {
  if (!/^[^{]{0,200}(?<!\[\s*)\{\s*"(?:jsonrpc|id|result|error|Domains|AoR|AOR)"/.test(text)) return undefined;
  const whole = jsonObject(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  if (whole === undefined) throw new Unread('malformed', 'the JSON is cut: over datagrams it ends at 131,072 bytes');
  const bare = !('result' in whole) && !('error' in whole) && ('Domains' in whole || 'Contacts' in whole);
  return { format: 'kamailio', ...kamailioContacts(bare ? { result: whole } : whole) };
};

/** The contacts of a JSON-RPC answer. An empty dump is no proof of an empty house: with db_mode 3 it always is. */
export function kamailioContacts(answer: Record<string, unknown>): {
  registrations: Registration[];
  broken: number;
} {
  const result = asObject(answer.result);
  if (result === undefined) throw new Unread('nothing-found', 'the answer is an error, or no answer to ul.dump');
  const infos = infosOf(result);
  if (infos === undefined)
    throw new Unread('names-no-phones', 'not an answer to ul.dump or ul.lookup (ul.dump brief has no phones)');
  if (infos.length === 0)
    throw new Unread('nothing-found', 'no contacts in memory: with usrloc db_mode 3 they are in the database only');
  const registrations: Registration[] = [];
  let broken = 0;
  for (const info of infos)
    for (const wrapped of asArray(info.Contacts)) {
      const read = contactOf(asObject(asObject(wrapped)?.Contact), info.AoR);
      if (read === 'broken') broken++;
      else if (read !== 'gone') registrations.push(read);
    }
  return { registrations, broken };
}

/** The records that a whole dump says it has, of every domain; undefined for another answer. */
export function kamailioRecords(answer: Record<string, unknown>): { rows: number; told: number } | undefined {
  const domains = asArray(asObject(answer.result)?.Domains).map((one) => asObject(asObject(one)?.Domain));
  if (domains.length === 0) return undefined;
  let rows = 0;
  let told = 0;
  for (const domain of domains) {
    rows += asArray(domain?.AoRs).length;
    told += Number(asObject(domain?.Stats)?.Records ?? 0);
  }
  return { rows, told };
}

interface Info {
  readonly AoR?: unknown;
  readonly Contacts?: unknown;
}

function infosOf(result: Record<string, unknown>): Info[] | undefined {
  if (Array.isArray(result.Contacts)) return [result];
  if (!Array.isArray(result.Domains)) return undefined;
  const domains = result.Domains.map((one) => asObject(asObject(one)?.Domain) ?? asObject(one));
  const aors = domains.flatMap((domain) => asArray(domain?.AoRs ?? domain?.AORs));
  const infos = aors.map((one) => infoOf(asObject(one))).filter((info) => info !== undefined);
  return aors.length > 0 && infos.length === 0 ? undefined : infos;
}

/** OpenSIPS has the record itself where Kamailio wraps it, under another spelling. */
function infoOf(record: Record<string, unknown> | undefined): Info | undefined {
  if (record === undefined || !Array.isArray(record.Contacts)) return asObject(record?.Info);
  return { AoR: record.AOR, Contacts: record.Contacts.map((contact: unknown) => ({ Contact: contact })) };
}

/** `Expires` is seconds to go, "expired", "deleted" or "permanent". */
function contactOf(contact: Record<string, unknown> | undefined, aor: unknown): Registration | 'broken' | 'gone' {
  if (contact === undefined) return 'broken';
  const { Expires: expires } = contact;
  if (expires === 'expired' || expires === 'deleted' || (typeof expires === 'number' && expires <= 0)) return 'gone';
  const userAgent = contact['User-Agent'] ?? contact['User-agent'];
  if (typeof userAgent !== 'string') return 'broken';
  if (userAgent.trim() === '' || /^\[?n[o/]?t? ?set\]?$/i.test(userAgent)) return 'gone';
  const received = textOf(contact.Received);
  return registrationOf({
    // A folded header: what follows the first line's break is its continuation, never a line of its own.
    userAgent: userAgent.replace(/\r?\n[ \t]*/g, ' '),
    aor: textOf(aor),
    uri: textOf(contact.Address ?? contact.Contact),
    via: received === '[not set]' ? undefined : received?.replace(/;.*$/s, ''),
  });
}

function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function asArray(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
