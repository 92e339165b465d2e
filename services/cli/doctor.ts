import { packageVersion } from '../shared/package-root.ts';
import { type AddCommand, does, type Env } from './command.ts';
import { type Finding, lineOf } from './doctor/finding.ts';

const HELP = `
It looks at the configuration, Node, the data directory, disks, the signing key, the server that runs here, the log, the
store with every part of it, the jobs, the clocks and what waits, and changes nothing. It ends with 1 when something is
bad. An embedded log and store belong to the server that runs here: it is asked for them, and stop it to have every part
read.`;

/** What an operator asks first: one line for each thing, with what to do about it. */
export const addDoctor: AddCommand = (program, env) => {
  program
    .command('doctor')
    .description('what is wrong here, and what to do about it')
    .option('--json', 'one JSON object')
    .addHelpText('after', HELP)
    .action(does(({ json }: { json?: boolean }) => doctor(env, json === true)));
};

async function doctor(env: Env, json: boolean): Promise<number> {
  const { examination } = await import('./doctor/examination.ts');
  const findings: Finding[] = [];
  for await (const finding of examination(env)) {
    findings.push(finding);
    if (!json) process.stdout.write(`${lineOf(finding)}\n`);
  }
  const well = findings.every(({ state }) => state !== 'bad');
  if (json) process.stdout.write(`${JSON.stringify({ version: packageVersion(), well, findings }, null, 2)}\n`);
  return well ? 0 : 1;
}
