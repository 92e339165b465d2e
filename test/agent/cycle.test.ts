import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import { agreesTo, enable, previews, status } from '../../services/agent/commands/owner.ts';
import { consentTo, ownPolicy, type Policy, policyReference } from '../../services/agent/policy.ts';
import { freshMoment, nextAttempt } from '../../services/agent/schedule.ts';
import { stop } from '../../services/agent/stop.ts';
import { drawInt } from '../../services/shared/random.ts';
import { agentSite, DAY, HOUR, line, listeningService } from '../support/agent-site.ts';

const draw = (below: number) => drawInt(0, Math.max(1, Math.floor(below)));

describe('an agent that is on', () => {
  test('reports once a month when nothing changes, under another token each month, never at the same hour of a day', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(89 * DAY);
    const sent = service.reports();
    expect(sent.map(({ report }) => report!.period)).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(new Set(sent.map(({ report }) => report!.token)).size).toBe(3);
    expect(sent.map(({ report }) => report!.sequence)).toEqual([1, 1, 1]);
    expect(statSync(site.deps.file.path).mode & 0o777).toBe(0o600);
    expect(readFileSync(site.deps.file.path, 'utf8')).not.toContain(sent[0]!.report!.token);
  });

  test('reports what changed at a moment within a day of it, and a device that is gone again with 0', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    site.have({ lines: [line('SIP-T46S', 13), line('SIP-T33G', 1)] });
    const changed = site.clock.now();
    await site.live(3 * DAY);
    const [first, second, ...more] = service.reports();
    expect(more).toEqual([]);
    expect(second!.at - changed).toBeLessThan(DAY + HOUR);
    expect(second!.report!.token).toBe(first!.report!.token);
    expect(second!.report).toMatchObject({
      sequence: 2,
      devices: [line('SIP-T46S', 13), line('SIP-T33G', 1), line('SIP-T54W', 0)],
    });
  });

  test('shows the ticket that it was given, so that it is not taken for a new site; one of before a change of months is gone', async () => {
    const site = agentSite();
    const ticket = 'T'.repeat(32);
    const service = await listeningService(site.clock, ({ report }) =>
      report && !report.withdraw
        ? {
            status: 202,
            body: { accepted: 2, unlisted: 0, refused: [], ticket: report.period === '2026-11' ? ticket : 'no ticket' },
          }
        : undefined,
    );
    site.enable(service.url);
    await site.live(2 * DAY);
    expect(site.deps.file.read()!.sites.local!.ticket).toBe(ticket);
    site.have({ lines: [line('SIP-T46S', 13)] });
    await site.live(29 * DAY);
    expect(service.reports().map(({ report }) => [report!.period, report!.ticket])).toEqual([
      ['2026-11', undefined],
      ['2026-11', ticket],
      ['2026-12', undefined],
    ]);
    // What is none is not kept.
    expect(site.deps.file.read()!.sites.local!.ticket).toBeNull();
  });

  test('a preview is what goes next, byte for byte: with the ticket, and behind a withdrawal when the platform changed', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock, ({ report }) =>
      report && !report.withdraw
        ? { status: 202, body: { accepted: 2, unlisted: 0, refused: [], ticket: 'T'.repeat(32) } }
        : undefined,
    );
    site.enable(service.url);
    await site.live(2 * DAY);
    for (const change of [{ lines: [line('SIP-T46S', 13)] }, { platform: { name: 'Asterisk', version: '20' } }]) {
      site.have(change);
      const [shown] = await previews({ dated: new Map(), undated: { models: [], platforms: [] } }, site.deps);
      await site.live(2 * DAY);
      expect(service.reports().at(-1)!.body).toBe(shown!.text);
    }
    expect(service.reports().map(({ report }) => report!.sequence)).toEqual([1, 2, 3, 4]);
  });

  test('shows no ticket under a consent that knew of none, and says that the policy has it', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock, ({ report, path }) => {
      if (path.endsWith('/v1/policy')) return { status: 200, body: ownPolicy() };
      return report && { status: 202, body: { accepted: 2, unlisted: 0, refused: [], ticket: 'T'.repeat(32) } };
    });
    site.enable(service.url);
    const consent = consentTo(ownPolicy(), site.clock);
    const before = { ...consent, policy: 2, fields: consent.fields.filter((field) => field !== '/ticket') };
    site.deps.file.write({ ...site.deps.file.read()!, consent: before });
    await site.live(2 * DAY);
    site.have({ lines: [line('SIP-T46S', 13)] });
    await site.live(2 * DAY);
    expect(service.reports().map(({ report }) => report!.ticket)).toEqual([undefined, undefined]);
    expect(site.deps.file.read()!.newPolicy).toEqual({
      version: ownPolicy().version,
      more: ['/ticket'],
      rewritten: false,
    });
  });

  test('withdraws under the platform of before, when that changed', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    site.have({ platform: { name: 'Asterisk', version: '20' } });
    await site.live(2 * DAY);
    const sent = service
      .reports()
      .map(({ report }) => [report!.sequence, report!.platform.name, report!.withdraw ?? false]);
    expect(sent).toEqual([
      [1, 'FreePBX', false],
      [2, 'FreePBX', true],
      [3, 'Asterisk', false],
    ]);
  });

  test('keeps the phones of before while they cannot be read: nothing becomes zero', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    site.have({ lines: [line('I210', 2, 'nic')], endpointsUnknown: true });
    await site.live(3 * DAY);
    expect(service.reports().at(-1)!.report!.devices).toEqual([
      line('I210', 2, 'nic'),
      line('SIP-T46S', 12),
      line('SIP-T54W', 3),
    ]);
  });

  test('sends what was agreed to and no more when the policy collects more, and says so', async () => {
    const site = agentSite();
    const newer = {
      ...ownPolicy(),
      version: ownPolicy().version + 1,
      collected: [
        ...ownPolicy().collected,
        { field: '/devices/*/firmware', purpose: 'to see more', retention: 'for ever' },
      ],
    };
    const service = await listeningService(site.clock, ({ path }) =>
      path.endsWith('/v1/policy') ? { status: 200, body: newer } : undefined,
    );
    site.enable(service.url);
    await site.live(2 * DAY);
    expect(service.reports()).toHaveLength(1);
    expect(Object.keys(service.reports()[0]!.report!.devices[0]!)).toEqual(['category', 'vendor', 'model', 'count']);
    expect(site.deps.file.read()!.newPolicy).toEqual({
      version: newer.version,
      more: ['/devices/*/firmware'],
      rewritten: false,
    });
    expect(site.said.join('')).toContain(`policy ${newer.version} collects more (/devices/*/firmware): it is left out`);
  });

  test.each([
    ['more fields', { collected: [...ownPolicy().collected, { field: '/devices/*/firmware' }] }],
    [
      'the same fields kept for longer',
      { collected: ownPolicy().collected.map((one) => ({ ...one, retention: 'for ever' })) },
    ],
    ['less that is never collected', { neverCollected: [] }],
  ])(
    'reports nothing while the number that was agreed to says %s, until its owner agrees to that text',
    async (_, other) => {
      const site = agentSite();
      let said = ownPolicy();
      const service = await listeningService(site.clock, ({ path }) =>
        path.endsWith('/v1/policy') ? { status: 200, body: said } : undefined,
      );
      site.enable(service.url);
      await site.live(2 * DAY);
      said = { ...ownPolicy(), ...other };
      site.have({ lines: [line('SIP-T46S', 13)] });
      await site.live(4 * DAY);
      expect(service.reports()).toHaveLength(1);
      expect(site.said.join('')).toContain(
        'is not the text that you agreed to: nothing is reported until you agree to it',
      );
      const words: string[] = [];
      const io = { stdout: (text: string) => void words.push(text), stderr: (text: string) => void words.push(text) };
      status(io, site.deps);
      expect(words.join('')).toMatch(
        /^policy \d+ is not the text that you agreed to.*\n.*last attempt: policy-not-agreed/m,
      );
      // Neither its number nor the text of before is a yes to this one.
      for (const given of [String(said.version), policyReference(ownPolicy())])
        expect(await enable({ agree: agreesTo(given) }, io, site.deps)).toBe(1);
      expect(await enable({ agree: agreesTo(policyReference(said)) }, io, site.deps)).toBe(0);
      await site.live(2 * DAY);
      expect(service.reports()).toHaveLength(2);
    },
  );

  test.each<[string, Partial<Policy> & { agreed?: Policy['collected']; reports: number; told: string }]>([
    ['goes on where its number says what it has always said', { reports: 1, told: '' }],
    [
      'goes on under a number of its own, and is told',
      { version: 99, neverCollected: [], reports: 1, told: 'in other words' },
    ],
    ['asks where its number says something else now', { neverCollected: [], reports: 0, told: 'nothing is reported' }],
    [
      'asks where what was shown cannot be known',
      { agreed: ownPolicy().collected.slice(1), reports: 0, told: 'nothing is reported' },
    ],
  ])(
    'a consent of before texts were kept %s',
    async (_, { reports, told, agreed = ownPolicy().collected, ...other }) => {
      const offered = { ...ownPolicy(), ...other };
      const site = agentSite();
      const service = await listeningService(site.clock, ({ path }) =>
        path.endsWith('/v1/policy') ? { status: 200, body: offered } : undefined,
      );
      site.enable(service.url);
      const { digest, ...before } = consentTo({ ...ownPolicy(), collected: agreed }, site.clock);
      expect(digest).toMatch(/^[0-9a-f]{64}$/);
      const { path } = site.deps.file;
      writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), consent: before }));
      await site.live(2 * DAY);
      expect(service.reports()).toHaveLength(reports);
      expect(site.said.join('')).toMatch(told === '' ? /^$/ : told);
    },
  );

  test('leaves out a field that was not agreed to', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    const fields = ownPolicy().collected.filter(
      ({ field }) => field !== '/platform/version' && !field.startsWith('/devices'),
    );
    site.deps.file.write({
      ...site.deps.file.read()!,
      consent: consentTo({ ...ownPolicy(), collected: fields }, site.clock),
    });
    await site.live(2 * DAY);
    expect(service.reports()[0]!.report).toMatchObject({ platform: { name: 'FreePBX', version: '' }, devices: [] });
  });

  test('a fleet: each PBX under its own token, at its own moment, on a connection of its own', async () => {
    const pbxs = Array.from({ length: 12 }, (_, n) => ({ name: `pbx-${n}`, local: false }));
    const site = agentSite({ pbxs });
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    const sent = service.reports();
    expect(sent).toHaveLength(12);
    expect(new Set(sent.map(({ report }) => report!.token)).size).toBe(12);
    expect(new Set(sent.map(({ at }) => at)).size).toBeGreaterThan(10);
    expect(sent.map(({ body }) => body).join()).not.toContain('pbx-');
    expect(new Set(sent.map(({ headers }) => headers.connection))).toEqual(new Set(['close']));
  });
});

describe('the moments', () => {
  test('of 10,000 agents are even over 24 hours', () => {
    const hours = Array.from({ length: 24 }, () => 0);
    for (let agent = 0; agent < 10_000; agent++) hours[Math.floor(freshMoment(0, draw) / HOUR)]!++;
    // Chi-square with 23 degrees of freedom: beyond 75 less than once in a million runs.
    const chiSquare = hours.reduce((sum, seen) => sum + (seen - 10_000 / 24) ** 2 / (10_000 / 24), 0);
    expect(chiSquare).toBeLessThan(75);
  });

  test('of one agent do not repeat', () => {
    const moments = Array.from({ length: 120 }, () => freshMoment(0, draw));
    // Two of them may be the same by chance.
    expect(new Set(moments).size).toBeGreaterThan(117);
  });

  test('of retries double up to six hours, are spread over half of it, and never come before they are asked for', () => {
    for (let attempts = 1; attempts < 20; attempts++) {
      const longest = Math.min(6 * HOUR, 5 * 60_000 * 2 ** (attempts - 1));
      const at = nextAttempt(0, attempts, 0, draw);
      expect(at).toBeGreaterThanOrEqual(longest / 2);
      expect(at).toBeLessThan(Math.max(longest, 5 * 60_000));
      expect(nextAttempt(0, attempts, 7 * HOUR, draw)).toBeGreaterThanOrEqual(7 * HOUR);
    }
  });
});

describe('when the service', () => {
  test('is away for a day: one report in the end, few attempts, only the latest content', async () => {
    const site = agentSite();
    let until = Number.POSITIVE_INFINITY;
    const service = await listeningService(site.clock, ({ at, report }) =>
      report && at < until ? { status: 503 } : undefined,
    );
    site.enable(service.url);
    await site.live(DAY);
    until = site.clock.now() + DAY;
    site.have({ lines: [line('SIP-T46S', 14)] });
    await site.live(3 * DAY);
    const sent = service.reports();
    const taken = sent.filter(({ at }) => at >= until);
    expect(taken).toHaveLength(1);
    expect(taken[0]!.report!.devices).toContainEqual(line('SIP-T46S', 14));
    expect(sent.length).toBeLessThan(24);
  });

  test('asks for patience it is given', async () => {
    const site = agentSite();
    let asked = 0;
    const service = await listeningService(site.clock, ({ report }) =>
      report && asked++ === 0 ? { status: 429, headers: { 'retry-after': '36000' } } : undefined,
    );
    site.enable(service.url);
    await site.live(3 * DAY);
    const [first, second] = service.reports();
    expect(second!.at - first!.at).toBeGreaterThanOrEqual(10 * HOUR);
  });

  test('will not have the report as it is, it is not asked every hour', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock, ({ report }) =>
      report ? { status: 400, body: { type: '/problems/invalid-report' } } : undefined,
    );
    site.enable(service.url);
    await site.live(6 * DAY);
    expect(service.reports().length).toBeGreaterThan(2);
    expect(service.reports().length).toBeLessThan(13);
  });

  test('says that the month is another one, the agent believes it: a clock that is a year off', async () => {
    const site = agentSite(undefined, Date.UTC(2025, 10, 3, 7));
    const offset = Date.UTC(2026, 10, 3, 7) - Date.UTC(2025, 10, 3, 7);
    const service = await listeningService(site.clock, ({ report, at }) =>
      report && report.period !== '2026-11'
        ? {
            status: 422,
            body: { type: '/problems/period-not-open', open: ['2026-11'] },
            headers: { date: new Date(at + offset).toUTCString() },
          }
        : undefined,
    );
    site.enable(service.url);
    await site.live(4 * DAY);
    const taken = service.reports().filter(({ report }) => report!.period === '2026-11');
    expect(taken).toHaveLength(1);
    expect(new Set(service.reports().map(({ report }) => report!.token)).size).toBe(2);
  });

  test('a clock that jumps back does not silence the agent for a year', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(HOUR);
    const state = site.deps.file.read()!;
    const future = { ...state.sites.local!, dueAt: site.clock.now() + 300 * DAY };
    site.deps.file.write({ ...state, sites: { local: future } });
    await site.live(2 * DAY);
    expect(service.reports()).toHaveLength(1);
  });
});

describe('switching off', () => {
  test('takes everything back, leaves nothing on disk, and then there is silence for a month', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    const token = service.reports()[0]!.report!.token;
    expect(await stop(site.deps)).toBe(true);
    const last = service.reports().at(-1)!.report!;
    expect(last).toMatchObject({ token, withdraw: true, sequence: 2 });
    expect(last.devices.map(({ model }) => model).sort()).toEqual(['SIP-T46S', 'SIP-T54W']);
    expect(existsSync(site.deps.file.path)).toBe(false);
    const before = service.asked.length;
    await site.live(31 * DAY);
    expect(service.asked).toHaveLength(before);
  });

  test('sends nothing when nothing was ever sent', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    expect(await stop(site.deps)).toBe(true);
    expect(service.asked).toEqual([]);
    expect(existsSync(site.deps.file.path)).toBe(false);
  });

  test('while the service is away goes on until it is confirmed, reports nothing meanwhile, then forgets', async () => {
    const site = agentSite();
    let away = false;
    const service = await listeningService(site.clock, () => (away ? { status: 503 } : undefined));
    site.enable(service.url);
    await site.live(2 * DAY);
    away = true;
    expect(await stop(site.deps)).toBe(false);
    expect(site.deps.file.read()).toMatchObject({ stopping: true, consent: null });
    await site.live(5 * HOUR);
    away = false;
    await site.live(2 * HOUR);
    const after = service.reports().slice(1);
    expect(after.length).toBeGreaterThan(3);
    expect(after.every(({ report }) => report!.withdraw === true)).toBe(true);
    const sequences = after.map(({ report }) => report!.sequence);
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(existsSync(site.deps.file.path)).toBe(false);
    expect(dirname(site.deps.file.path)).not.toBe('');
  });

  test('after the month is closed there is nothing left to take back', async () => {
    const site = agentSite();
    let away = false;
    const service = await listeningService(site.clock, () => (away ? { status: 503 } : undefined));
    site.enable(service.url);
    await site.live(2 * DAY);
    away = true;
    await stop(site.deps);
    site.clock.moveTo(Date.UTC(2026, 11, 4, 1));
    const asked = service.asked.length;
    await site.live(HOUR);
    expect(service.asked).toHaveLength(asked);
    expect(existsSync(site.deps.file.path)).toBe(false);
  });
});

describe('a copy of the machine', () => {
  test('makes a token of its own, keeps what its owner chose, and does not withdraw what the other sent', async () => {
    const site = agentSite();
    const service = await listeningService(site.clock);
    site.enable(service.url);
    await site.live(2 * DAY);
    const original = service.reports()[0]!.report!.token;
    const copy = { ...site.deps, marks: { marks: ['machine 0123', 'card bb'], volume: false } };
    const clone: typeof site = { ...site, deps: copy };
    expect(await stop(copy)).toBe(true);
    expect(service.reports()).toHaveLength(1);
    // Another copy goes on reporting.
    site.enable(service.url);
    await clone.live(2 * DAY);
    expect(service.reports().at(-1)!.report!.token).not.toBe(original);
  });
});
