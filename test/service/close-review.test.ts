import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ReleaseDocument } from '../../schemas/release-file.ts';
import { addMonths } from '../../services/core/period.ts';
import type { Decision } from '../../services/ports/decisions.ts';
import { closePeriod } from '../../services/releases/close/close-period.ts';
import {
  allFiles,
  type CloseInstallation,
  fleet,
  OCTOBER,
  openCloseInstallation,
  SEPTEMBER,
} from '../support/close-installation.ts';

const NEW_PHONE = { category: 'phone' as const, vendor: 'Yealink', model: 'SIP-T57W', count: 9 };
const NEW_CELL = {
  query: 'phone_model',
  platform: '',
  category: 'phone',
  vendor: 'Yealink',
  model: 'SIP-T57W',
} as const;

let home: CloseInstallation;
beforeEach(async () => {
  home = await openCloseInstallation();
  await home.agree('Yealink', ['Yealink']);
});
afterEach(() => home.close());

async function closed(period: typeof SEPTEMBER): Promise<void> {
  home.afterGrace(period);
  expect(await closePeriod(period, home.deps)).toEqual({ state: 'closed' });
}

async function release(place: string): Promise<ReleaseDocument> {
  return JSON.parse((await allFiles(home)).get(`${place}/release.json`) ?? 'null') as ReleaseDocument;
}

const modelsOf = ({ cells }: ReleaseDocument) =>
  cells.filter(({ query }) => query === 'phone_model').map(({ model }) => model);

const decide = (decision: Decision['decision']) =>
  home.embedded.releases.addDecision({ period: OCTOBER, cell: NEW_CELL, decision, at: home.clock.now(), by: 'test' });

/** September without the new phone, October with it everywhere: nobody buys so many in a month. */
async function withJump(): Promise<void> {
  await home.say(SEPTEMBER, fleet());
  await closed(SEPTEMBER);
  await home.say(OCTOBER, fleet(0, [NEW_PHONE]));
  await closed(OCTOBER);
}

test('a model that jumps is held, and follows in an amendment from the same cube when somebody approved it', async () => {
  await withJump();
  const noised = (await home.embedded.releases.transitions()).find(
    ({ period, step }) => period === OCTOBER && step === 'NOISED',
  );
  const cells = await home.embedded.releases.noised(OCTOBER, Number(noised?.detail.attempt));
  const held = cells.filter((cell) => cell.held !== null);
  expect(noised?.detail).toMatchObject({ held: held.length });
  // A Snom on twenty sites is so near the gate that its noise alone may show it for the first time.
  expect(held.filter(({ vendor }) => vendor !== 'Snom')).toMatchObject([{ ...NEW_CELL, held: 'growth' }]);
  const first = await release('2026-10/Yealink/0');
  expect(modelsOf(first)).toEqual(['SIP-T46S', 'SIP-T54W']);

  await decide('approve');
  await home.deps.issue(OCTOBER);
  const second = await release('2026-10/Yealink/1');
  expect(modelsOf(second)).toEqual(['SIP-T46S', 'SIP-T54W', 'SIP-T57W']);
  const others = (document: ReleaseDocument) => document.cells.filter(({ model }) => model !== 'SIP-T57W');
  expect(others(second)).toEqual(others(first));
  expect(await home.embedded.releases.ledger()).toHaveLength(2);

  await home.deps.issue(OCTOBER);
  expect((await home.embedded.releases.releases()).filter(({ period }) => period === OCTOBER)).toHaveLength(2);
  const due = (await home.embedded.releases.deliveries()).filter(({ event }) => event === 'due');
  expect(due.map(({ period, revision }) => [period, revision])).toEqual([
    [SEPTEMBER, 0],
    [OCTOBER, 0],
    [OCTOBER, 1],
  ]);
});

test('an issue that knows older decisions takes nothing back that a newer one gave', async () => {
  await withJump();
  let newer: Promise<number> | undefined;
  const { releases } = home.embedded;
  const stale = {
    ...releases,
    // It has read what was decided. Before it goes on, a cell is approved and issued.
    async agreements() {
      newer ??= decide('approve').then(() => home.deps.issue(OCTOBER));
      await newer;
      return releases.agreements();
    },
  };
  await home.issueBy(stale, OCTOBER);
  const revisions = (await releases.releases()).filter(({ period }) => period === OCTOBER);
  expect(revisions.map(({ revision }) => revision)).toEqual([0, 1]);
  expect(modelsOf(await release('2026-10/Yealink/1'))).toContain('SIP-T57W');
});

test('a release is due once, also when the process ended between making it and saying so', async () => {
  await home.say(SEPTEMBER, fleet());
  const failPoint = (name: string) => {
    if (name === 'RELEASED:added') throw new Error('stopped here');
  };
  home.afterGrace(SEPTEMBER);
  await expect(
    closePeriod(SEPTEMBER, home.with({ issue: (period) => home.issueBy(home.embedded.releases, period, failPoint) })),
  ).rejects.toThrow('stopped here');
  expect(await home.embedded.releases.releases()).toHaveLength(1);
  expect(await home.embedded.releases.deliveries()).toEqual([]);
  expect(await closePeriod(SEPTEMBER, home.deps)).toEqual({ state: 'closed' });
  await home.deps.issue(SEPTEMBER);
  expect(await home.embedded.releases.deliveries()).toMatchObject([{ event: 'due', revision: 0 }]);
});

test('a model that somebody suppressed stays out, and the first word holds', async () => {
  await withJump();
  await decide('suppress');
  await decide('approve');
  await home.deps.issue(OCTOBER);
  expect(await release('2026-10/Yealink/1')).toBeNull();
});

test('changes are told against the published numbers of the month before', async () => {
  await withJump();
  const september = await release('2026-09/Yealink/0');
  const october = await release('2026-10/Yealink/0');
  expect(september.cells.every(({ change }) => change.sites === null)).toBe(true);
  for (const cell of october.cells) {
    const before = september.cells.find(
      ({ query, platform, model }) => query === cell.query && platform === cell.platform && model === cell.model,
    );
    expect(cell.change.beforeSites).toBe(before?.sites ?? null);
  }
});

test('a party that agreed after a release is given the same numbers as the others', async () => {
  await home.say(SEPTEMBER, fleet());
  await closed(SEPTEMBER);
  await home.agree('A distributor', ['Yealink', 'Poly']);
  await home.deps.issue(SEPTEMBER);
  const [yealink, distributor] = [await release('2026-09/Yealink/0'), await release('2026-09/A distributor/0')];
  expect(distributor.cells).toEqual(expect.arrayContaining(yealink.cells));
  expect(modelsOf(distributor)).toContain('VVX 450');
});

test('a fleet under a threshold profile is released without noise, and loudly so', async () => {
  await home.embedded.releases.addProfile({ since: SEPTEMBER, profile: 'threshold', at: 1, by: 'test' });
  await home.say(SEPTEMBER, fleet().slice(0, 60));
  await closed(SEPTEMBER);
  const document = await release('2026-09/Yealink/0');
  expect(document).toMatchObject({ profile: 'threshold', method: { epsilon: 'unbounded', rho: null, delta: null } });
  expect(document.notice).toMatch(/^THIS RELEASE CARRIES NO NOISE/);
  expect(document.cells.find(({ model }) => model === 'SIP-T54W')).toMatchObject({ sites: 30, phones: 100 });
  expect(modelsOf(document)).toEqual(['SIP-T46S', 'SIP-T54W']);
  expect(await home.embedded.releases.ledger()).toMatchObject([{ profile: 'threshold', epsilon: null, rho: null }]);
});

test('a fleet of a few hundred has a noised release, which says how little it holds', async () => {
  await home.say(SEPTEMBER, fleet().slice(0, 400));
  await closed(SEPTEMBER);
  const document = await release('2026-09/Yealink/0');
  expect(document.largeEnough).toBe(true);
  expect(modelsOf(document)).toEqual(['SIP-T46S', 'SIP-T54W']);
  expect(document.coverage.find(({ query }) => query === 'phone_model')).toMatchObject({ listed: 5, published: 2 });
});

test('a fleet that is too small for noise has the number of all sites alone', async () => {
  await home.say(SEPTEMBER, fleet().slice(0, 150));
  await closed(SEPTEMBER);
  const document = await release('2026-09/Yealink/0');
  expect(document.largeEnough).toBe(false);
  expect(document.cells.map(({ query }) => query)).toEqual(['all']);
});

test('a profile holds from the month it was chosen for', async () => {
  await home.embedded.releases.addProfile({ since: OCTOBER, profile: 'threshold', at: 1, by: 'test' });
  await home.embedded.releases.addProfile({ since: addMonths(OCTOBER, 1), profile: 'noised', at: 2, by: 'test' });
  await home.say(SEPTEMBER, fleet().slice(0, 60));
  await home.say(OCTOBER, fleet().slice(0, 60));
  await closed(SEPTEMBER);
  await closed(OCTOBER);
  expect((await home.embedded.releases.ledger()).map(({ period, profile }) => [period, profile])).toEqual([
    [SEPTEMBER, 'noised'],
    [OCTOBER, 'threshold'],
  ]);
});
