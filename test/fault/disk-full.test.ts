import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { periodAt } from '../../services/core/period.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { type RollcallProcess, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { mountSmallDisk, type SmallDisk } from '../support/small-disk.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };

/** A disk of its own, which a filler takes all of; undefined where this user may not mount. */
function diskOfTest(): SmallDisk | undefined {
  const disk = mountSmallDisk(join(temporaryDirectory(), 'disk'), 160);
  if (disk) onTestFinished(() => disk.unmount());
  return disk;
}

const counted = ({ url }: RollcallProcess, sites: number) =>
  eventually(
    () => get<Counts>(url, `/v1/counts?view=site&period=${periodAt(Date.now())}`),
    ({ rows }) => rows[0]?.sites === sites,
  );

async function answersOf(url: string, reports: number): Promise<Map<number, number>> {
  const seen = new Map<number, number>();
  for (const { status, headers } of await Promise.all(Array.from({ length: reports }, () => post(url, reportOf())))) {
    if (status === 503) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
    seen.set(status, (seen.get(status) ?? 0) + 1);
  }
  return seen;
}

/** Every report is taken, in the end: a busy machine may ask for patience. */
async function taken(url: string, reports: number): Promise<void> {
  const all = Array.from({ length: reports }, () => reportOf());
  await Promise.all(
    all.map((report) =>
      eventually(
        () => post(url, report),
        ({ status }) => status === 202,
      ),
    ),
  );
}

const mayMount = process.getuid?.() === 0;

describe.skipIf(!mayMount)('a full disk (needs to mount one, as root)', () => {
  test('ends nothing: reports are 503 until there is space, reading goes on, and every 202 is counted', async (context) => {
    const disk = diskOfTest();
    if (disk === undefined) return context.skip('no disk can be mounted here');
    const directory = join(disk.directory, 'data');
    const running = await startRollcall(directory, { ...SETTINGS, TMPDIR: disk.directory });
    await taken(running.url, 20);
    await counted(running, 20);

    disk.fill();
    expect(await answersOf(running.url, 40)).toEqual(new Map([[503, 40]]));
    expect((await fetch(`${running.url}/livez`)).status).toBe(200);
    expect(await (await fetch(`${running.url}/readyz`)).json()).toMatchObject({
      failed: expect.arrayContaining([{ name: 'log', failure: 'disk-full' }]),
    });
    await counted(running, 20);
    expect(running.output()).toContain('the disk is full');

    disk.clear();
    await taken(running.url, 10);
    await counted(running, 30);
    expect(running.output()).toContain('there is space on the disk again');
    await running.end('SIGKILL');
    await counted(await startRollcall(directory, { ...SETTINGS, TMPDIR: disk.directory }), 30);
  });
});
