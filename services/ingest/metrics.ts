import { Counter, Gauge, type Registry } from 'prom-client';
import { Failure } from '../shared/failure.ts';
import type { Answer } from './ingest-one.ts';
import { Refused } from './refused.ts';

/** Counts of what ingest did. Labels are words of this file's or of the problem types: nothing of a report. */
export interface IngestMetrics {
  observe(ingest: () => Promise<Answer>): Promise<Answer>;
  /** One for which there was no place. */
  turnedAway(): void;
}

export function ingestMetrics(registry: Registry): IngestMetrics {
  const reports = new Counter({
    name: 'rollcall_reports_total',
    help: 'Reports by outcome: accepted, withdrawn, or the type of the problem',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const lines = new Counter({
    name: 'rollcall_lines_total',
    help: 'Lines of accepted reports by outcome: listed, unlisted, or the reason of the refusal',
    labelNames: ['outcome'],
    registers: [registry],
  });
  // Looked up once: a look-up by labels costs more than counting.
  const [accepted, withdrawn] = [reports.labels('accepted'), reports.labels('withdrawn')];
  const busy = reports.labels('busy');
  const [listed, unlisted] = [lines.labels('listed'), lines.labels('unlisted')];
  return {
    turnedAway: () => busy.inc(),
    async observe(ingest) {
      try {
        const answer = await ingest();
        if ('withdrawn' in answer) withdrawn.inc();
        else {
          accepted.inc();
          listed.inc(answer.accepted);
          unlisted.inc(answer.unlisted);
          for (const { reason } of answer.refused) lines.inc({ outcome: reason });
        }
        return answer;
      } catch (thrown) {
        reports.inc({ outcome: outcomeOf(thrown) });
        throw thrown;
      }
    },
  };
}

/** Reports on their way to the log, read when the metrics are. */
export function pendingMetric(registry: Registry, mixer: { readonly pending: number }): void {
  new Gauge({
    name: 'rollcall_reports_pending',
    help: 'Reports taken and not yet durable: each waits for its answer',
    registers: [registry],
    collect() {
      this.set(mixer.pending);
    },
  });
}

function outcomeOf(thrown: unknown): string {
  if (thrown instanceof Refused) return thrown.type;
  return thrown instanceof Failure ? thrown.code : 'failed';
}
