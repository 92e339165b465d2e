import { contact } from './astdb.ts';
import { type Reader, type Registration, ranOut, registrationOf } from './registration.ts';
import { rowsMissing, Unread } from './unread.ts';

export type Message = ReadonlyMap<string, string>;

/** Events that carry a phone, and the event that ends and counts each of them. */
const ENDS: Readonly<Record<string, string>> = {
  ContactListComplete: 'ContactList',
  ContactStatusDetailComplete: 'ContactStatusDetail',
  DBGetTreeComplete: 'DBGetTreeResponse',
};

/** The text of an AMI session: messages of `Key: value` lines between blank lines. */
export const amiText: Reader = ({ text, nowMs }) => {
  if (!/^(?:Asterisk Call Manager\/|Response: |Event: |ActionID: )/m.test(text)) return undefined;
  const messages = messagesOf(text);
  if (!messages.some((message) => message.has('Response') || message.has('Event'))) return undefined;
  checkComplete(messages);
  const phones = messages.filter((message) => isPhone(message));
  if (phones.length === 0) throw nothingIn(messages);
  const read = phones.map((message) => phoneOf(message, nowMs));
  return {
    format: 'ami',
    registrations: read.filter((phone): phone is Registration => typeof phone === 'object'),
    broken: read.filter((phone) => phone === 'broken').length,
  };
};

/** A later key of the same name does not replace an earlier one. */
export function messagesOf(text: string): Message[] {
  return text
    .split(/(?:\r?\n){2,}/)
    .map((block) => {
      const message = new Map<string, string>();
      for (const line of block.split(/\r?\n/)) {
        const colon = line.indexOf(':');
        const key = line.slice(0, colon).trim();
        if (colon > 0 && !message.has(key)) message.set(key, line.slice(colon + 1).trim());
      }
      return message;
    })
    .filter((message) => message.size > 0);
}

function checkComplete(messages: readonly Message[]): void {
  for (const message of messages) {
    const event = ENDS[message.get('Event') ?? ''];
    if (event === undefined) continue;
    const told = Number(message.get('ListItems'));
    const rows = messages.filter((one) => one.get('Event') === event && sameAction(one, message)).length;
    if (rows !== told) throw rowsMissing(rows, told);
  }
}

function sameAction(a: Message, b: Message): boolean {
  return (a.get('ActionID') ?? '') === (b.get('ActionID') ?? '');
}

function isPhone(message: Message): boolean {
  if (message.has('SIP-Useragent')) return true;
  return Object.values(ENDS).includes(message.get('Event') ?? '');
}

/** What an AMI message says of a phone; gone when it has none or its registration ran out. */
export function phoneOf(message: Message, nowMs: number): Registration | 'broken' | 'gone' {
  const get = (key: string) => message.get(key) ?? '';
  switch (message.get('Event')) {
    case 'ContactList':
      return phone(get('UserAgent'), get('ObjectName'), get('Uri'), get('ViaAddr'), get('ExpirationTime'), nowMs);
    case 'ContactStatusDetail':
      return phone(get('UserAgent'), get('AOR'), get('URI'), get('ViaAddress'), get('RegExpire'), nowMs);
    case 'DBGetTreeResponse':
      return get('Key').startsWith('/registrar/contact/') ? contact(get('Key'), get('Val'), nowMs) : 'gone';
    default:
      // chan_sip counts down: -1 is a peer that is not registered.
      if (/^-/.test(get('RegExpire')) && get('Dynamic') !== 'N') return 'gone';
      return phone(get('SIP-Useragent'), get('ObjectName'), get('Reg-Contact'), get('Address-IP'), '0', nowMs);
  }
}

function phone(userAgent: string, name: string, uri: string, via: string, expires: string, nowMs: number) {
  if (userAgent === '' || ranOut(expires, nowMs)) return 'gone';
  return registrationOf({ userAgent, aor: name.split(';@', 1)[0], uri, via });
}

function nothingIn(messages: readonly Message[]): Unread {
  const refused = messages.some((message) => message.get('Response') === 'Error');
  const denied = messages.some((message) => /denied|failed/i.test(message.get('Message') ?? ''));
  if (refused && denied)
    return new Unread('permission-denied', 'the AMI user may not: give it the class reporting, or system for realtime');
  const ended = messages.some((message) => (message.get('Event') ?? '') in ENDS);
  if (ended)
    return new Unread('nothing-found', 'no contacts: they may be in realtime tables (PJSIPShowContacts has them)');
  return new Unread(
    'names-no-phones',
    'this AMI action names no phones: use PJSIPShowContacts, or SIPshowpeer for each peer',
  );
}
