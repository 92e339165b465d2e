import { Unread } from './unread.ts';

const CONTACTS = 'asterisk -rx "database show registrar/contact"';

/** Outputs that are often pasted and name no phones: which they are, and what to run instead. */
const WRONG: readonly (readonly [RegExp, string])[] = [
  [/^\s*Contact:\s+(?:<Aor\/ContactUri|\S+\/sips?:)/m, `"pjsip show contacts" names no phones: use ${CONTACTS}`],
  [/^\s*Endpoint:\s+\S/m, `"pjsip show endpoints" names no phones: use ${CONTACTS}`],
  [/^\s*<Registration\/ServerURI/m, '"pjsip show registrations" lists trunks, not phones'],
  [/^Name\/username\s+Host/m, '"sip show peers" names no phones: use "sip show peer NAME" for each'],
  [/^\s*\d+ sip peers \[/m, '"sip show peers" names no phones: use "sip show peer NAME" for each'],
  [/^Host\s+dnsmgr\s+Username/m, '"sip show registry" lists trunks, not phones'],
  [
    /^\s*(?:Domains|AoRs|Contacts|Contact): \{\s*$/m,
    'the text of kamcmd can be forged by a phone: use kamctl rpc ul.dump',
  ],
  [
    /^\s*AOR:: /m,
    'the text of ul.dump can be forged by a phone: use its JSON (kamctl rpc ul.dump, opensips-cli -x mi ul_dump)',
  ],
  [/^\s*\[?\s*\{\s*"technology"\s*:/, `ARI's endpoints name no phones: use ${CONTACTS}`],
  [/^Name\/Username\s+Host\s+Mask/m, '"iax2 show peers" names no phones'],
  [/^\s*\{"row_count":/, '"show registrations" names no phones: use "sofia xmlstatus profile NAME reg"'],
  [/^reg_user,realm,token/m, '"show registrations" names no phones: use "sofia xmlstatus profile NAME reg"'],
  [/^Module\s+Description\s+Use Count/m, `"module show" lists modules, not phones: use ${CONTACTS}`],
  [/^extension,name[,;]/im, 'this is a list of extensions, not of phones'],
];

const DENIED = /^(?:You don't have permissions to run|Unable to connect to remote asterisk|\*\* ERROR: )/m;
const UNKNOWN = /^No such command /m;

export function checkWrongOutput(text: string): void {
  if (DENIED.test(text))
    throw new Unread('permission-denied', 'the command had no right to read, or nothing answered it');
  if (UNKNOWN.test(text)) throw new Unread('nothing-found', 'the command is not known there: its module is not loaded');
  const wrong = WRONG.find(([sign]) => sign.test(text));
  if (wrong) throw new Unread('names-no-phones', wrong[1]);
}
