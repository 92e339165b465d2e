import type { Clock } from '../../shared/clock.ts';
import type { Registration } from '../formats/registration.ts';
import type { Platform } from '../platform.ts';
import type { CommandEnvironment } from './command.ts';

/** What one source of registered endpoints said. */
export interface SourceAnswer {
  readonly source: SourceName;
  /**
   * `absent`: that system is not here. `read`: its phones are all there. `withheld`: it is here, and what it says cannot be
   * believed or may not be read; then nothing is said about phones rather than that there are none.
   */
  readonly state: 'absent' | 'read' | 'withheld';
  readonly registrations: readonly Registration[];
  readonly code?: string;
  /** How to give the right that is missing, in one line of our own words. */
  readonly hint?: string;
  readonly platform?: Platform | undefined;
}

const SOURCE_NAMES = ['asterisk', 'asterisk-ami', 'chan_sip', 'freeswitch', 'kamailio'] as const;
export type SourceName = (typeof SOURCE_NAMES)[number];

export interface AmiAccess {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly secret: string;
}

export interface KamailioAccess {
  /** The FIFO that the jsonrpcs module reads. */
  readonly fifo?: string | undefined;
  /** Where it makes its answers: the module's `fifo_reply_dir`. */
  readonly replyDir?: string | undefined;
  /** The datagram socket of the module (`dgram_socket`). */
  readonly datagram?: string | undefined;
  /** `http://127.0.0.1:5060/RPC`, for the module's HTTP transport. */
  readonly http?: string | undefined;
}

export interface SourceDeps {
  readonly clock: Clock;
  readonly commands: CommandEnvironment;
  readonly ami?: AmiAccess | undefined;
  readonly kamailio?: KamailioAccess | undefined;
  readonly timeoutMs?: number;
}

export function absent(source: SourceName): SourceAnswer {
  return { source, state: 'absent', registrations: [] };
}

export function withheld(source: SourceName, code: string, hint?: string): SourceAnswer {
  return { source, state: 'withheld', registrations: [], code, ...(hint === undefined ? {} : { hint }) };
}
