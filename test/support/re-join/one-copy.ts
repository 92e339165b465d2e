import { dirname } from 'node:path';
import { findKeys } from '../../../services/cli/demo/facts-on-disk.ts';
import type { SiteReport } from '../../../services/ingest/break-apart.ts';
import { breakApart } from '../../../services/ingest/break-apart.ts';

/**
 * What somebody can put together from one copy of a running installation, whatever the engine thinks of its files: each
 * part of the store (an outdated one is still a directory) and each environment of the log is a set of facts, and facts
 * that are in exactly the same sets arrived together. A report is put together when such a group is the report and
 * nothing else. Resolves to the reports that are, by their place in `reports`.
 */
export function putTogether(directory: string, reports: readonly SiteReport[]): number[] {
  const reportOf = new Map<number, number>();
  for (const [i, report] of reports.entries()) for (const { key } of breakApart(report)) reportOf.set(key, i);
  const places = new Map<number, Set<string>>();
  findKeys(directory, [...reportOf.keys()], (key, _length, path) => {
    // A fact's keys stand in the part's directory; in the log the directory is the environment's.
    places.set(key, (places.get(key) ?? new Set()).add(dirname(path)));
  });
  const groups = new Map<string, Set<number>>();
  for (const [key, where] of places) {
    const name = [...where].sort().join('\n');
    groups.set(name, (groups.get(name) ?? new Set()).add(reportOf.get(key) as number));
  }
  const alone = [...groups.values()].filter((group) => group.size === 1).flatMap((group) => [...group]);
  return [...new Set(alone)].sort((a, b) => a - b);
}
