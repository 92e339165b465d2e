import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { periodAt } from '../../services/core/period.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { type RollcallProcess, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';

const SETTINGS = { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact', ROLLCALL_THRESHOLD: '5' };

/** A disk of its own, which a filler takes all of; undefined where this user may not mount. */
function smallDisk(): string | undefined {
  const disk = join(temporaryDirectory(), 'disk');
  mkdirSync(disk);
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=160m', 'tmpfs', disk]).status !== 0) return undefined;
  onTestFinished(() => void spawnSync('umount', ['-l', disk]));
  return disk;
}

function fill(disk: string): void {
  const file = openSync(join(disk, 'filler'), 'a');
  for (const bytes of [2 ** 20, 4_096]) {
    const piece = Buffer.alloc(bytes);
    try {
      for (;;) writeSync(file, piece);
    } catch {
      // That was the last of it.
    }
  }
  closeSync(file);
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
    const disk = smallDisk();
    if (disk === undefined) return context.skip('no disk can be mounted here');
    const directory = join(disk, 'data');
    const running = await startRollcall(directory, { ...SETTINGS, TMPDIR: disk });
    await taken(running.url, 20);
    await counted(running, 20);

    fill(disk);
    expect(await answersOf(running.url, 40)).toEqual(new Map([[503, 40]]));
    expect((await fetch(`${running.url}/livez`)).status).toBe(200);
    expect(await (await fetch(`${running.url}/readyz`)).json()).toMatchObject({
      failed: expect.arrayContaining([{ name: 'log', failure: 'disk-full' }]),
    });
    await counted(running, 20);
    expect(running.output()).toContain('the disk is full');

    rmSync(join(disk, 'filler'));
    await taken(running.url, 10);
    await counted(running, 30);
    expect(running.output()).toContain('there is space on the disk again');
    await running.end('SIGKILL');
    await counted(await startRollcall(directory, { ...SETTINGS, TMPDIR: disk }), 30);
  });
});
