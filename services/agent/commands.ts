import type { Receipt } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { Clock } from '../shared/clock.ts';
import { describeFailure } from '../shared/failure.ts';
import type { Disk } from './files.ts';
import { type Inventory, takeInventory } from './inventory.ts';
import { buildReport, type RandomSource, reportText } from './report.ts';
import { NotSent, reportsUrl, type SendOptions, sendReport } from './send.ts';

export interface InventoryArgs {
  /** A file of registrations; `-` is standard input. */
  readonly registrations?: string | undefined;
  /** `FreePBX 17`, instead of what the files say. */
  readonly platform?: string | undefined;
  /** Where to post the report: a service, or the full address of its reports. */
  readonly send?: string | undefined;
  readonly root?: string | undefined;
}

export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}

export interface InventoryDeps {
  readonly identifier: Identifier;
  readonly clock: Clock;
  readonly random?: RandomSource;
  readonly disk?: Disk;
  readonly send?: SendOptions;
}

/** Exit codes: everything went well; the report was not sent; the call itself was wrong. */
export const EXIT = { ok: 0, notSent: 1, usage: 2 } as const;

/**
 * `rollcall inventory`: prints the report it would send, and nothing else, on stdout; what was left out, by reason, on
 * stderr. With `send` it posts exactly the printed bytes. A named file of registrations that cannot be read ends the
 * command: a report without its phones would be wrong.
 */
export async function runInventory(args: InventoryArgs, io: CommandIo, deps: InventoryDeps): Promise<number> {
  try {
    if (args.send !== undefined) reportsUrl(args.send);
    const inventory = takeInventory(optionsOf(args, deps));
    io.stderr(summaryOf(inventory));
    if (inventory.problems.some(({ collector, code }) => collector === 'endpoints' && code !== 'malformed-lines'))
      return EXIT.usage;
    const text = reportText(buildReport(inventory, deps));
    io.stdout(text);
    if (args.send !== undefined) io.stderr(receiptText(await sendReport(text, args.send, deps.send)));
    return EXIT.ok;
  } catch (thrown) {
    io.stderr(failureText(thrown));
    return thrown instanceof NotSent && thrown.code !== 'not-a-url' ? EXIT.notSent : EXIT.usage;
  }
}

function optionsOf({ root = '/', registrations, platform }: InventoryArgs, { identifier, clock, disk }: InventoryDeps) {
  return {
    root,
    identifier,
    clock,
    ...(registrations === undefined ? {} : { registrations }),
    ...(platform === undefined ? {} : { platform }),
    ...(disk === undefined ? {} : { disk }),
  };
}

function summaryOf({ platform, lines, refused, problems }: Inventory): string {
  const devices = lines.reduce((sum, { count }) => sum + count, 0);
  return [
    `platform: ${[platform.name, platform.version].join(' ').trim()}; ${lines.length} models, ${devices} devices`,
    ...refused.map(({ source, reason, count }) => `not reported: ${count} of ${source} (${reason})`),
    ...problems.map(({ collector, code }) => `could not read: ${collector} (${code})`),
    '',
  ].join('\n');
}

function receiptText({ accepted, unlisted, refused }: Receipt): string {
  const reasons = refused.map(({ index, reason }) => `line ${index}: ${reason}\n`).join('');
  return `sent: ${accepted} accepted, ${unlisted} unlisted, ${refused.length} refused\n${reasons}`;
}

function failureText(thrown: unknown): string {
  if (!(thrown instanceof NotSent)) return `failed: ${describeFailure(thrown).code ?? 'unexpected'}\n`;
  const { status, type, errors = [] } = thrown.problem ?? {};
  const head = ['not sent:', thrown.code, status, type].filter((part) => part !== undefined).join(' ');
  return `${head}\n${errors.map(({ pointer, reason }) => `${pointer}: ${reason}\n`).join('')}`;
}
