import type { Category } from '../../schemas/report.ts';
import type { RawKind } from '../identify/identity.ts';
import type { Clock } from '../shared/clock.ts';
import type { Container } from './container.ts';
import type { MachineFiles } from './files.ts';

export const SOURCES = ['hypervisor', 'board', 'cpu', 'memory', 'pci', 'dahdi', 'endpoints'] as const;
export type Source = (typeof SOURCES)[number];

/** A string as the machine gives it, for the identifier. It never leaves the agent. */
export interface RawCandidate {
  readonly kind: RawKind;
  readonly text: string;
  /** What the collector knows it to be, should the catalogue not know it. */
  readonly unlistedAs?: Category;
  /** An answer of another category does not count, and neither does a refusal. */
  readonly only?: Category;
}

/** A name of our own for something without a name. */
interface NamedCandidate {
  readonly category: Category;
  readonly vendor: string;
  readonly model: string;
}

export type Candidate = RawCandidate | NamedCandidate;

/** Something a collector saw: one device, or `count` of the same. */
export interface Reading {
  readonly count: number;
  /** Ways to name it, the preferred first. */
  readonly candidates: readonly Candidate[];
  /** Whose it is. The same model under one owner counts once. Kept in memory only. */
  readonly owner?: string;
  /** What no two devices share (addresses, serials). Kept in memory only. */
  readonly marks?: readonly string[];
  /** Where it is: two lines of one gateway or base station share it; phones behind one proxy may too. */
  readonly place?: string;
  /** What the owner is shown on the screen beside the answer. Never sent, never written down. */
  readonly shown?: string;
}

interface Sight {
  readonly files: MachineFiles;
  readonly clock: Clock;
  /** The container around this system, whose files then show the host's hardware. */
  readonly container: Container | undefined;
  /** Notes a code for what could not be read. Never content. */
  problem(code: string): void;
}

/** Reads one kind of thing from a machine. May throw: then it yields nothing and the inventory goes on. */
export type Collector = (sight: Sight) => Reading[];
