import type { ClosingLog } from '../ports/closing-log.ts';
import type { DeadLetterDesk } from '../ports/dead-letters.ts';
import type { LogConsumer } from '../ports/log-consumer.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { OtherClock } from '../ports/other-clock.ts';
import type { Resource } from '../ports/resource.ts';

/** An append-only log of blocks with committed positions, whole. Nobody but who opens it sees more than one port of it. */
export interface FactLog extends LogWriter, LogConsumer, DeadLetterDesk, ClosingLog, Resource {
  /** Of a broker; undefined where the log is in the process. */
  readonly clock?: OtherClock;
}
