import { Failure } from '../../shared/failure.ts';
import type { FailureCode } from '../../shared/failure-codes.ts';

export type UnreadCode = Extract<
  FailureCode,
  'unknown-format' | 'names-no-phones' | 'nothing-found' | 'rows-missing' | 'permission-denied' | 'malformed'
>;

/** A text that gives no phones: to report a site without them would be wrong. `hint` is our own words only. */
export class Unread extends Failure {
  readonly hint: string;
  constructor(code: UnreadCode, hint: string) {
    super(code);
    this.name = 'Unread';
    this.hint = hint;
  }
}

/** The formats that are read, for whoever pasted another. */
const FORMATS = [
  'one User-Agent a line, also as "sort | uniq -c" counts them',
  'asterisk -rx "database show registrar/contact"',
  'asterisk -rx "pjsip show contact AOR/URI" and "sip show peer NAME" (one after another)',
  'AMI text of PJSIPShowContacts, PJSIPShowRegistrationInboundContactStatuses, DBGetTree or SIPshowpeer',
  'Kamailio JSON-RPC of ul.dump or ul.lookup, OpenSIPS ul_dump as JSON',
  'fs_cli -x "sofia status profile NAME reg" or "sofia xmlstatus profile NAME reg"',
  'a table with a header and a column user_agent (tabs, commas, semicolons, mysql, psql), or JSON rows with one',
] as const;

export function unknownFormat(): Unread {
  return new Unread('unknown-format', `this is none of the formats that are read:\n  ${FORMATS.join('\n  ')}`);
}

export function rowsMissing(rows: number, told: number): Unread {
  return new Unread('rows-missing', `${rows} rows, and its last line tells of ${told}: run the command once more`);
}
