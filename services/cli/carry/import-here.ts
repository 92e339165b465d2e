import type { Period } from '../../../schemas/period.ts';
import type { Store } from '../../adapters/clickhouse/store.ts';
import { BEFORE_FIRST, firstBreak } from '../../api/keys/audit-chain.ts';
import type { Environment } from '../../compose/environment.ts';
import { partsIn } from '../../compose/parts.ts';
import { Failure } from '../../shared/failure.ts';
import { packageVersion } from '../../shared/package-root.ts';
import { Resources } from '../../shared/resources.ts';
import { type Header, type Piece, read } from './carry-stream.ts';

/** Reads a stream into the store of this environment, all or nothing; resolves to what was read, a line each. */
export async function importHere(environment: Environment, lines: AsyncIterable<string>): Promise<string[]> {
  const resources = new Resources();
  try {
    const store = await partsIn(environment, resources).store();
    if (!(await store.carried.isEmpty()) || (await store.counts.factPeriods()).length > 0)
      throw new Failure('store-not-empty');
    return await allOrNothing(store, lines);
  } finally {
    await resources.close();
  }
}

async function allOrNothing(store: Store, lines: AsyncIterable<string>): Promise<string[]> {
  const rows = new Map<string, number>();
  const open = new Set<Period>();
  try {
    for await (const piece of read(lines, async (header) => refuseOther(header, store))) {
      const { section } = piece;
      if ('facts' in section) open.add(section.facts);
      await add(piece, store);
      const name = 'facts' in section ? `facts of ${section.facts}` : section.table;
      rows.set(name, (rows.get(name) ?? 0) + piece.lines.length);
    }
    await checkAudit(store);
    return [...rows].map(([name, n]) => `${name}: ${n}`);
  } catch (thrown) {
    await store.carried.removeCarried();
    for (const period of open) await store.counts.destroyFacts(period);
    throw thrown;
  }
}

async function refuseOther({ version, migration }: Header, { examiner }: Store): Promise<void> {
  const here = await examiner.examine();
  if (version !== packageVersion() || migration !== here.migration)
    throw new Failure('export-of-another-version', { written: version, migration, here: here.migration });
}

/** Facts go in as the aggregator's do: scanned byte for byte, and counted as any others. */
async function add({ section, lines }: Piece, { carried, counts }: Store): Promise<void> {
  if (!('facts' in section)) return carried.addCarried({ ...section, lines });
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''), 'latin1');
  await counts.insertFacts([{ period: section.facts, facts: section.count, reports: 0, bytes }]);
}

const PAGE = 10_000;

async function checkAudit({ access }: Store): Promise<void> {
  let last: { readonly seq: number; readonly hash: string } = BEFORE_FIRST;
  for (;;) {
    const entries = await access.auditEntries(last.seq, PAGE);
    const broken = firstBreak(entries, last);
    if (broken) throw new Failure('audit-broken', { seq: broken.seq });
    const newest = entries.at(-1);
    if (newest === undefined) return;
    last = newest;
  }
}
