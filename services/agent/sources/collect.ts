import type { EndpointsFound } from '../inventory.ts';
import { asteriskAmi } from './asterisk-ami.ts';
import { asteriskCli } from './asterisk-cli.ts';
import { freeswitch } from './freeswitch.ts';
import { kamailio } from './kamailio.ts';
import type { SourceAnswer, SourceDeps } from './source.ts';

/** Which of the systems that this machine may have are asked. */
export interface SourceChoice {
  /** False where the PBX is another machine: then only what is configured is asked. */
  readonly local: boolean;
}

/** What every source says. None can cost another: each fails by itself and says why. */
export async function askSources(deps: SourceDeps, { local }: SourceChoice): Promise<SourceAnswer[]> {
  const answers: SourceAnswer[] = [];
  const ami = deps.ami === undefined ? undefined : await asteriskAmi(deps.ami, deps);
  if (ami) answers.push(ami);
  // Both ask the same Asterisk: the command line is for where the manager interface is not set up or does not tell.
  if (local && ami?.state !== 'read') {
    const cli = await asteriskCli(deps);
    answers.push(...cli);
    if (cli.some(({ state }) => state === 'read'))
      return withoutIdle([...withoutAmi(answers), ...(await others(deps, local))]);
  }
  return withoutIdle([...answers, ...(await others(deps, local))]);
}

function withoutAmi(answers: readonly SourceAnswer[]): SourceAnswer[] {
  return answers.filter(({ source }) => source !== 'asterisk-ami');
}

async function others(deps: SourceDeps, local: boolean): Promise<SourceAnswer[]> {
  const asked = local || deps.kamailio !== undefined ? [await kamailio(deps)] : [];
  return local ? [...asked, await freeswitch(deps)] : asked;
}

/** A Kamailio that is installed and does not run is no part of a PBX whose phones another source tells. */
function withoutIdle(answers: readonly SourceAnswer[]): SourceAnswer[] {
  const told = answers.some(({ state, registrations }) => state === 'read' && registrations.length > 0);
  return told ? answers.filter(({ code }) => code !== 'not-running') : [...answers];
}

/** All endpoints of a machine; one source that is here and not to be believed makes them unknown. */
export function endpointsOf(answers: readonly SourceAnswer[]): EndpointsFound {
  const withheld = answers.filter(({ state }) => state === 'withheld');
  const platform = answers.find(({ state, platform: told }) => state !== 'absent' && told)?.platform;
  return {
    registrations: withheld.length > 0 ? [] : answers.flatMap(({ registrations }) => registrations),
    problems: withheld.map(({ source, code = 'failed', hint }) => ({
      code: `${source}-${code}`,
      ...(hint === undefined ? {} : { hint }),
    })),
    unknown: withheld.length > 0,
    ...(platform === undefined ? {} : { platform }),
  };
}
