import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Report } from '../../schemas/report.ts';
import { showHeld, statusText } from '../../services/agent/commands/owner.ts';
import { stop } from '../../services/agent/stop.ts';
import { startWhole, type Whole } from '../../services/compose/start.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { loadConfig } from '../../services/shared/config.ts';
import { silentLog } from '../../services/shared/log.ts';
import { agentSite, DAY, line } from '../support/agent-site.ts';

const KEY = 'rc_admin_for_the_agents_own_test_0123';
const START = Date.UTC(2026, 10, 28, 9);

/** The whole product in this process, under the clock of the test. */
let service: Whole;
const clock = new SetClock(START);
const directory = mkdtempSync(join(tmpdir(), 'rollcall-opt-out-'));

beforeAll(async () => {
  const config = loadConfig({
    PORT: '0',
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_ADMIN_KEY: KEY,
    ROLLCALL_PROVISIONAL: 'exact',
    ROLLCALL_THRESHOLD: '5',
    ROLLCALL_METRICS_PORT: '0',
  });
  service = await startWhole({ config, clock, journal: silentLog });
});
afterAll(async () => {
  await service?.close();
  rmSync(directory, { recursive: true, force: true });
});

async function sites(period: string): Promise<{ sites: number | undefined; models: string[] }> {
  await service.drain();
  await service.snapshot();
  const get = async (view: string) => {
    const answer = await fetch(`${service.url}/v1/counts?period=${period}&view=${view}`, {
      headers: { authorization: `Bearer ${KEY}` },
    });
    return (await answer.json()) as { rows: { sites: number; vendor: string; model: string; devices: number }[] };
  };
  const models = (await get('model')).rows.map(
    ({ vendor, model, devices, sites: n }) => `${n} sites, ${devices} ${vendor} ${model}`,
  );
  return { sites: (await get('site')).rows[0]?.sites, models };
}

const token = (n: number) => `${'neighbour'.repeat(4)}${String(n).padStart(4, '0')}`;

/** Others, so that the numbers are shown at all. */
async function neighbours(period: string): Promise<void> {
  for (let n = 0; n < 6; n++) {
    const report = {
      schema: 'rollcall.report/1',
      period,
      token: token(n),
      sequence: 1,
      platform: { name: 'FreePBX', version: '17' },
      devices: [line('SIP-T46S', 10)],
    };
    const { status } = await post('/v1/reports', report);
    expect(status).toBe(202);
  }
}

async function post(path: string, body: unknown): Promise<{ status: number; json: Record<string, unknown> }> {
  const answer = await fetch(`${service.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

describe('an owner who takes part for two months and then switches off', () => {
  test('is counted while on, gone from the open month after, and silent', async () => {
    const site = agentSite(undefined, START, clock);
    const { deps } = site;
    await neighbours('2026-11');
    site.enable(service.url);
    // One report in November, one in December, and one more for a phone that came in December.
    await site.live(2 * DAY);
    expect(await sites('2026-11')).toMatchObject({ sites: 7, models: ['7 sites, 72 Yealink SIP-T46S'] });
    clock.moveTo(Date.UTC(2026, 11, 5, 9));
    await neighbours('2026-12');
    await site.live(2 * DAY);
    site.have({ lines: [line('SIP-T46S', 12), line('SIP-T54W', 3), line('W60B', 2, 'dect')] });
    await site.live(2 * DAY);
    expect((await sites('2026-12')).sites).toBe(7);

    const status = statusText(deps.file.read());
    expect(status).toMatch(/on: policy version 4/);
    expect(status).toMatch(/12 phone Yealink SIP-T46S: listed as phone Yealink SIP-T46S/);
    const held: string[] = [];
    await showHeld({ stdout: (text) => void held.push(text), stderr: () => {} }, deps);
    expect(held.join('')).toMatch(/^1 site\n1 platform FreePBX 17\n(?:.*\n)*12 phone Yealink SIP-T46S\n/);

    const secret = deps.file.read()!.sites.local!.token;
    expect(await stop(deps)).toBe(true);
    expect(deps.file.read()).toBeUndefined();
    expect(await sites('2026-12')).toEqual({ sites: 6, models: ['6 sites, 60 Yealink SIP-T46S'] });
    const asked = await post('/v1/reports/held', {
      schema: 'rollcall.held/1',
      period: '2026-12',
      token: secret,
      devices: [line('SIP-T46S', 12)],
    });
    expect(asked.json).toMatchObject({ site: 0, platform: null, devices: [{ index: 0, count: 0 }] });
    // The socket of the service hears nothing for a month.
    const before = await reportsHeard();
    await site.live(31 * DAY);
    expect(await reportsHeard()).toBe(before);
  });
});

async function reportsHeard(): Promise<number> {
  const text = await service.metrics();
  return text
    .split('\n')
    .filter((one) => /^rollcall_reports_total/.test(one))
    .reduce((sum, one) => sum + Number(one.split(' ').at(-1)), 0);
}

describe('a withdrawal', () => {
  test('without platform and lines takes back everything that is held under the token', async () => {
    const period = new Date(clock.now()).toISOString().slice(0, 7);
    await neighbours(period);
    const own: Report = {
      schema: 'rollcall.report/1',
      period,
      token: token(99),
      sequence: 1,
      platform: { name: 'FreePBX', version: '17' },
      devices: [line('SIP-T46S', 5), { category: 'phone', vendor: 'Acme', model: 'X5', count: 2 }],
    };
    const { json } = await post('/v1/reports', own);
    expect(json).toMatchObject({
      accepted: 1,
      unlisted: 1,
      refused: [],
      lines: [
        { index: 0, outcome: 'listed', as: { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' } },
        { index: 1, outcome: 'proposed' },
      ],
    });
    expect((await sites(period)).sites).toBe(7);
    const gone = await post('/v1/reports', {
      schema: 'rollcall.report/1',
      period,
      token: token(99),
      sequence: 2,
      withdraw: true,
    });
    expect([gone.status, gone.json]).toEqual([202, { withdrawn: true }]);
    expect(await sites(period)).toEqual({ sites: 6, models: ['6 sites, 60 Yealink SIP-T46S'] });
    const { json: held } = await post('/v1/reports/held', {
      schema: 'rollcall.report/1',
      period,
      token: token(99),
      platform: own.platform,
      devices: own.devices,
    });
    expect(held).toMatchObject({ site: 0, platform: 0, devices: [{ count: 0 }, { count: 0 }] });
  });

  test('right behind its report, before anything is inserted, still takes it back', async () => {
    const period = new Date(clock.now()).toISOString().slice(0, 7);
    const own = {
      schema: 'rollcall.report/1',
      period,
      token: token(77),
      sequence: 1,
      platform: { name: 'Asterisk', version: '20' },
      devices: [line('SIP-T46S', 5)],
    };
    await post('/v1/reports', own);
    expect(
      (
        await post('/v1/reports', {
          schema: 'rollcall.report/1',
          period,
          token: token(77),
          sequence: 2,
          withdraw: true,
        })
      ).status,
    ).toBe(202);
    expect((await sites(period)).models).toEqual(['6 sites, 60 Yealink SIP-T46S']);
  });

  test.each([
    ['a report without platform', { sequence: 1, devices: [] }, '/platform'],
    ['a withdrawal without sequence', { withdraw: true }, '/sequence'],
    ['a withdrawal with something else', { sequence: 1, withdraw: true, why: 'x' }, ''],
    [
      'a withdrawal with half a platform',
      { sequence: 1, withdraw: true, platform: { name: 'FreePBX' } },
      '/platform/version',
    ],
  ])('%s is refused', async (_, parts, pointer) => {
    const period = new Date(clock.now()).toISOString().slice(0, 7);
    const { status, json } = await post('/v1/reports', {
      schema: 'rollcall.report/1',
      period,
      token: token(1),
      ...parts,
    });
    expect([status, (json.errors as { pointer: string }[])[0]!.pointer]).toEqual([400, pointer]);
  });

  test('whose keys are written twice is refused, with lines and without', async () => {
    const period = new Date(clock.now()).toISOString().slice(0, 7);
    const text = `{"schema":"rollcall.report/1","period":"${period}","token":"${token(1)}","sequence":1,"sequence":2,"withdraw":true}`;
    const answer = await fetch(`${service.url}/v1/reports`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: text,
    });
    expect(answer.status).toBe(400);
  });
});

describe('what is held', () => {
  test('is told to nobody without the token, and never with it', async () => {
    const period = new Date(clock.now()).toISOString().slice(0, 7);
    const other = await post('/v1/reports/held', {
      schema: 'rollcall.held/1',
      period,
      token: 'x'.repeat(43),
      devices: [line('SIP-T46S', 1)],
    });
    expect(other.json).toMatchObject({ site: 0, devices: [{ index: 0, count: 0 }] });
    expect(JSON.stringify(other.json)).not.toContain('x'.repeat(43));
    const name = await post('/v1/reports/held', {
      schema: 'rollcall.held/1',
      period,
      token: token(0),
      devices: [{ category: 'phone', vendor: '', model: 'Anna Meier' }],
    });
    expect(name.json).toMatchObject({ site: 1, devices: [{ index: 0, count: null }] });
  });

  test('of a month that is not open is refused with the open ones', async () => {
    const { status, json } = await post('/v1/reports/held', {
      schema: 'rollcall.held/1',
      period: '2020-01',
      token: token(0),
      devices: [],
    });
    expect([status, json.open]).toEqual([422, [new Date(clock.now()).toISOString().slice(0, 7)]]);
  });

  test.each(['{}', '[]', 'x', '{"schema":"rollcall.held/1","schema":"rollcall.held/1"}'])(
    '%s is no question',
    async (body) => {
      const answer = await fetch(`${service.url}/v1/reports/held`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      expect(answer.status).toBe(400);
    },
  );
});

test('the JSON schema of a report says that a withdrawal needs neither platform nor lines', async () => {
  const schema = (await (await fetch(`${service.url}/schemas/report/1.json`)).json()) as {
    required: string[];
    else: unknown;
  };
  expect(schema.required).toEqual(['schema', 'period', 'token', 'sequence']);
  expect(schema.else).toEqual({ required: ['platform', 'devices'] });
  expect(readFileSync(new URL('../../schemas/openapi.json', import.meta.url), 'utf8')).toContain('/v1/reports/held');
});
