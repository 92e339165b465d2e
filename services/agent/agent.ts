import type { Period } from '../../schemas/period.ts';
import type { Identifier } from '../identify/identity.ts';
import type { Clock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import type { AgentConfig, Pbx } from './config.ts';
import type { Inventory } from './inventory.ts';
import type { RandomSource } from './report.ts';
import type { Draw } from './schedule.ts';
import type { SendOptions } from './send.ts';
import { bind, isBoundTo, type MachineMarks } from './state/machine.ts';
import type { State } from './state/state.ts';
import type { StateFile } from './state/state-file.ts';

/** What the agent's commands work with. Nothing in here starts anything by itself. */
export interface AgentDeps {
  readonly config: AgentConfig;
  readonly file: StateFile;
  readonly marks: MachineMarks;
  readonly clock: Clock;
  readonly random: RandomSource;
  readonly draw: Draw;
  readonly identifierOf: (period: Period) => Identifier;
  /** Everything that a PBX says and shows. */
  readonly collect: (pbx: Pbx) => Promise<Inventory>;
  readonly send: SendOptions;
  /** Words for the owner: never raw text of a PBX. */
  readonly say: (text: string) => void;
}

/**
 * The state of this machine. A copy of another machine's keeps what the owner chose and nothing that was sent: its tokens are the
 * other's, which goes on using them.
 */
export function loadState({ file, marks }: AgentDeps): { state: State; copied: boolean } {
  const known = file.read();
  if (known === undefined) return { state: emptyState(marks), copied: false };
  if (isBoundTo(known.machine, marks)) return { state: known, copied: false };
  return {
    state: { ...emptyState(marks), service: known.service, consent: known.stopping ? null : known.consent },
    copied: true,
  };
}

/** The state of a machine that never sent anything: off. */
export function emptyState(marks: MachineMarks): State {
  return {
    version: 1,
    machine: bind(marks),
    service: null,
    consent: null,
    newPolicy: null,
    stopping: false,
    clockOffsetMs: 0,
    sites: {},
  };
}

/** The time as the service sees it, where this machine's clock is known to be wrong. */
export function timeOf(state: State, clock: Clock): number {
  return clock.now() + state.clockOffsetMs;
}

export function serviceOf(state: State, config: AgentConfig): string {
  const service = config.service ?? state.service;
  if (!service) throw new Failure('no-service');
  return service;
}
