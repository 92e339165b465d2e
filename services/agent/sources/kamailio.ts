import { describeFailure, Failure } from '../../shared/failure.ts';
import { kamailioContacts, kamailioRecords } from '../formats/kamailio.ts';
import type { Registration } from '../formats/registration.ts';
import { Unread } from '../formats/unread.ts';
import type { Platform } from '../platform.ts';
import { isKamailioInstalled, type Way, waysTo } from './kamailio-ways.ts';
import { absent, type SourceAnswer, type SourceDeps, withheld } from './source.ts';

const HINTS: Readonly<Record<string, string>> = {
  'permission-denied':
    "usermod -aG kamailio rollcall-agent (Kamailio's group may use its FIFO and its socket), or run the agent as root",
  'not-running':
    'Kamailio is installed and answers nowhere: start it, or name its FIFO, HTTP address or socket in the configuration',
  'answer-too-long':
    'over its datagram socket Kamailio answers at most 131,072 bytes: let the agent use its FIFO or HTTP (modparam("jsonrpcs", "transport", 7))',
  'no-datagrams': 'a datagram socket needs perl or python3 on this machine: let the agent use the FIFO or HTTP',
};
const ATTEMPTS = 3;

/**
 * What a Kamailio on this machine has in memory, by JSON-RPC over its FIFO, HTTP or datagram socket. Where one way fails the next
 * is tried; where all fail the phones are withheld.
 */
export async function kamailio(deps: SourceDeps): Promise<SourceAnswer> {
  const ways = waysTo(deps.kamailio ?? {}, deps);
  if (ways.length === 0) return isKamailioInstalled(deps) ? notTold('not-running') : absent('kamailio');
  let answer: SourceAnswer | undefined;
  for (const way of ways) {
    const told = await answerOf(way);
    if (told.state === 'read') return told;
    answer ??= told;
  }
  return answer!;
}

async function answerOf(way: Way): Promise<SourceAnswer> {
  try {
    const registrations = await wholeDump(way);
    return { source: 'kamailio', state: 'read', registrations, platform: await versionOf(way) };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    return thrown instanceof Unread ? withheld('kamailio', code, thrown.hint) : notTold(code);
  }
}

function notTold(code: string): SourceAnswer {
  return withheld('kamailio', code, HINTS[code]);
}

/** An answer has as many records as it says that there are, or it is asked for again. */
async function wholeDump(way: Way): Promise<readonly Registration[]> {
  for (let attempt = 1; ; attempt++) {
    const answer = await way.ask('ul.dump');
    const records = kamailioRecords(answer);
    if (records === undefined || records.rows === records.told) return kamailioContacts(answer).registrations;
    if (attempt >= ATTEMPTS) throw new Failure('rows-missing');
  }
}

async function versionOf(way: Way): Promise<Platform | undefined> {
  try {
    const { result } = await way.ask('core.version');
    const version = /kamailio (\d{1,3})\./.exec(typeof result === 'string' ? result : '')?.[1];
    return version === undefined ? undefined : { name: 'Kamailio', version };
  } catch {
    return undefined;
  }
}
