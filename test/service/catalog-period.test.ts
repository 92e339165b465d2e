import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Period } from '../../schemas/period.ts';
import { startWhole, type Whole } from '../../services/compose/start.ts';
import { parsePeriod, periodStart } from '../../services/core/period.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { silentLog } from '../../services/shared/log.ts';
import { type Counts, get, post, reportOf } from '../support/client.ts';
import { ADMIN_KEY } from '../support/rollcall-process.ts';

const [NOVEMBER, DECEMBER] = ['2026-11', '2026-12'].map(parsePeriod) as [Period, Period];
const OLD = { category: 'phone' as const, vendor: 'Acme', model: 'Phone-1' };
const MODEL = { ...OLD, model: 'Phone 1' };
const tokenOf = (site: number) => `token-of-site-${String(site).padStart(12, '0')}`;

let directory: string;
let running: Whole;
const clock = new SetClock(Date.parse('2026-11-15T12:00:00Z'));

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'rollcall-catalog-'));
  const config = loadConfig({
    PORT: '0',
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_ADMIN_KEY: ADMIN_KEY,
    ROLLCALL_PROVISIONAL: 'exact',
  });
  running = await startWhole({ config, clock, journal: silentLog });
});
afterAll(async () => {
  await running.close();
  rmSync(directory, { recursive: true, force: true });
});

async function report(period: Period, sites: number, more: Partial<Parameters<typeof reportOf>[0]> = {}) {
  const answers: Record<string, unknown>[] = [];
  for (let site = 0; site < sites; site++) {
    const body = reportOf({ period, token: tokenOf(site), devices: [{ ...OLD, count: 2 }], ...more });
    const answer = await post(running.url, body);
    expect(answer.status).toBe(202);
    answers.push((await answer.json()) as Record<string, unknown>);
  }
  return answers;
}

async function counted(period: string, view: string): Promise<string[]> {
  clock.moveTo(clock.now() + 1_000);
  await running.drain();
  await running.snapshot();
  const { rows } = await get<Counts>(running.url, `/v1/counts?period=${period}&view=${view}`);
  return rows.map(({ vendor, model = '', sites, devices }) => `${vendor} ${model}: ${sites}/${devices}`);
}

const map = (body: unknown) =>
  fetch(`${running.url}/v1/catalog/mappings`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

describe('a mapping in the middle of a month', () => {
  test('relabels the open month at the next snapshot, and identifies from the next month on', async () => {
    await report(NOVEMBER, 25);
    expect(await counted(NOVEMBER, 'unlisted')).toEqual(['Acme Phone-1: 25/null']);
    expect((await map({ ...OLD, to: MODEL, newVendor: true })).status).toBe(201);

    // Reports of November go on under the name of November, and neither is counted twice nor left behind.
    const answers = await report(NOVEMBER, 30, { sequence: 2 });
    expect(new Set(answers.map(({ ticket: _, ...answer }) => JSON.stringify(answer)))).toEqual(
      new Set(['{"accepted":0,"unlisted":1,"refused":[],"lines":[{"index":0,"outcome":"proposed"}]}']),
    );
    // Of a name that no list had it is known who has it and not how many: one of each.
    expect(await counted(NOVEMBER, 'model')).toEqual(['Acme Phone 1: 30/30']);
    expect(await counted(NOVEMBER, 'unlisted')).toEqual([]);
    expect(await counted(NOVEMBER, 'vendor')).toEqual([]);
    expect(await running.snapshot()).toBeUndefined();

    clock.moveTo(periodStart(DECEMBER) + 60_000);
    const december = await report(DECEMBER, 20);
    expect(december[0]).toMatchObject({ accepted: 1, unlisted: 0, refused: [] });
    expect(await counted(DECEMBER, 'model')).toEqual(['Acme Phone 1: 20/40']);
    expect(await counted(DECEMBER, 'vendor')).toEqual(['Acme : 20/40']);

    // In its days of grace November still knows what it was told, and forgets it under that name.
    await report(NOVEMBER, 12, { sequence: 3, withdraw: true });
    expect(await counted(NOVEMBER, 'model')).toEqual(['Acme Phone 1: 18/18']);
    await report(DECEMBER, 5, { sequence: 2, withdraw: true });
    expect(await counted(DECEMBER, 'model')).toEqual(['Acme Phone 1: 15/30']);
  });

  test('the snapshots say which catalogue named them', async () => {
    const { catalogue } = await get<{ catalogue: string }>(running.url, '/v1/catalog/mappings');
    expect(catalogue).toBe(`${loadCatalog().version}+1`);
  });
});
