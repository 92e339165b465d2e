import { describeFailure, Failure } from '../../shared/failure.ts';
import { type Message, phoneOf } from '../formats/ami-text.ts';
import type { Registration } from '../formats/registration.ts';
import type { Platform } from '../platform.ts';
import { AmiClient } from './ami-client.ts';
import { type AmiAccess, type SourceAnswer, type SourceDeps, withheld } from './source.ts';

const RIGHTS =
  'manager.conf, the user of the agent: read=system,reporting and write=system,reporting (reporting alone where no realtime is used)';
const ATTEMPTS = 3;

/** What an Asterisk says through its manager interface: PJSIP and chan_sip. */
export async function asteriskAmi(access: AmiAccess, deps: SourceDeps): Promise<SourceAnswer> {
  let client: AmiClient | undefined;
  try {
    client = await AmiClient.open(access, deps.timeoutMs);
    const platform = await versionOf(client);
    const contacts = await again(() => pjsip(client!, deps));
    const peers = await again(() => chanSip(client!, deps));
    if (contacts === undefined && peers === undefined) throw new Failure('permission-denied');
    return {
      source: 'asterisk-ami',
      state: 'read',
      registrations: [...(contacts ?? []), ...(peers ?? [])],
      platform,
    };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    const hint =
      code === 'permission-denied' || code === 'login-refused' || code === 'cannot-compare' ? RIGHTS : undefined;
    return withheld('asterisk-ami', code, hint);
  } finally {
    client?.close();
  }
}

async function again<T>(read: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++)
    try {
      return await read();
    } catch (thrown) {
      if (describeFailure(thrown).code !== 'rows-missing' || attempt >= ATTEMPTS) throw thrown;
    }
}

/**
 * PJSIP's own list has realtime contacts too, and needs the class system. With reporting alone there is the database, whose
 * nothing may be realtime's silence: then nothing is said. Undefined where Asterisk has no PJSIP.
 */
async function pjsip(client: AmiClient, { clock }: SourceDeps): Promise<Registration[] | undefined> {
  const listed = await attempt(client, 'PJSIPShowContacts');
  if (Array.isArray(listed)) return phonesOf(listed, clock.now());
  if (listed === 'unknown-action') return undefined;
  if (listed === 'nothing-found') return [];
  const database = await attempt(client, 'DBGetTree', { Family: 'registrar/contact' });
  const rows = Array.isArray(database) ? phonesOf(database, clock.now()) : [];
  if (rows.length === 0) throw new Failure(database === 'permission-denied' ? 'permission-denied' : 'cannot-compare');
  return rows;
}

async function chanSip(client: AmiClient, { clock }: SourceDeps): Promise<Registration[] | undefined> {
  const peers = await attempt(client, 'SIPpeers');
  if (!Array.isArray(peers)) return undefined;
  const registered = peers.filter((peer) => !/^-?none-?$/i.test(peer.get('IPaddress') ?? '-none-'));
  const found: Registration[] = [];
  for (const peer of registered) {
    const name = peer.get('ObjectName');
    if (name === undefined || !/^[^\r\n]{1,120}$/.test(name)) throw new Failure('malformed');
    const detail = await attempt(client, 'SIPshowpeer', { Peer: name });
    if (Array.isArray(detail)) found.push(...phonesOf(detail, clock.now()));
    else if (detail === 'permission-denied') throw new Failure(detail);
  }
  return found;
}

/** The answer, or why there is none where that is not a failure of the whole. */
async function attempt(
  client: AmiClient,
  action: 'PJSIPShowContacts' | 'DBGetTree' | 'SIPpeers' | 'SIPshowpeer',
  fields: Readonly<Record<string, string>> = {},
): Promise<Message[] | 'permission-denied' | 'unknown-action' | 'nothing-found'> {
  try {
    return await client.send(action, fields);
  } catch (thrown) {
    const { code } = describeFailure(thrown);
    if (code === 'permission-denied' || code === 'unknown-action' || code === 'nothing-found') return code;
    throw thrown;
  }
}

function phonesOf(messages: readonly Message[], nowMs: number): Registration[] {
  return messages
    .filter((message) => message.has('Event') || message.has('SIP-Useragent'))
    .filter((message) => message.get('EventList') !== 'Complete')
    .map((message) => phoneOf(message, nowMs))
    .filter((phone): phone is Registration => typeof phone === 'object');
}

async function versionOf(client: AmiClient): Promise<Platform | undefined> {
  try {
    const [settings] = await client.send('CoreSettings');
    const version = /^(?:certified[-/])?(\d{1,3})\./.exec(settings?.get('AsteriskVersion') ?? '')?.[1];
    return version === undefined ? undefined : { name: 'Asterisk', version };
  } catch {
    return undefined;
  }
}
