import { ABORT, open } from 'lmdb';
import { isWhole } from './record.ts';

// A program of its own: whoever starts it learns by its end whether LMDB can read an environment. A file that is not what
// LMDB wrote may end a process by a signal. It is given directories, and writes a line of JSON for each.

interface Found {
  readonly records: number;
  readonly damaged: number;
  /** As many as LMDB says that there are. */
  readonly expected: number;
}

function look(directory: string): Found {
  const root = open({ path: directory, maxDbs: 2, encoding: 'binary', noMemInit: false });
  let [records, damaged, expected] = [0, 0, 0];
  for (const name of ['records', 'dead']) {
    const database = root.openDB<Buffer, number>({ name, encoding: 'binary' });
    for (const { value } of database.getRange({})) {
      records++;
      if (!isWhole(value)) damaged++;
    }
    expected += (database.getStats() as { entryCount: number }).entryCount;
    // What is removed later goes through the list of free pages: it is gone through, and nothing is written.
    root.transactionSync(() => {
      for (const key of database.getKeys({ limit: 1 })) database.removeSync(key);
      return ABORT;
    });
  }
  return { records, damaged, expected };
}

for (const directory of process.argv.slice(2)) process.stdout.write(`${JSON.stringify(look(directory))}\n`);
process.exit(0);
