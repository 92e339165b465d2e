import { describeFailure, Failure } from '../../shared/failure.ts';
import { astdb } from '../formats/astdb.ts';
import { pjsipContact, sipPeer } from '../formats/details.ts';
import type { Reader, Registration } from '../formats/registration.ts';
import { Unread } from '../formats/unread.ts';
import type { Platform } from '../platform.ts';
import { decodeText, linesOf, withoutEscapes } from '../text.ts';
import { runCommand } from './command.ts';
import { absent, type SourceAnswer, type SourceDeps, withheld } from './source.ts';

const RIGHTS =
  'asterisk.conf [files]: astctlpermissions=0660, astctlgroup=rollcall-agent; cli_permissions.conf [@rollcall-agent]: permit=database show (and pjsip show, sip show, core show version)';

/** A list whose rows do not match its last line is asked for again this often. */
const ATTEMPTS = 3;
/** Addresses of record that are asked for one by one, where the database does not have them. */
const MOST_AORS = 2_000;

type Say = (command: string) => Promise<string>;

/** What an Asterisk on this machine says through `asterisk -rx`: PJSIP and chan_sip. */
export async function asteriskCli(deps: SourceDeps): Promise<SourceAnswer[]> {
  const say: Say = async (command) => {
    const { code, stdout, stderr } = await runCommand('asterisk', ['-rx', command], deps.commands);
    const text = decodeText(stdout);
    if (code !== 0 || /^Unable to connect/m.test(decodeText(stderr))) throw new Failure('no-answer');
    if (/^You don't have permissions/m.test(text)) throw new Failure('permission-denied');
    if (/^No such command/m.test(text)) throw new Failure('not-loaded');
    return text;
  };
  const contacts = await answered('asterisk', () => pjsip(say, deps));
  const peers = await answered('chan_sip', () => chanSip(say, deps));
  // An Asterisk that tells nothing at all: one complaint is enough.
  const answers = [
    contacts,
    contacts.state === 'withheld' && contacts.code === peers.code ? absent('chan_sip') : peers,
  ];
  const platform = await versionOf(say);
  return platform === undefined ? answers : answers.map((answer) => ({ ...answer, platform }));
}

async function answered(
  source: 'asterisk' | 'chan_sip',
  read: () => Promise<readonly Registration[]>,
): Promise<SourceAnswer> {
  try {
    return { source, state: 'read', registrations: await read() };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    if (code === 'not-installed' || code === 'not-loaded') return absent(source);
    return withheld(source, code, code === 'permission-denied' || code === 'no-answer' ? RIGHTS : undefined);
  }
}

/**
 * PJSIP's contacts are in the database, or in realtime tables that `database show` does not know: then it finds nothing, with
 * exit 0. So the objects that PJSIP itself lists are the measure, and those that the database lacks are asked for one by one.
 */
async function pjsip(say: Say, deps: SourceDeps): Promise<Registration[]> {
  const rows = await databaseRows(say, deps);
  const objects = await pjsipObjects(say);
  if (objects === undefined) {
    if (rows.registrations.length === 0) throw new Failure('cannot-compare');
    return [...rows.registrations];
  }
  const missing = [...objects].filter((aor) => !rows.aors.has(aor));
  if (missing.length > MOST_AORS) throw new Failure('too-many-to-ask');
  const asked: Registration[] = [];
  for (const aor of missing) asked.push(...(await contactsOf(aor, say, deps)));
  return [...rows.registrations, ...asked];
}

interface Rows {
  readonly registrations: readonly Registration[];
  readonly aors: ReadonlySet<string>;
}

async function databaseRows(say: Say, deps: SourceDeps): Promise<Rows> {
  for (let attempt = 1; ; attempt++)
    try {
      const text = await say('database show registrar/contact');
      if (/^0 results found/m.test(text)) return { registrations: [], aors: new Set() };
      const read = readWith(astdb, text, deps);
      // Also of contacts without a User-Agent: they are there, and are nobody's phone that is missing.
      const aors = Array.from(text.matchAll(/^\/registrar\/contact\/([^;\n]{1,120});@/gm), ([, aor]) => aor!);
      return { registrations: read, aors: new Set(aors) };
    } catch (thrown) {
      if (!(thrown instanceof Unread && thrown.code === 'rows-missing') || attempt >= ATTEMPTS) throw thrown;
    }
}

/** The addresses of record that have contacts; undefined where the command may not be used or does not exist. */
async function pjsipObjects(say: Say): Promise<Set<string> | undefined> {
  for (let attempt = 1; ; attempt++) {
    let text: string;
    try {
      text = await say('pjsip show contacts');
    } catch (thrown) {
      const code = describeFailure(thrown).code;
      // No PJSIP in this Asterisk: then nothing is missing.
      if (code === 'not-loaded') return new Set();
      if (code === 'permission-denied') return undefined;
      throw thrown;
    }
    if (/^No objects found/m.test(text)) return new Set();
    const rows = linesOf(text).flatMap(
      (line) => /^ {2}Contact: {2}([^<\s][^\s]*?)\/(?:sips?:|\S)/.exec(line)?.[1] ?? [],
    );
    const told = /^Objects found: (\d+)/m.exec(withoutEscapes(text))?.[1];
    if (told !== undefined && Number(told) === rows.length) return new Set(rows);
    if (attempt >= ATTEMPTS) throw new Failure('rows-missing');
  }
}

/** Of an address of record its contacts, of each contact its User-Agent. A static contact has none. */
async function contactsOf(aor: string, say: Say, deps: SourceDeps): Promise<Registration[]> {
  const text = linesOf(await detailOf(`pjsip show aor ${aor}`, say));
  const uris = new Set(text.flatMap((line) => /^ contact\s+: (sips?:\S+)$/.exec(line)?.[1] ?? []));
  const found: Registration[] = [];
  for (const uri of uris) {
    found.push(...readWith(pjsipContact, await detailOf(`pjsip show contact ${aor}/${uri}`, say), deps));
  }
  return found;
}

/** PJSIP listed it a moment ago: where it is not to be had now, nothing is known. */
async function detailOf(command: string, say: Say): Promise<string> {
  try {
    const text = await say(command);
    if (/^ ParameterName\s+:/m.test(text)) return text;
  } catch (thrown) {
    if (describeFailure(thrown).code !== 'not-loaded') throw thrown;
  }
  throw new Failure('sources-disagree');
}

/** Names of chan_sip's peers are whole in the database and cut in `sip show peers`. */
async function chanSip(say: Say, deps: SourceDeps): Promise<Registration[]> {
  const peers = linesOf(await peersOrNone(say));
  const told = peers.map((line) => /^(\d+) sip peers/.exec(line)?.[1]).find((found) => found !== undefined);
  // Before the header stands what `asterisk -rx` says of asterisk.conf.
  const rows = peers
    .slice(peers.findIndex((line) => line.startsWith('Name/username')) + 1)
    .filter((line) => line.trim() !== '' && !/^\d+ sip peers/.test(line));
  if (told === undefined || Number(told) !== rows.length) throw new Failure('rows-missing');
  const names = new Set(await registered(say));
  for (const row of rows) {
    const name = row.split(/[/ ]/, 1)[0]!;
    const [, address, dynamic] = /^\S+\s+(\S+)\s+(D\s)?/.exec(row) ?? [];
    if (address === '(Unspecified)') continue;
    if (name.length < LONGEST_PEER) names.add(name);
    // A phone whose whole name is nowhere to be had: realtime peers are not in the database. A fixed host is a trunk.
    else if (dynamic && ![...names].some((whole) => whole.startsWith(name))) throw new Failure('sources-disagree');
  }
  const found: Registration[] = [];
  for (const name of names) found.push(...(await peerOf(name, say, deps)));
  return found;
}

const LONGEST_PEER = 24;
const NO_PEERS = '0 sip peers\n';

/**
 * The table of peers. Where the command may not be used, chan_sip is there: the database, which may be read, says whether anything
 * was registered with it. Then its phones are there and cannot be told.
 */
async function peersOrNone(say: Say): Promise<string> {
  try {
    return await say('sip show peers');
  } catch (thrown) {
    if (describeFailure(thrown).code !== 'permission-denied' || (await registered(say)).length > 0) throw thrown;
    return NO_PEERS;
  }
}

async function registered(say: Say): Promise<string[]> {
  const rows = linesOf(await say('database show SIP/Registry'));
  return rows.flatMap((line) => /^\/SIP\/Registry\/(\S+)\s*:/.exec(line)?.[1] ?? []);
}

async function peerOf(name: string, say: Say, deps: SourceDeps): Promise<readonly Registration[]> {
  const text = await say(`sip show peer ${name}`);
  return /^\s*Useragent\s+:/m.test(text) ? readWith(sipPeer, text, deps) : [];
}

function readWith(reader: Reader, text: string, { clock }: SourceDeps): readonly Registration[] {
  const lines = linesOf(text).filter((line) => line.trim() !== '');
  const read = reader({ text: withoutEscapes(text), lines, nowMs: clock.now() });
  // The command was ours: an answer in no form that is known is no house without phones.
  if (read === undefined) throw new Failure('unknown-format');
  return read.registrations;
}

async function versionOf(say: Say): Promise<Platform | undefined> {
  try {
    const version = /^Asterisk (?:certified[-/])?(\d{1,3})\./m.exec(
      withoutEscapes(await say('core show version')),
    )?.[1];
    return version === undefined ? undefined : { name: 'Asterisk', version };
  } catch {
    return undefined;
  }
}
