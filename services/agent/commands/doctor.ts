import { explanationOf } from '../../shared/failure-codes.ts';
import type { SourceAnswer } from '../sources/source.ts';
import { type CommandIo, EXIT } from './exit.ts';

export interface Examined {
  readonly node: string;
  readonly container: string | undefined;
  /** A code for why the state cannot be kept; undefined when it can. */
  readonly state: string | undefined;
  readonly statePath: string;
  readonly proxies: boolean;
  readonly pbxs: readonly { readonly name: string; readonly answers: readonly SourceAnswer[] }[];
}

/** Which sources were found and which rights are missing: one line each, with how to give them. Nothing raw. */
export function doctor(found: Examined, io: CommandIo): number {
  io.stdout(`node: ${found.node}\n`);
  io.stdout(found.container ? `container: ${found.container}: board and cards are its host's\n` : 'container: none\n');
  io.stdout(
    found.state === undefined
      ? `state: ${found.statePath} can be kept\n`
      : `state: ${found.statePath}: ${found.state}: run as root or as rollcall-agent, or name another with --state\n`,
  );
  io.stdout(found.proxies ? 'proxy: taken from the environment\n' : 'proxy: none in the environment\n');
  for (const { name, answers } of found.pbxs) {
    if (found.pbxs.length > 1) io.stdout(`PBX ${name}\n`);
    for (const answer of answers) io.stdout(`${lineFor(answer)}\n`);
    if (answers.every(({ state }) => state === 'absent'))
      io.stdout('no PBX was found: hardware is reported without phones; --registrations FILE reads a list\n');
  }
  return EXIT.ok;
}

function lineFor({ source, state, registrations, code = '', hint }: SourceAnswer): string {
  switch (state) {
    case 'absent':
      return `${source}: not here`;
    case 'read':
      return `${source}: read, ${registrations.length} registrations`;
    case 'withheld':
      return `${source}: withheld (${code}): ${hint ?? explanationOf(code)}`;
  }
}
