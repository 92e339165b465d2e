import type { Block } from '../ports/block.ts';
import type { FactTable } from '../ports/fact-table.ts';
import type { LogWriter } from '../ports/log-writer.ts';
import { packageVersion } from '../shared/package-root.ts';
import type { Resources } from '../shared/resources.ts';
import { contextOf, openTraces, type Tracer, traceparentOf } from '../shared/traces.ts';
import type { Environment } from './environment.ts';
import type { Role } from './role.ts';

/**
 * A block of fewer reports has no span and carries no context. A trace tells when a block was made (to the minute) and
 * its record which facts are in it, for as long as it lies in the log: of a few reports that would be too much.
 */
const LEAST_REPORTS = 8;

/** Undefined when nobody collects. Closed with everything else, what waits is sent. */
export function tracerOf(
  roles: readonly Role[],
  { config, clock }: Environment,
  resources: Resources,
): Tracer | undefined {
  if (config.tracesUrl === undefined) return undefined;
  const service = `rollcall-${roles.length > 1 ? 'start' : roles[0]}`;
  const tracer = openTraces({ url: config.tracesUrl, service, version: packageVersion(), now: () => clock.now() });
  return resources.add(tracer);
}

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
function overlaid<T extends object>(under: T, over: object): T {
  return new Proxy(under, {
    get(target, name) {
      const value: unknown = Reflect.get(name in over ? over : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}
