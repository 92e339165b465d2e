import { describeFailure, Failure } from '../../shared/failure.ts';
import type { Registration } from '../formats/registration.ts';
import { sofiaXml } from '../formats/sofia.ts';
import { decodeText, linesOf, withoutEscapes } from '../text.ts';
import { runCommand } from './command.ts';
import { absent, type SourceAnswer, type SourceDeps, withheld } from './source.ts';

const RIGHTS =
  'fs_cli needs the event socket: event_socket.conf.xml, and its password in /etc/fs_cli.conf readable by rollcall-agent';

/** What a FreeSWITCH on this machine says through fs_cli: the registrations of each SIP profile. */
export async function freeswitch(deps: SourceDeps): Promise<SourceAnswer> {
  const say = async (command: string) => {
    const { code, stdout } = await runCommand('fs_cli', ['-x', command], deps.commands);
    const text = decodeText(stdout);
    if (code !== 0 || /^\[ERROR\]|^-ERR/m.test(text)) throw new Failure('no-answer');
    return text;
  };
  try {
    const profiles = profilesOf(await say('sofia xmlstatus'));
    const registrations: Registration[] = [];
    for (const profile of profiles) {
      const text = await say(`sofia xmlstatus profile ${profile} reg`);
      const lines = linesOf(text).filter((line) => line.trim() !== '');
      const read = sofiaXml({ text: withoutEscapes(text), lines, nowMs: deps.clock.now() });
      if (read === undefined) throw new Failure('malformed');
      registrations.push(...read.registrations);
    }
    return { source: 'freeswitch', state: 'read', registrations, platform: await versionOf(say) };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    if (code === 'not-installed') return absent('freeswitch');
    return withheld('freeswitch', code, code === 'no-answer' ? RIGHTS : undefined);
  }
}

/**
 * Profiles, not their aliases and gateways: `<name>internal</name><type>profile</type>`, a line each. One that cannot be asked for by
 * its name would be a profile without phones.
 */
function profilesOf(text: string): string[] {
  if (!/<\/profiles>/.test(text)) throw new Failure('malformed');
  const found: string[] = [];
  for (const [, name] of text.matchAll(/<profile>\s*<name>([A-Za-z0-9_.-]{1,60})<\/name>\s*<type>profile<\/type>/g))
    found.push(name!);
  if (found.length !== text.match(/<type>profile<\/type>/g)?.length) throw new Failure('malformed');
  return found;
}

async function versionOf(say: (command: string) => Promise<string>) {
  try {
    const version = /FreeSWITCH Version (\d{1,3})\./.exec(await say('version'))?.[1];
    return version === undefined ? undefined : { name: 'FreeSWITCH', version };
  } catch {
    return undefined;
  }
}
