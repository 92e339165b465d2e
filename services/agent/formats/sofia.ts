import { type Reader, type Registration, registrationOf } from './registration.ts';
import { rowsMissing, Unread } from './unread.ts';

const LINE =
  /^(Call-ID|User|Contact|Agent|Status|Ping-Status|Ping-Time|Host|IP|Port|Auth-User|Auth-Realm|MWI-Account):\s*\t(.*)$/;
const TOTAL = /^Total items returned: (\d{1,9})$/;
const AROUND = /^(?:Registrations:|={5,}|sofia |\+OK|Asterisk )/;

/** `sofia status profile P reg`: blocks of `Label:<blanks><TAB>value`, each begun by its Call-ID. Nothing is escaped. */
export const sofiaText: Reader = ({ lines }) => {
  const own = lines.filter((line) => LINE.test(line)).length;
  const others = lines.filter((line) => !LINE.test(line) && !TOTAL.test(line.trim()) && !AROUND.test(line)).length;
  const total = lines.map((line) => TOTAL.exec(line.trim())?.[1]).find((found) => found !== undefined);
  if (own < others || (own === 0 && total === undefined)) return undefined;
  const blocks: Map<string, string>[] = [];
  for (const line of lines) {
    const [, label, value] = LINE.exec(line) ?? [];
    if (label === undefined) continue;
    if (label === 'Call-ID' || blocks.length === 0 || blocks.at(-1)!.has(label)) blocks.push(new Map());
    blocks.at(-1)!.set(label, value!.trim());
  }
  if (total !== undefined && Number(total) !== blocks.length) throw rowsMissing(blocks.length, Number(total));
  const registrations = blocks
    .map((block) => rowOf((label) => block.get(label), 'EXPSECS'))
    .filter((row) => row !== undefined);
  return { format: 'sofia', registrations, broken: 0 };
};

const XML_LABELS: Readonly<Record<string, string>> = {
  User: 'user',
  Contact: 'contact',
  Agent: 'agent',
  Status: 'status',
  IP: 'network-ip',
};

/**
 * `sofia xmlstatus profile P reg`. Not read as XML: Call-ID, user and host are not escaped and a phone chooses its
 * Call-ID, so only rows that begin with the element count, the first of each in a registration.
 */
export const sofiaXml: Reader = ({ text, lines }) => {
  if (!/^\s*<registrations?>\s*$/m.test(text) && !/^\s*<profile>\s*$/m.test(text)) return undefined;
  if (!lines.some((line) => /^\s*<\/registrations>\s*$/.test(line)))
    throw new Unread('rows-missing', 'the list does not end: run the command once more');
  const blocks: Map<string, string>[] = [];
  for (const line of lines) {
    if (/^\s*<registration>\s*$/.test(line)) blocks.push(new Map());
    const [, name, value] = /^\s*<([a-z-]+)>(.*)<\/\1>\s*$/.exec(line) ?? [];
    const block = blocks.at(-1);
    if (name !== undefined && block && !block.has(name)) block.set(name, unescapeXml(value!));
  }
  const registrations = blocks
    .map((block) => rowOf((label) => block.get(XML_LABELS[label]!), 'expsecs'))
    .filter((row) => row !== undefined);
  return { format: 'sofia-xml', registrations, broken: 0 };
};

/** A negative number of seconds is a registration that ran out. */
function rowOf(get: (label: string) => string | undefined, seconds: string): Registration | undefined {
  const userAgent = get('Agent');
  if (userAgent === undefined || userAgent === '') return undefined;
  if (new RegExp(`${seconds}\\(-\\d+\\)`, 'i').test(get('Status') ?? '')) return undefined;
  return registrationOf({ userAgent, aor: get('User'), uri: get('Contact'), via: get('IP') });
}

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

function unescapeXml(text: string): string {
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (_, name: string) => ENTITIES[name]!);
}
