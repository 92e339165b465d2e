import { describeFailure } from './failure.ts';
import type { Log } from './log.ts';

/**
 * Ends the process when something is thrown that nobody caught, with a line that says class, code and place. Node would
 * print the message, and a message may quote a report or a fact. `isTold`: of a rejection that somebody else was told of.
 */
export function exitOnUncaughtException(journal: Log, isTold: (rejected: unknown) => boolean = () => false): void {
  process.on('uncaughtException', (thrown, origin) => {
    if (origin === 'unhandledRejection' && isTold(thrown)) return;
    journal.error('a defect ends this process', describeFailure(thrown));
    process.exit(1);
  });
}
