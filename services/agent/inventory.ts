import type { ReportLine } from '../../schemas/report.ts';
import type { Identifier, Identity } from '../identify/identity.ts';
import type { Clock } from '../shared/clock.ts';
import { describeFailure } from '../shared/failure.ts';
import { board } from './collectors/board.ts';
import { cpu } from './collectors/cpu.ts';
import { dahdi } from './collectors/dahdi.ts';
import { endpointReadings } from './collectors/endpoints.ts';
import { hypervisor } from './collectors/hypervisor.ts';
import { memory } from './collectors/memory.ts';
import { pci } from './collectors/pci.ts';
import { type Container, containerOf } from './container.ts';
import { type Disk, MachineFiles, registrationsText } from './files.ts';
import type { Known } from './formats/list.ts';
import { readRegistrations } from './formats/read-registrations.ts';
import type { Registration } from './formats/registration.ts';
import { Unread } from './formats/unread.ts';
import { detectPlatform, knownPlatform, type Platform, parsePlatform } from './platform.ts';
import { type Collector, type Reading, SOURCES, type Source } from './reading.ts';
import { identify, type Refusal, Tally } from './tally.ts';

/** What a collector could not read, by a code. Never content; `hint` is our own words. */
interface Problem {
  readonly collector: Source | 'platform' | 'inventory';
  readonly code: string;
  readonly hint?: string;
}

/** What became of one raw text, for the owner's screen only: it is never sent and never written down. */
export interface Resolution {
  readonly source: Source;
  readonly raw: string;
  readonly answer: Identity;
  readonly count: number;
}

export interface Inventory {
  readonly platform: Platform;
  readonly lines: readonly ReportLine[];
  readonly refused: readonly Refusal[];
  readonly problems: readonly Problem[];
  readonly resolutions: readonly Resolution[];
  /** The endpoints could not be read, or their sources disagree: nothing may be concluded from their absence. */
  readonly endpointsUnknown: boolean;
  readonly container: Container | undefined;
}

/** What the live sources of a PBX gave, or why they are not to be believed. */
export interface EndpointsFound {
  readonly registrations: readonly Registration[];
  readonly problems: readonly { readonly code: string; readonly hint?: string }[];
  readonly unknown: boolean;
  /** What the PBX says it is, where it says it: better than files. */
  readonly platform?: Platform | undefined;
}

export interface InventoryOptions {
  /** Where the machine's files are: `/`, or a directory that is laid out like it. */
  readonly root: string;
  readonly identifier: Identifier;
  readonly clock: Clock;
  /** A file of registrations; `-` is standard input. */
  readonly registrations?: string;
  /** What the PBX itself says, where no file does. */
  readonly endpoints?: EndpointsFound;
  /** False where the PBX is another machine than this one. */
  readonly hardware?: boolean;
  /** What the owner says the platform is, instead of what the files say. */
  readonly platform?: string;
  readonly disk?: Disk;
  readonly collectors?: Partial<Record<Source, Collector>>;
}

const NO_ENDPOINTS: EndpointsFound = { registrations: [], problems: [], unknown: false };

/** What this machine is made of, in the catalogue's words. A part that cannot be read costs that part only. */
export function takeInventory(options: InventoryOptions): Inventory {
  const { identifier, clock, hardware = true } = options;
  const files = new MachineFiles(options.root, options.disk);
  const problems: Problem[] = [];
  const resolutions: Resolution[] = [];
  const tally = new Tally();
  const container = containerOf(files);
  const found = endpointsOf(options);
  for (const problem of found.problems) note(problems, { collector: 'endpoints', ...problem });
  const collectors: Record<Source, Collector> = {
    ...{ hypervisor, board, cpu, memory, pci, dahdi },
    endpoints: ({ problem }) => {
      const { readings, tooLong } = endpointReadings(found.registrations);
      if (tooLong > 0) problem('malformed-lines');
      return [...readings];
    },
    ...options.collectors,
  };
  let guest = false;
  for (const source of SOURCES) {
    if (!hardware && source !== 'endpoints') continue;
    // The board of a virtual machine is make-believe.
    if (source === 'board' && guest) continue;
    const problem = (code: string) => note(problems, { collector: source, code });
    const readings = attempt(problem, () => collectors[source]({ files, clock, container, problem })) ?? [];
    if (source === 'hypervisor') guest = readings.length > 0 && isGuest(readings, identifier, problem);
    for (const reading of readings) attempt(problem, () => count(source, reading, identifier, tally, resolutions));
  }
  const { lines, left } = tally.lines();
  if (left > 0) note(problems, { collector: 'inventory', code: 'too-many-lines' });
  return {
    platform: platformOf(options, found, files, problems),
    lines,
    refused: tally.refused,
    problems,
    resolutions,
    endpointsUnknown: found.unknown,
    container,
  };
}

/** A named file of registrations is the endpoints; a file that cannot be read leaves them unknown. */
function endpointsOf(options: InventoryOptions): EndpointsFound {
  const { registrations, endpoints = NO_ENDPOINTS, disk, clock, identifier } = options;
  if (registrations === undefined) return endpoints;
  try {
    const text = registrationsText(registrations, disk);
    const read = readRegistrations(text, clock.now(), (agent) => kindOf(identifier, agent));
    const problems = read.broken > 0 ? [{ code: 'malformed-lines' }] : [];
    // Saved too long ago: the phones of then are no longer there by its own word, and that there are none is not known.
    if (read.registrations.length === 0 && read.format !== 'empty')
      throw new Unread('nothing-found', 'nothing in it is registered any more: save it anew');
    return { registrations: read.registrations, problems, unknown: false };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    const hint = thrown instanceof Unread ? { hint: thrown.hint } : {};
    return { registrations: [], problems: [{ code, ...hint }], unknown: true };
  }
}

/** What the catalogue says of a User-Agent, be it that it is no device. */
export function kindOf(identifier: Identifier, userAgent: string): Known {
  try {
    const answer = identifier.raw('user-agent', userAgent);
    if (answer.kind === 'listed') return 'device';
    return answer.kind === 'refused' && answer.reason === 'not-a-device' ? 'no-device' : 'unknown';
  } catch {
    return 'unknown';
  }
}

/** Something that names a hypervisor, be it one that the catalogue does not know. */
function isGuest(readings: readonly Reading[], identifier: Identifier, problem: (code: string) => void): boolean {
  return readings.some(
    (reading) =>
      reading.candidates.some((candidate) => !('kind' in candidate)) ||
      (attempt(problem, () => identify(reading, identifier))?.kind ?? 'refused') !== 'refused',
  );
}

function count(
  source: Source,
  reading: Reading,
  identifier: Identifier,
  tally: Tally,
  resolutions: Resolution[],
): void {
  const identity = identify(reading, identifier);
  if (identity === undefined) return;
  const counted = tally.add(source, reading, identity);
  if (reading.shown !== undefined)
    resolutions.push({ source, raw: reading.shown, answer: identity, count: counted ? reading.count : 0 });
}

function platformOf(
  { platform, identifier }: InventoryOptions,
  found: EndpointsFound,
  files: MachineFiles,
  problems: Problem[],
): Platform {
  const problem = (code: string) => note(problems, { collector: 'platform', code });
  const known = attempt(problem, () => {
    if (platform !== undefined) return knownPlatform(parsePlatform(platform), identifier);
    return knownPlatform(betterOf(detectPlatform(files), found.platform), identifier);
  });
  return known ?? { name: 'other', version: '' };
}

/** A distribution's name says more than the engine's in it; of an engine its own word says more than files. */
function betterOf(files: Platform, told: Platform | undefined): Platform {
  if (told === undefined || (files.name !== 'other' && files.name !== told.name)) return files;
  return told.version === '' && files.name === told.name ? files : told;
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
