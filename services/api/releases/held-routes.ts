import * as z from 'zod';
import { DecisionAnswer, HeldAnswer, NewNamesAnswer, Verdict } from '../../../schemas/answers/held.ts';
import { NAME_PATTERN } from '../../../schemas/fact.ts';
import { Period } from '../../../schemas/period.ts';
import { QUERY_NAMES, type Transition } from '../../../schemas/release.ts';
import { cellKey, DECIDE_WITHIN_MS } from '../../core/release-cell.ts';
import { type Caller, type Route, route } from '../../http/route.ts';
import type { Decision } from '../../ports/decisions.ts';
import { type HeldCells, heldCells, newestNoised } from './held-cells.ts';
import {
  callerOf,
  conflict,
  type HeldBounds,
  NoQuery,
  notFound,
  type ReleaseRoutesDeps,
  timeOf,
} from './release-deps.ts';

const Name = z.string().regex(NAME_PATTERN, 'not-a-name').default('');
const Cell = z.strictObject({
  query: z.enum(QUERY_NAMES),
  platform: Name,
  vendor: Name,
  model: Name,
  category: Name,
});
const NewDecision = z.strictObject({ period: Period, cell: Cell, decision: Verdict });
type NewDecision = z.infer<typeof NewDecision>;

const BODY_EXAMPLE = {
  period: '2026-11',
  cell: { query: 'phone_model', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
  decision: 'approve',
};

/** Cells that moved so far that somebody looks at them before they are published. */
export function heldRoutes(deps: ReleaseRoutesDeps): Route[] {
  return [
    route({
      method: 'GET',
      path: '/v1/held',
      summary: 'Numbers that are held until somebody has looked at them; of the newest month unless one is named',
      description:
        'Only noised numbers are shown, those of this month and of the one released before it, so looking at them ' +
        "reveals nothing more about any site. Of an installation's `first` release nothing is held. What is undecided at `deadline` stays unpublished. `all`: of every month " +
        'whose deadline has not passed.',
      allow: ['releaser'],
      query: z.strictObject({ period: z.union([Period, z.literal('all')]).optional() }),
      example: {},
      answer: HeldAnswer,
      handle: ({ query }) => listHeld(query.period, deps),
    }),
    route({
      method: 'POST',
      path: '/v1/held/decisions',
      summary: 'Approve or suppress a held number, once; an approved one follows as an amendment',
      allow: ['releaser'],
      query: NoQuery,
      body: NewDecision,
      bodyExample: BODY_EXAMPLE,
      answer: DecisionAnswer,
      status: 201,
      handle: (call) => decide(call.body, callerOf(call), deps),
    }),
    route({
      method: 'POST',
      path: '/v1/held/new-names',
      summary: 'Approve or suppress, in one act, every name that no release has shown before',
      description: 'Those that were decided one by one stay as they were decided.',
      allow: ['releaser'],
      query: NoQuery,
      body: z.strictObject({ period: Period, decision: Verdict }),
      bodyExample: { period: '2026-11', decision: 'approve' },
      answer: NewNamesAnswer,
      status: 201,
      handle: (call) => decideNewNames(call.body, callerOf(call), deps),
    }),
  ];
}

async function listHeld(asked: Period | 'all' | undefined, deps: ReleaseRoutesDeps): Promise<HeldAnswer> {
  const transitions = await deps.releases.transitions();
  const period = asked === undefined || asked === 'all' ? newestNoised(transitions) : asked;
  const held = period === undefined ? undefined : await heldCells(period, deps.releases);
  const first = held?.first ?? false;
  if (asked === 'all') return { period: null, deadline: null, first, cells: await openCells(transitions, deps) };
  if (period === undefined || !held) return { period: period ?? null, deadline: null, first, cells: [] };
  return { period, deadline: deadlineOf(held), first, cells: await rowsOf(period, held, deps) };
}

const deadlineOf = ({ deadline }: HeldCells): string | null => (deadline === null ? null : timeOf(deadline));

/** Of every month whose deadline has not passed, newest first. */
async function openCells(transitions: readonly Transition[], deps: ReleaseRoutesDeps): Promise<HeldAnswer['cells']> {
  const late = new Set(
    transitions
      .filter(({ step, at }) => step === 'RELEASED' && at + DECIDE_WITHIN_MS < deps.clock.now())
      .map(({ period }) => period),
  );
  const open = transitions.filter(({ step, period }) => step === 'NOISED' && !late.has(period)).reverse();
  const rows: HeldAnswer['cells'] = [];
  for (const { period } of open) {
    const held = await heldCells(period, deps.releases);
    if (held) rows.push(...(await rowsOf(period, held, deps)));
  }
  return rows;
}

async function rowsOf(
  period: Period,
  held: HeldCells,
  { heldBounds }: ReleaseRoutesDeps,
): Promise<HeldAnswer['cells']> {
  const bounds = held.cells.length === 0 ? new Map<string, HeldBounds>() : await heldBounds(period);
  return held.cells.map((one) => {
    const { margin, limit } = bounds.get(cellKey(one.cell)) ?? UNKNOWN;
    return { ...one, period, deadline: deadlineOf(held), margin, limit };
  });
}

/** Of a month that an earlier version noised. */
const UNKNOWN: HeldBounds = { margin: { sites: 0, phones: null }, limit: { sites: 0, phones: null } };

async function decide(
  { period, cell, decision }: NewDecision,
  { keyId }: Caller,
  deps: ReleaseRoutesDeps,
): Promise<DecisionAnswer> {
  const { releases, audit, clock, issue } = deps;
  refuseUndecidable(cell, await heldCells(period, releases), clock.now());
  const words = [cell.platform, cell.category, cell.vendor, cell.model].filter((word) => word !== '');
  const object = [period, decision, cell.query, ...words].join(' ');
  await audit.append({ actor: keyId, action: 'cell.decided', object });
  const made: Decision = { period, cell, decision, at: clock.now(), by: keyId };
  await releases.addDecision(made);
  const holds = (await releases.decisions(period)).find((one) => cellKey(one.cell) === cellKey(cell));
  // Somebody else was asked at the same moment, and of one cell the first word holds.
  if (holds?.decision !== decision) throw decidedAlready();
  if (decision === 'approve') await issue(period);
  return { period, cell, decision, at: timeOf(made.at) };
}

async function decideNewNames(
  { period, decision }: Omit<NewDecision, 'cell'>,
  { keyId }: Caller,
  { releases, audit, clock, issue }: ReleaseRoutesDeps,
): Promise<NewNamesAnswer> {
  const held = await heldCells(period, releases);
  const open = (held?.cells ?? []).filter((one) => one.why === 'new-name' && one.decision === null);
  if (!held || open.length === 0) throw notFound('not-held', 'No new name of this month waits for a decision.');
  refuseUntimely(held, clock.now());
  await audit.append({ actor: keyId, action: 'new-names.decided', object: `${period} ${decision} ${open.length}` });
  const at = clock.now();
  for (const { cell } of open) await releases.addDecision({ period, cell, decision, at, by: keyId });
  if (decision === 'approve') await issue(period);
  return { period, decision, decided: open.length, at: timeOf(at) };
}

/** Throws 404 and 409. */
function refuseUndecidable(cell: Decision['cell'], held: HeldCells | undefined, now: number): void {
  const there = held?.cells.find((one) => cellKey(one.cell) === cellKey(cell));
  if (!held || !there) throw notFound('not-held', 'No such number of this month is held.');
  refuseUntimely(held, now);
  if (there.decision !== null) throw decidedAlready();
}

function refuseUntimely(held: HeldCells, now: number): void {
  if (held.earlierMethod)
    throw conflict('earlier-method', 'An earlier version noised this month: what it held stays unpublished.');
  if (held.deadline === null) throw conflict('not-released', 'The month is not released yet: decide when it is.');
  if (now > held.deadline) throw conflict('too-late', 'It was undecided for too long and stays unpublished.');
}

function decidedAlready() {
  return conflict('decided-already', 'It was decided before: the first word holds.');
}
