import type { Block } from '../ports/block.ts';
import type { FactTable } from '../ports/fact-table.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import { contextOf, type Tracer, traceparentOf } from '../shared/traces.ts';

/**
 * A block of fewer reports has no span and carries no context. A trace tells when a block was made (to the minute) and
 * its record which facts are in it, for as long as it lies in the log: of a few reports that would be too much.
 */
export const LEAST_REPORTS = 8;

/** The log, whose appends are spans that blocks carry to whoever counts them. Never a span of a report. */
export function tracedLog<L extends LogWriter>(log: L, tracer: Tracer | undefined): L {
  if (tracer === undefined) return log;
  const append = (block: Block): Promise<void> =>
    block.reports < LEAST_REPORTS
      ? log.append(block)
      : tracer.span({ name: 'log append', kind: 'producer', attributes: { period: block.period } }, (context) =>
          log.append({ ...block, traceparent: traceparentOf(context) }),
        );
  return overlaid(log, { append });
}

/** The table, whose inserts are spans that link to the blocks in them. */
export function tracedTable<T extends FactTable>(table: T, tracer: Tracer | undefined): T {
  if (tracer === undefined) return table;
  const insertFacts = (blocks: readonly Block[]): Promise<void> => {
    const links = blocks.flatMap(({ traceparent = '' }) => contextOf(traceparent) ?? []).slice(0, MOST_LINKS);
    const attributes = { period: blocks[0]?.period ?? '' };
    return tracer.span({ name: 'store insert', kind: 'consumer', attributes, links }, () => table.insertFacts(blocks));
  };
  return overlaid(table, { insertFacts });
}

const MOST_LINKS = 128;

/** The same object with some of its methods replaced, whatever its class is. */
function overlaid<T extends object>(under: T, over: Partial<T>): T {
  return new Proxy(under, {
    get(target, name) {
      if (name in over) return over[name as keyof T];
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
