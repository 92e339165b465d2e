import { Period } from '../../schemas/period.ts';
import { periodAt, periodStart } from '../core/period.ts';
import { describeFailure } from '../shared/failure.ts';
import { type AgentDeps, loadState, serviceOf, timeOf } from './agent.ts';
import type { Pbx } from './config.ts';
import { receiptOf } from './kept-receipt.ts';
import { beyond, beyondText, servicePolicy } from './policy.ts';
import { reportText } from './report.ts';
import { DAY_MS, freshMoment, isBelievable, nextAttempt } from './schedule.ts';
import { NotSent, sendReport, sendWithdrawal } from './send.ts';
import { type Content, contentOf, differs, isMoved, newSite, takenBack, takingBack, upcoming } from './site.ts';
import type { Site, State } from './state/state.ts';
import { withdrawEverything } from './stop.ts';
import { withdrawalText } from './withdrawal.ts';

/** What one look at the state came to. */
export interface Tick {
  readonly state: 'off' | 'on' | 'stopped';
  /** The next moment at which there is something to do, by this machine's clock; undefined when that is not known yet. */
  readonly nextAt: number | undefined;
}

/**
 * One look: what is due is sent, what changed gets a moment, what was switched off is withdrawn. Called from the timer, under the
 * lock. Every step is written down before it can be seen from outside, so that it may end anywhere and begin again.
 */
export async function tick(deps: AgentDeps): Promise<Tick> {
  const { file, clock } = deps;
  let { state } = loadState(deps);
  if (state.stopping) return (await withdrawEverything(state, deps)) ? STOPPED : { state: 'on', nextAt: undefined };
  if (state.consent === null) return { state: 'off', nextAt: undefined };
  state = { ...state, sites: current(state, deps) };
  for (const pbx of deps.config.pbxs) {
    const planned = await plan(state, pbx, deps);
    // A disk of a small machine need not be written to every hour.
    if (JSON.stringify(planned) !== JSON.stringify(file.read())) file.write(planned);
    state = planned;
    const site = state.sites[pbx.name]!;
    if (site.dueAt !== null && site.dueAt <= timeOf(state, clock)) {
      state = await report(state, pbx, deps);
      file.write(state);
    }
  }
  const due = deps.config.pbxs.flatMap(({ name }) => state.sites[name]?.dueAt ?? []);
  return { state: 'on', nextAt: due.length === 0 ? undefined : Math.min(...due) - state.clockOffsetMs };
}

const STOPPED: Tick = { state: 'stopped', nextAt: undefined };

/** The sites of this month. A month that is over is forgotten with its token. */
function current(state: State, { clock }: AgentDeps): State['sites'] {
  const period = periodAt(timeOf(state, clock));
  return Object.fromEntries(Object.entries(state.sites).filter(([, site]) => site.period === period));
}

/** Chooses a moment for a PBX that has something new to say. */
async function plan(state: State, pbx: Pbx, deps: AgentDeps): Promise<State> {
  const now = timeOf(state, deps.clock);
  const site = state.sites[pbx.name] ?? newSite(periodAt(now), deps.random);
  if (site.dueAt !== null && isBelievable(site.dueAt, now)) return withSite(state, pbx.name, site);
  const isNew = site.sequence === 0 || site.dueAt !== null;
  const changed = isNew || differs(contentOf(await deps.collect(pbx), site, state.consent), site);
  return withSite(state, pbx.name, { ...site, dueAt: changed ? freshMoment(now, deps.draw) : null });
}

/** Collects and sends one PBX's report; the state says afterwards what came of it. */
async function report(before: State, pbx: Pbx, deps: AgentDeps): Promise<State> {
  const service = serviceOf(before, deps.config);
  let state = await withPolicy(before, service, deps);
  if (state.newPolicy?.rewritten) return heldBack(state, pbx.name, deps);
  const content = contentOf(await deps.collect(pbx), state.sites[pbx.name]!, state.consent);
  try {
    state = await sendContent(state, pbx.name, content, service, deps);
    return withSite(state, pbx.name, { ...state.sites[pbx.name]!, dueAt: null, attempts: 0, failure: null });
  } catch (thrown) {
    // What was written down before the attempt is the truth now.
    return afterFailure(deps.file.read() ?? state, pbx.name, thrown, deps);
  }
}

/**
 * Sends what a PBX is made of, under the site's token: facts of another platform are withdrawn first. Resolves to the state with
 * the receipt; each step is on disk before it is on the wire. Throws NotSent.
 */
export async function sendContent(
  before: State,
  name: string,
  content: Content,
  service: string,
  deps: AgentDeps,
): Promise<State> {
  let state = before;
  let site = state.sites[name]!;
  if (isMoved(site, content.platform)) {
    site = takingBack(site);
    state = kept(withSite(state, name, site), deps);
    await sendWithdrawal(withdrawalText(site), service, deps.send);
    // A service of before that is gone must not keep this one from its report: it is asked again when everything is taken back.
    for (const other of site.sentTo.filter((target) => target !== service))
      await sendWithdrawal(withdrawalText(site), other, { ...deps.send, maxAttempts: 1 }).catch(() => undefined);
    site = takenBack(site);
    state = kept(withSite(state, name, site), deps);
  }
  const next = upcoming(site, content, service);
  site = next.site;
  state = kept(withSite(state, name, site), deps);
  const receipt = await sendReport(reportText(next.report), service, deps.send);
  const ticket = receipt.ticket ?? site.ticket;
  const shown = receiptOf(receipt, next.report.devices, timeOf(state, deps.clock));
  site = { ...site, confirmed: true, ticket, receipt: shown };
  return kept(withSite(state, name, site), deps);
}

function kept(state: State, { file }: AgentDeps): State {
  file.write(state);
  return state;
}

/** Nobody agreed to what the service says now: nothing goes, and a day later it is asked again. */
function heldBack(state: State, name: string, deps: AgentDeps): State {
  const dueAt = freshMoment(timeOf(state, deps.clock), deps.draw);
  return withSite(state, name, { ...state.sites[name]!, dueAt, failure: 'policy-not-agreed' });
}

/** What a policy says beyond what was agreed to is never sent: the owner is told. */
async function withPolicy(state: State, service: string, deps: AgentDeps): Promise<State> {
  const policy = await servicePolicy(service, deps.send);
  if (policy === undefined) return state;
  const newPolicy = beyond(state.consent!, policy);
  if (newPolicy) deps.say(`${beyondText(newPolicy)} (rollcall-agent enable)\n`);
  return { ...state, newPolicy };
}

function afterFailure(state: State, name: string, thrown: unknown, deps: AgentDeps): State {
  const now = timeOf(state, deps.clock);
  const site = state.sites[name]!;
  const failure = describeFailure(thrown).code ?? 'failed';
  const attempts = site.attempts + 1;
  // A disk that fails is told by whoever ends: this report may have been sent, and is on disk as such.
  if (!(thrown instanceof NotSent)) throw thrown;
  deps.say(`not sent: ${failure}\n`);
  const open = thrown.problem?.open?.[0];
  if (open !== undefined && open !== site.period) return inTime(state, name, open, thrown.serverTime, deps);
  // What the service will not take as it is is not tried again before the next day.
  const dueAt = thrown.retryable
    ? nextAttempt(now, attempts, thrown.retryAfterMs, deps.draw)
    : freshMoment(now + DAY_MS / 2, deps.draw);
  return withSite(state, name, { ...site, attempts, failure, dueAt });
}

/** This machine's clock is wrong by more than a month's edge: the service's time decides which month it is. */
function inTime(state: State, name: string, open: string, serverTime: number | undefined, deps: AgentDeps): State {
  const period = Period.parse(open);
  const server =
    serverTime !== undefined && periodAt(serverTime) === period ? serverTime : periodStart(period) + DAY_MS;
  const clockOffsetMs = Math.round(server - deps.clock.now());
  const site = newSite(period, deps.random);
  const dueAt = nextAttempt(server, 1, 0, deps.draw);
  deps.say('the clock of this machine is wrong: the month is told by the service\n');
  return withSite({ ...state, clockOffsetMs }, name, { ...site, dueAt });
}

function withSite(state: State, name: string, site: Site): State {
  return { ...state, sites: { ...state.sites, [name]: site } };
}
