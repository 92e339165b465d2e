import { describeFailure } from './failure.ts';
import type { Log } from './log.ts';

/**
 * Ends the process when something is thrown that nobody caught, with a line that says class, code and place. Node would
 * print the message, and a message may quote a report or a fact.
 */
export function exitOnUncaughtException(journal: Log): void {
  process.on('uncaughtException', (thrown) => {
    journal.error('a defect ends this process', describeFailure(thrown));
    process.exit(1);
  });
}
