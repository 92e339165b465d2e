import type { ClosingLog } from '../ports/closing-log.ts';
import type { DeadLetterDesk } from '../ports/dead-letters.ts';
import type { LogConsumer } from '../ports/log-consumer.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import type { Resource } from '../ports/resource.ts';

/** An append-only log of blocks with committed positions, whole. Nobody but who opens it sees more than one port of it. */
export interface FactLog extends LogWriter, LogConsumer, DeadLetterDesk, ClosingLog, Resource {}
