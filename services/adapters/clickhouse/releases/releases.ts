import { createHash } from 'node:crypto';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { ReleaseEntry, ReleaseFile, ReleaseStore } from '../../../ports/releases.ts';
import { drawNonce } from '../../../shared/random.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { takePlace } from './inserts.ts';

const RELEASES = `
SELECT period, party, revision, groupArray(name) AS names, groupArray(bytes) AS sizes FROM
  (SELECT period, party, revision, name, length(content) AS bytes FROM release_files ORDER BY name)
GROUP BY period, party, revision
ORDER BY period DESC, party, revision`;
const RELEASE_FILE = `
SELECT content FROM release_files
WHERE period = {period:UInt32} AND party = {party:String} AND revision = {revision:UInt32} AND name = {name:String}`;
const RELEASE_HOLDERS = `
SELECT DISTINCT nonce FROM release_files
WHERE period = {period:UInt32} AND party = {party:String} AND revision = {revision:UInt32}`;
const RELEASE_COLUMNS = 'release_files (period, party, revision, name, content, nonce)';

interface ReleaseRow {
  readonly period: number;
  readonly party: string;
  readonly revision: number;
  readonly names: readonly string[];
  readonly sizes: readonly number[];
}

export function releaseStore({ write, read }: Connections): ReleaseStore {
  return {
    releases: async () => (await read.rows<ReleaseRow>(RELEASES)).map(entryOf),
    async releaseFile(period, party, revision, name) {
      const parameters = { period: periodNumber(period), party, revision, name };
      const [file] = await read.rows<{ content: string }>(RELEASE_FILE, parameters);
      return file?.content;
    },
    addRelease: (files) => addRelease(write, files),
  };
}

async function addRelease(client: SqlClient, files: readonly ReleaseFile[]): Promise<boolean> {
  const { period, party, revision } = onlyRelease(files);
  const nonce = drawNonce();
  const place = {
    token: `release-${period}-${revision}-${wordOf(party)}`,
    holders: RELEASE_HOLDERS,
    parameters: { period: periodNumber(period), party, revision },
    target: RELEASE_COLUMNS,
  };
  const lines = files.map(({ name, content }) => [periodNumber(period), party, revision, name, content, nonce]);
  return takePlace(client, place, nonce, lines);
}

function entryOf({ period, party, revision, names, sizes }: ReleaseRow): ReleaseEntry {
  const files = names.map((name, i) => ({ name, bytes: sizes[i] ?? 0 }));
  return { period: periodFromNumber(period), party, revision, files };
}

/** A party's name may hold blanks and such, a token may not. */
function wordOf(party: string): string {
  return createHash('sha256').update(party).digest('hex').slice(0, 32);
}

function onlyRelease(files: readonly ReleaseFile[]): ReleaseFile {
  const [first] = files;
  const same = (one: ReleaseFile) =>
    one.period === first?.period && one.party === first.party && one.revision === first.revision;
  if (!first || !files.every(same)) throw new RangeError('not the files of one release');
  return first;
}
