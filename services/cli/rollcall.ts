import { ROLES } from '../compose/role.ts';
import { describeFailure, Failure } from '../shared/failure.ts';
import { explanationOf } from '../shared/failure-codes.ts';
import { packageVersion } from '../shared/package-root.ts';
import { ConfigError } from '../shared/setting.ts';
import { agreementsCommand } from './agreements.ts';
import { auditCommand } from './audit.ts';
import { catalogCommand } from './catalog.ts';
import { closeCommand } from './close.ts';
import { type Command, UsageError } from './command.ts';
import { deadLettersCommand } from './dead-letters.ts';
import { demoCommand } from './demo.ts';
import { identifyCommand } from './identify.ts';
import { inventoryCommand } from './inventory.ts';
import { jobsCommand } from './jobs.ts';
import { keysCommand } from './keys.ts';
import { ledgerCommand } from './ledger.ts';
import { releaseCommand } from './release.ts';
import { migrateCommand, serveCommand } from './serve.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in the order that help shows them. */
const COMMANDS: readonly Command[] = [
  serveCommand('start', 'everything in one process', ROLES),
  serveCommand('ingest', 'take reports', ['ingest']),
  serveCommand('aggregate', 'move facts from the log to the store', ['aggregate']),
  serveCommand('api', 'answer product managers', ['api']),
  jobsCommand,
  migrateCommand,
  catalogCommand,
  keysCommand,
  auditCommand,
  closeCommand,
  deadLettersCommand,
  agreementsCommand,
  releaseCommand,
  ledgerCommand,
  verifyCommand,
  demoCommand,
  inventoryCommand,
  identifyCommand,
];

/** Runs a command; the exit code is 0 for success, 1 for failure, 2 for words that are no command. */
export async function main(args: readonly string[]): Promise<void> {
  const [name = 'help', ...rest] = args;
  const command = COMMANDS.find((candidate) => candidate.name === name);
  if (!command) {
    const asked = ['help', '--help', '-h'].includes(name);
    if (name === '--version') return write(process.stdout, packageVersion());
    write(asked ? process.stdout : process.stderr, help());
    process.exitCode = asked ? 0 : 2;
    return;
  }
  try {
    process.exitCode = await command.run(rest, process.env);
  } catch (thrown) {
    write(process.stderr, explain(thrown));
    process.exitCode = thrown instanceof UsageError ? 2 : 1;
  }
}

function help(): string {
  return [
    'rollcall: counts the hardware of phone systems without knowing whose it is',
    ...COMMANDS.flatMap(({ usage, summary }) => ['', `  ${usage}`, `      ${summary}`]),
  ].join('\n');
}

/** What went wrong in words for an operator. Our own errors speak for themselves; others are told by code alone. */
function explain(thrown: unknown): string {
  if (thrown instanceof UsageError || thrown instanceof ConfigError) return thrown.message;
  if (thrown instanceof Failure) return `${thrown.code} ${explanationOf(thrown.code)}${detailOf(thrown)}`.trim();
  const { code, error, at } = describeFailure(thrown);
  if (code === 'EADDRINUSE') return 'The port is in use: choose another with PORT.';
  if (code?.startsWith('ERR_PARSE_ARGS')) return (thrown as Error).message;
  return `failed: ${[error, code, at].filter(Boolean).join(' ')}`;
}

function detailOf(failure: Failure): string {
  const detail = Object.entries(failure.detail).map(([key, value]) => `${key} ${value}`);
  return detail.length > 0 ? ` (${detail.join(', ')})` : '';
}

function write(stream: NodeJS.WritableStream, text: string): void {
  stream.write(`${text}\n`);
}
