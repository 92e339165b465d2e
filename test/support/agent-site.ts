import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Report, ReportLine } from '../../schemas/report.ts';
import type { AgentDeps } from '../../services/agent/agent.ts';
import type { AgentConfig } from '../../services/agent/config.ts';
import { type Tick, tick } from '../../services/agent/cycle.ts';
import type { Inventory } from '../../services/agent/inventory.ts';
import { consentTo, ownPolicy } from '../../services/agent/policy.ts';
import { bind } from '../../services/agent/state/machine.ts';
import { StateFile } from '../../services/agent/state/state-file.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { drawBytes, drawInt } from '../../services/shared/random.ts';
import { tinyIdentifier } from '../fixtures/agent/tiny-identifier.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

export interface Asked {
  readonly at: number;
  readonly path: string;
  readonly body: string;
  readonly report: Report | undefined;
  readonly headers: IncomingMessage['headers'];
}

/** A service that writes down what it is asked. `answer` decides; by default every report is taken. */
export async function listeningService(
  clock: SetClock,
  answer: (asked: Asked) => { status: number; body?: unknown; headers?: Record<string, string> } | undefined = () =>
    undefined,
) {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = Buffer.concat(parts).toString();
    const report = request.url?.endsWith('/v1/reports') ? (JSON.parse(body) as Report) : undefined;
    const one: Asked = { at: clock.now(), path: request.url ?? '', body, report, headers: request.headers };
    asked.push(one);
    const { status, body: said, headers } = answer(one) ?? usual(one);
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(said ?? {}));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = () => {
    server.closeAllConnections();
    return new Promise<void>((resolve) => server.close(() => resolve()));
  };
  onTestFinished(close);
  const reports = () => asked.filter(({ report }) => report !== undefined);
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, reports, close };
}

function usual({ report, path }: Asked): { status: number; body: unknown; headers?: Record<string, string> } {
  if (report?.withdraw) return { status: 202, body: { withdrawn: true } };
  if (report) return { status: 202, body: { accepted: report.devices.length, unlisted: 0, refused: [] } };
  return { status: path.endsWith('/v1/policy') ? 404 : 200, body: {} };
}

export const line = (model: string, count: number, category: ReportLine['category'] = 'phone'): ReportLine => ({
  category,
  vendor: 'Yealink',
  model,
  count,
});

export interface Site {
  readonly deps: AgentDeps;
  readonly clock: SetClock;
  readonly said: string[];
  /** What the PBXs are made of, from now on. */
  have(inventory: Partial<Inventory>): void;
  enable(service: string): void;
  /** Runs the timer every hour for so long, and at each moment that comes before the timer does. */
  live(ms: number): Promise<void>;
}

/** An agent on a machine of a test, under a clock of the test. */
export function agentSite(
  config: AgentConfig = { pbxs: [{ name: 'local', local: true }] },
  start = Date.UTC(2026, 10, 3, 7),
  clock = new SetClock(start),
): Site {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-site-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const said: string[] = [];
  let inventory: Inventory = {
    platform: { name: 'FreePBX', version: '17' },
    lines: [line('SIP-T46S', 12), line('SIP-T54W', 3)],
    refused: [],
    problems: [],
    resolutions: [],
    endpointsUnknown: false,
    container: undefined,
  };
  const marks = { marks: ['machine 0123', 'card aa'], volume: false };
  const deps: AgentDeps = {
    config,
    file: new StateFile(join(folder, 'state.json')),
    marks,
    clock,
    random: drawBytes,
    draw: (below) => drawInt(0, Math.max(1, Math.floor(below))),
    identifierOf: () => tinyIdentifier,
    collect: async () => inventory,
    send: { clock, maxAttempts: 1, timeoutMs: 5_000 },
    say: (text) => void said.push(text),
  };
  return {
    deps,
    clock,
    said,
    have: (more) => {
      inventory = { ...inventory, ...more };
    },
    enable: (service) =>
      deps.file.write({
        version: 1,
        machine: bind(marks),
        service,
        consent: consentTo(ownPolicy(), clock),
        newPolicy: null,
        stopping: false,
        clockOffsetMs: 0,
        sites: {},
      }),
    async live(ms) {
      const end = clock.now() + ms;
      let timer = clock.now();
      while (timer < end) {
        let looked: Tick = deps.file.read() === undefined ? { state: 'off', nextAt: undefined } : await tick(deps);
        while (looked.nextAt !== undefined && looked.nextAt <= timer + HOUR && looked.nextAt <= end) {
          clock.moveTo(Math.max(clock.now(), looked.nextAt));
          looked = await tick(deps);
        }
        timer += HOUR;
        clock.moveTo(Math.max(clock.now(), Math.min(timer, end)));
      }
    },
  };
}
