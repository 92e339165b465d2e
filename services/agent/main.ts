import './node-18.ts';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import type { Catalog } from '../../schemas/catalog.ts';
import { endsOfLife } from '../identify/ends-of-life.ts';
import { pause } from '../shared/clock.ts';
import { assemble, examine, type Surroundings } from './assemble.ts';
import { doctor } from './commands/doctor.ts';
import { type CommandIo, EXIT } from './commands/exit.ts';
import { runInventory } from './commands/inventory.ts';
import {
  agreesTo,
  disable,
  type EnableArgs,
  enable,
  local,
  policy,
  preview,
  run,
  showHeld,
  status,
} from './commands/owner.ts';
import { failureText } from './commands/words.ts';
import { loadConfig } from './config.ts';
import type { EndOfLifeFile, KnownEnds } from './end-of-life.ts';
import { openUi } from './ui/ui-server.ts';

const USAGE = `rollcall-agent: counts this phone system's hardware anonymously, if its owner wants that

  preview     what would be sent, byte for byte; sends nothing
  local       what there is and what is past its sale or support; sends nothing
  policy      what is collected and why, asked of the service (--offline: of nobody); what was not agreed to is marked
  enable      shows the policy and switches on (--service URL; --yes, or --policy N:TEXT for what \`policy\` printed only)
  disable     takes this month's report back and switches off
  status      on or off, the next moment, the last receipt
  show-held   what the service holds of this machine this month
  doctor      which sources are found and which rights are missing
  ui          the same on a page of this machine (--port N)
  run         for the timer: sends what is due
  inventory   prints the report; --send URL posts it now, --withdraw takes it back

  --config FILE   --state FILE   --service URL   --ca FILE   --pbx NAME
  --registrations FILE   --platform "FreePBX 17"   --root DIR   --version   --help
`;

/** The timer comes once an hour: a moment before it does again is waited for. */
const WINDOW_MS = 65 * 60_000;

const OPTIONS = {
  config: { type: 'string' },
  state: { type: 'string' },
  service: { type: 'string' },
  ca: { type: 'string' },
  pbx: { type: 'string' },
  registrations: { type: 'string' },
  platform: { type: 'string' },
  root: { type: 'string' },
  send: { type: 'string' },
  withdraw: { type: 'boolean' },
  yes: { type: 'boolean' },
  policy: { type: 'string' },
  offline: { type: 'boolean' },
  port: { type: 'string' },
  'no-wait': { type: 'boolean' },
  version: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

export interface AgentProgram {
  readonly argv: readonly string[];
  readonly env: Surroundings['env'];
  readonly io: CommandIo;
  readonly loadCatalog: () => Catalog;
  readonly endOfLife: () => EndOfLifeFile;
  readonly version: string;
}

/** The agent's command line; resolves to its exit code. */
export async function main({ argv, env, io, loadCatalog, endOfLife, version }: AgentProgram): Promise<number> {
  const parsed = parse(argv);
  if (parsed === undefined || parsed.positionals.length > 1) return usage(io);
  const { values, positionals } = parsed;
  const command = positionals[0];
  if (values.version) return print(io, `rollcall-agent ${version}\n`);
  if (values.help || command === 'help') return print(io, USAGE);
  if (command === undefined) return usage(io);
  try {
    const config = loadConfig(values);
    const known = (): KnownEnds => ({ dated: endsOfLife(loadCatalog()), undated: endOfLife() });
    const around: Surroundings = {
      env,
      config,
      root: values.root ?? '/',
      catalog: loadCatalog,
      statePath: values.state,
      say: io.stderr,
    };
    const deps = assemble(around);
    switch (command) {
      case 'preview':
        return await preview({ only: values.pbx, known: known() }, io, deps);
      case 'local':
        return await local(known(), io, deps);
      case 'enable':
        return await enable({ service: values.service, agree: agreement(values, io) }, io, deps);
      case 'policy':
        return await policy(values.offline ?? false, io, deps);
      case 'disable':
        return await disable(io, { ...deps, send: { ...deps.send, maxAttempts: 4 } });
      case 'status':
        return status(io, deps);
      case 'show-held':
        return await showHeld(io, deps);
      case 'doctor':
        return doctor(await examine(around, deps), io);
      case 'run':
        return await run({ windowMs: values['no-wait'] ? 0 : WINDOW_MS, pause: (ms) => pause(ms) }, io, deps);
      case 'inventory':
        return await runInventory(values, io, { ...deps, send: { ...deps.send, maxAttempts: 4 } });
      case 'ui':
        return await ui(Number(values.port ?? 0), known(), io, deps);
      default:
        return usage(io);
    }
  } catch (thrown) {
    io.stderr(failureText(thrown));
    return EXIT.notSent;
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch {
    return undefined;
  }
}

function usage(io: CommandIo): number {
  io.stderr(USAGE);
  return EXIT.usage;
}

function print(io: CommandIo, text: string): number {
  io.stdout(text);
  return EXIT.ok;
}

/**
 * `--policy` is a yes to what was read and to nothing else: `N:TEXT` as `policy` prints it, `-` for the same on standard input (a rule of
 * sudo needs no pattern then), or `N` for the text that this agent knows of that version.
 */
function agreement(
  values: { readonly yes?: boolean | undefined; readonly policy?: string | undefined },
  io: CommandIo,
): EnableArgs['agree'] {
  if (values.policy !== undefined)
    return agreesTo(values.policy === '-' ? readFileSync(0, 'utf8').trim() : values.policy);
  return values.yes ? async () => true : asker(io);
}

/** Asks on the terminal; where there is none the answer is no. */
function asker(io: CommandIo): (question: string) => Promise<boolean> {
  return (question) =>
    new Promise((resolve) => {
      io.stderr(question);
      const lines = createInterface({ input: process.stdin });
      lines.once('line', (line) => {
        resolve(/^y(?:es)?$/i.test(line.trim()));
        lines.close();
      });
      lines.once('close', () => resolve(false));
    });
}

/** Serves until the terminal ends it. */
async function ui(port: number, known: KnownEnds, io: CommandIo, deps: Parameters<typeof openUi>[2]): Promise<number> {
  const server = await openUi(Number.isInteger(port) ? port : 0, known, deps);
  io.stdout(`${server.url}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await server.close();
  return EXIT.ok;
}
