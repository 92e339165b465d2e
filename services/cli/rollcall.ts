import { CommanderError, Command as Program } from 'commander';
import { describeFailure, Failure } from '../shared/failure.ts';
import { explanationOf } from '../shared/failure-codes.ts';
import { packageVersion } from '../shared/package-root.ts';
import { ConfigError } from '../shared/setting.ts';
import { addAcceptLoss } from './accept-loss.ts';
import { addAgreements } from './agreements.ts';
import { addAudit } from './audit.ts';
import { addCatalog } from './catalog.ts';
import { Unanswered } from './client.ts';
import { addClose } from './close.ts';
import { type AddCommand, adding, type Env, exitCodeOf, UsageError } from './command.ts';
import { addDeadLetters } from './dead-letters.ts';
import { addDemo } from './demo.ts';
import { addDoctor } from './doctor.ts';
import { addExport } from './export.ts';
import { addIdentify } from './identify.ts';
import { addImport } from './import.ts';
import { inventoryCommand } from './inventory.ts';
import { addJobs } from './jobs.ts';
import { addKeys } from './keys.ts';
import { addLedger } from './ledger.ts';
import { letGo } from './processes.ts';
import { releaseCommand } from './release.ts';
import { addSalvage } from './salvage.ts';
import { addMigrate, addServers } from './serve.ts';
import { verifyCommand } from './verify.ts';

/** Every command, in the order that help shows them. */
const COMMANDS: readonly AddCommand[] = [
  addServers,
  addJobs,
  addMigrate,
  addDoctor,
  addExport,
  addImport,
  addCatalog,
  addKeys,
  addAudit,
  addClose,
  addDeadLetters,
  addSalvage,
  addAcceptLoss,
  addAgreements,
  adding(releaseCommand),
  addLedger,
  adding(verifyCommand),
  addDemo,
  adding(inventoryCommand),
  addIdentify,
];

export async function main(args: readonly string[]): Promise<void> {
  process.exitCode = await execute(args, process.env);
  letGo();
}

/** Resolves to the exit code: 0 for success, 1 for failure, 2 for words that are no command. */
export async function execute(args: readonly string[], env: Env): Promise<number> {
  const program = programIn(env);
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return exitCodeOf(program);
  } catch (thrown) {
    // What commander does not understand it has told by itself.
    if (!(thrown instanceof CommanderError)) process.stderr.write(`${explain(thrown)}\n`);
    return codeOf(thrown);
  }
}

function programIn(env: Env): Program {
  const program = new Program('rollcall')
    .description('rollcall: counts the hardware of phone systems without knowing whose it is')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(--help says what it takes)');
  for (const add of COMMANDS) add(program, env);
  return program;
}

function codeOf(thrown: unknown): number {
  if (thrown instanceof CommanderError) return ASKED_FOR.includes(thrown.code) ? 0 : 2;
  return thrown instanceof UsageError || describeFailure(thrown).code?.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}

const ASKED_FOR: readonly string[] = ['commander.helpDisplayed', 'commander.version'];

/** What went wrong in words for an operator. Our own errors speak for themselves; others are told by code alone. */
function explain(thrown: unknown): string {
  if (thrown instanceof UsageError || thrown instanceof ConfigError || thrown instanceof Unanswered)
    return thrown.message;
  if (thrown instanceof Failure) return `${thrown.code} ${explanationOf(thrown.code)}${detailOf(thrown)}`.trim();
  const { code, error, at } = describeFailure(thrown);
  if (code?.startsWith('ERR_PARSE_ARGS')) return (thrown as Error).message;
  const { path, syscall } = thrown as NodeJS.ErrnoException;
  if (code !== undefined && path !== undefined) return `${path}: ${FILE_FAULTS[code] ?? code} (${code}, ${syscall})`;
  return `failed: ${[error, code, at].filter(Boolean).join(' ')}`;
}

const FILE_FAULTS: Readonly<Record<string, string>> = {
  EACCES: 'this user may not open, make or write it',
  EPERM: 'this user may not do that',
  EROFS: 'it is on a file system that is read only',
  ENOENT: 'there is no such file',
  EEXIST: 'something else is there already',
  ENOTDIR: 'a file stands where a directory should',
  EISDIR: 'a directory stands where a file should',
  ENOSPC: 'the disk is full',
};

function detailOf(failure: Failure): string {
  const detail = Object.entries(failure.detail).map(([key, value]) => `${key} ${value}`);
  return detail.length > 0 ? ` (${detail.join(', ')})` : '';
}
