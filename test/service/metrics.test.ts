import { createServer } from 'node:net';
import { Counter, Registry } from 'prom-client';
import { describe, expect, onTestFinished, test } from 'vitest';
import { start, startWhole, type Whole } from '../../services/compose/start.ts';
import type { Access } from '../../services/http/access.ts';
import { registerMetrics } from '../../services/http/metrics.ts';
import type { Scope } from '../../services/http/route.ts';
import { buildHttp } from '../../services/http/server.ts';
import { pause, SetClock, systemClock } from '../../services/shared/clock.ts';
import { DEFAULT_METRICS_PORT, loadConfig } from '../../services/shared/config.ts';
import { Failure } from '../../services/shared/failure.ts';
import { lastKnownGauge } from '../../services/shared/last-known-gauge.ts';
import { silentLog } from '../../services/shared/log.ts';
import { eventually, post, reportOf } from '../support/client.ts';
import { freePort } from '../support/free-port.ts';
import { PATIENCE_MS } from '../support/patience.ts';
import { ADMIN_KEY, temporaryDirectory } from '../support/rollcall-process.ts';

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const statusOf = async (url: string, init?: RequestInit) => (await fetch(url, init)).status;

function environment(more: Record<string, string>) {
  const settings = { PORT: '0', ROLLCALL_DATA_DIR: temporaryDirectory(), ROLLCALL_ADMIN_KEY: ADMIN_KEY, ...more };
  return { config: loadConfig(settings), clock: systemClock, journal: silentLog };
}

/** A port that is in use until the test ends: our own, as whoever has it now may give it back meanwhile. One that stays another's is in use too. */
async function takenPort(port: number): Promise<number> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await pause(100)) {
    const server = createServer().listen(port, '127.0.0.1');
    if (
      await new Promise((resolve) => server.once('listening', () => resolve(true)).once('error', () => resolve(false)))
    ) {
      onTestFinished(() => void server.close());
      break;
    }
  }
  return port;
}

async function makeKey({ url }: Whole, scopes: readonly string[]): Promise<string> {
  const answer = await fetch(`${url}/v1/keys`, {
    method: 'POST',
    headers: { ...bearer(ADMIN_KEY).headers, 'content-type': 'application/json' },
    body: JSON.stringify({ owner: `holder of ${scopes.join(' ').replace(':', ' ')}`, scopes }),
  });
  return ((await answer.json()) as { key: string }).key;
}

describe('metrics of a server', () => {
  // One process opens one embedded store at a time.
  test('are on a port of this machine alone, never on that of reports, and need a key elsewhere', async () => {
    const port = await freePort();
    const whole = await startWhole(
      environment({ ROLLCALL_METRICS_PORT: String(port), ROLLCALL_METRICS_HOST: '0.0.0.0' }),
    );
    onTestFinished(() => whole.close());
    expect((await post(whole.url, reportOf())).status).toBe(202);
    for (const init of [undefined, bearer(ADMIN_KEY)]) expect(await statusOf(`${whole.url}/metrics`, init)).toBe(404);

    const metrics = `http://127.0.0.1:${port}/metrics`;
    const scopes: [string[], number][] = [
      [['metrics'], 200],
      [['reader', 'metrics'], 200],
      [['reader', 'curator', 'releaser'], 403],
      [['manufacturer:Snom'], 403],
    ];
    for (const [of, status] of scopes) {
      const key = await makeKey(whole, of);
      // A key that was made just now is known a moment later.
      const seen = await eventually(
        () => statusOf(metrics, bearer(key)),
        (answer) => answer !== 401,
      );
      expect(seen, of.join()).toBe(status);
    }
    expect(await statusOf(metrics, bearer(ADMIN_KEY))).toBe(200);
    expect(await statusOf(metrics, bearer('rc_no_key'))).toBe(401);
    expect(await statusOf(metrics)).toBe(401);
    expect(await (await fetch(metrics, bearer(ADMIN_KEY))).text()).toMatch(/rollcall_reports_total.* 1\n/);
  });

  test('are at 127.0.0.1 without a key, whoever may reach the server itself', async () => {
    const port = await freePort();
    const running = await start(['ingest'], environment({ HOST: '0.0.0.0', ROLLCALL_METRICS_PORT: String(port) }));
    onTestFinished(() => running.close());
    expect(running.metricsUrl).toBe(`http://127.0.0.1:${port}/metrics`);
    expect(await statusOf(running.metricsUrl as string)).toBe(200);
    expect(await statusOf(`${running.url.replace('0.0.0.0', '127.0.0.1')}/metrics`)).toBe(404);
  });

  test('are nowhere with port 0', async () => {
    const running = await start(['ingest'], environment({ ROLLCALL_METRICS_PORT: '0' }));
    onTestFinished(() => running.close());
    expect(running.metricsUrl).toBeUndefined();
  });

  test('do not keep a second process from starting where the first has the default port', async () => {
    await takenPort(DEFAULT_METRICS_PORT);
    const running = await start(['ingest'], environment({}));
    onTestFinished(() => running.close());
    expect(running.metricsUrl).toBeUndefined();
    expect(await statusOf(`${running.url}/livez`)).toBe(200);
  });

  test('keep it from starting where a port was chosen that is taken', async () => {
    const port = String(await takenPort(await freePort()));
    await expect(start(['ingest'], environment({ ROLLCALL_METRICS_PORT: port }))).rejects.toThrow('port-in-use');
  });

  test('keep a server without a store from letting in other machines', async () => {
    const settings = { ROLLCALL_METRICS_PORT: String(await freePort()), ROLLCALL_METRICS_HOST: '0.0.0.0' };
    await expect(start(['ingest'], environment(settings))).rejects.toThrow('metrics-without-keys');
  });
});

test('a key that was let in is let in while keys cannot be looked up, and no other', async () => {
  let works = true;
  const scopesOf: Record<string, Scope[]> = { 'Bearer good': ['metrics'], 'Bearer reader': ['reader'] };
  const access: Access = {
    async authenticate({ headers }) {
      if (!works) throw new Failure('store-unavailable');
      return { keyId: 'k', scopes: scopesOf[headers.authorization ?? ''] ?? [], manufacturer: undefined };
    },
  };
  const app = buildHttp({ log: silentLog, maxWireBytes: 1_024, maxInflatedBytes: 1_024 });
  registerMetrics(app, new Registry(), access);
  const ask = async (key: string) =>
    (await app.inject({ url: '/metrics', headers: { authorization: `Bearer ${key}` } })).statusCode;
  expect([await ask('good'), await ask('reader')]).toEqual([200, 403]);
  works = false;
  expect([await ask('good'), await ask('reader'), await ask('other')]).toEqual([200, 503, 503]);
  works = true;
  scopesOf['Bearer good'] = ['reader'];
  expect(await ask('good')).toBe(403);
  works = false;
  expect(await ask('good')).toBe(503);
});

describe('a dependency that does not answer', () => {
  const clock = new SetClock(1_000_000);
  const gauge = (read: () => Promise<ReadonlyMap<string, number>>) => {
    const registry = new Registry();
    new Counter({ name: 'other_total', help: 'another metric', registers: [registry] });
    lastKnownGauge(registry, { name: 'lag', help: 'Lag', label: 'period', clock, read });
    return registry;
  };

  test('leaves what it said last, with its age, and every other metric', async () => {
    let read = async () => new Map([['2026-11', 7]]);
    const registry = gauge(() => read());
    const first = await registry.metrics();
    expect(first).toContain('lag{period="2026-11"} 7\n');
    expect(first).toContain('lag_age_seconds 0\n');
    clock.moveTo(clock.now() + 90_000);
    read = () => new Promise(() => {});
    const later = await registry.metrics();
    expect(later).toContain('lag{period="2026-11"} 7\n');
    expect(later).toContain('lag_age_seconds 90\n');
    expect(later).toContain('other_total 0\n');
  });

  test('is counted when it fails, from the first look on', async () => {
    const registry = gauge(() => Promise.reject(new Failure('log-unavailable')));
    await registry.metrics();
    const text = await registry.metrics();
    expect(text).toMatch(/^lag_read_failures_total [12]$/m);
    expect(text).not.toMatch(/^lag(?:_age_seconds|\{)/m);
    expect(text).toContain('other_total 0\n');
  });
});
