import type { ReportLine } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { Clock } from '../shared/clock.ts';
import { describeFailure } from '../shared/failure.ts';
import { board } from './collectors/board.ts';
import { cpu } from './collectors/cpu.ts';
import { endpoints } from './collectors/endpoints.ts';
import { hypervisor } from './collectors/hypervisor.ts';
import { memory } from './collectors/memory.ts';
import { pci } from './collectors/pci.ts';
import { type Disk, MachineFiles, readRegistrations } from './files.ts';
import { detectPlatform, knownPlatform, type Platform, parsePlatform } from './platform.ts';
import { type Collector, type Reading, SOURCES, type Source } from './reading.ts';
import { identify, type Refusal, Tally } from './tally.ts';

/** What a collector could not read, by a code. Never content. */
export interface Problem {
  readonly collector: Source | 'platform' | 'inventory';
  readonly code: string;
}

export interface Inventory {
  readonly platform: Platform;
  readonly lines: readonly ReportLine[];
  readonly refused: readonly Refusal[];
  readonly problems: readonly Problem[];
}

export interface InventoryOptions {
  /** Where the machine's files are: `/`, or a directory that is laid out like it. */
  readonly root: string;
  readonly identifier: Identifier;
  readonly clock: Clock;
  /** A file of registrations; `-` is standard input. */
  readonly registrations?: string;
  /** What the owner says the platform is, instead of what the files say. */
  readonly platform?: string;
  readonly disk?: Disk;
  readonly collectors?: Partial<Record<Source, Collector>>;
}

/** What this machine is made of, in the catalogue's words. A part that cannot be read costs that part only. */
export function takeInventory(options: InventoryOptions): Inventory {
  const { identifier, clock } = options;
  const files = new MachineFiles(options.root, options.disk);
  const problems: Problem[] = [];
  const tally = new Tally();
  const collectors = { ...collectorsFor(options), ...options.collectors };
  let guest = false;
  for (const source of SOURCES) {
    // The board of a virtual machine is make-believe.
    if (source === 'board' && guest) continue;
    const problem = (code: string) => note(problems, { collector: source, code });
    const readings = attempt(problem, () => collectors[source]({ files, clock, problem })) ?? [];
    const counted = readings.filter((reading) => attempt(problem, () => count(source, reading, identifier, tally)));
    if (source === 'hypervisor') guest = counted.length > 0;
  }
  const { lines, left } = tally.lines();
  if (left > 0) note(problems, { collector: 'inventory', code: 'too-many-lines' });
  return { platform: platformOf(options, files, problems), lines, refused: tally.refused, problems };
}

function collectorsFor({ registrations, disk }: InventoryOptions): Record<Source, Collector> {
  const registered = registrations === undefined ? () => [] : endpoints(() => readRegistrations(registrations, disk));
  return { hypervisor, board, cpu, memory, pci, endpoints: registered };
}

/** Whether the reading is something that counts. */
function count(source: Source, reading: Reading, identifier: Identifier, tally: Tally): boolean {
  const identity = identify(reading, identifier);
  if (identity === undefined) return false;
  tally.add(source, reading, identity);
  return identity.kind !== 'refused';
}

function platformOf({ platform, identifier }: InventoryOptions, files: MachineFiles, problems: Problem[]): Platform {
  const problem = (code: string) => note(problems, { collector: 'platform', code });
  const found = attempt(problem, () => {
    return knownPlatform(platform === undefined ? detectPlatform(files) : parsePlatform(platform), identifier);
  });
  return found ?? { name: 'other', version: '' };
}

function attempt<T>(problem: (code: string) => void, act: () => T): T | undefined {
  try {
    return act();
  } catch (thrown) {
    problem(describeFailure(thrown).code ?? 'failed');
    return undefined;
  }
}

function note(problems: Problem[], problem: Problem): void {
  const known = problems.some(({ collector, code }) => collector === problem.collector && code === problem.code);
  if (!known) problems.push(problem);
}
