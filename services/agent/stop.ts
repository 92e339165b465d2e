import { GRACE_MS, parsePeriod, periodAt, periodEnd } from '../core/period.ts';
import { describeFailure } from '../shared/failure.ts';
import { type AgentDeps, loadState, timeOf } from './agent.ts';
import { NotSent, sendWithdrawal } from './send.ts';
import type { Site, State } from './state/state.ts';
import { withdrawalText } from './withdrawal.ts';

/**
 * Switches off: from the moment this is on disk nothing is collected or reported any more, and what was sent this month is taken
 * back until the service confirms it. Resolves to whether everything is done and the state is gone.
 */
export async function stop(deps: AgentDeps): Promise<boolean> {
  const { state } = loadState(deps);
  const stopping: State = { ...state, consent: null, stopping: true };
  if (isHeld(stopping, deps)) deps.file.write(stopping);
  return withdrawEverything(stopping, deps);
}

/** Whether anything that was sent can still be taken back. */
function isHeld(state: State, deps: AgentDeps): boolean {
  return Object.values(state.sites).some((site) => site.sentTo.length > 0 && isOpen(site, timeOf(state, deps.clock)));
}

/** Withdraws site by site; each that is confirmed is forgotten at once. Once all are, nothing is left on this machine. */
export async function withdrawEverything(before: State, deps: AgentDeps): Promise<boolean> {
  let state = before;
  let failed = false;
  for (const name of Object.keys(state.sites))
    try {
      state = await withdrawSite(state, name, deps);
    } catch (thrown) {
      failed = true;
      deps.say(`not confirmed yet: ${describeFailure(thrown).code ?? 'failed'}\n`);
      if (!(thrown instanceof NotSent)) throw thrown;
      // Sequences that were used are on disk: the next attempt goes on behind them.
      state = deps.file.read() ?? state;
    }
  if (failed) return false;
  deps.file.delete();
  return true;
}

async function withdrawSite(before: State, name: string, deps: AgentDeps): Promise<State> {
  let state = before;
  const site = state.sites[name]!;
  if (site.sentTo.length > 0 && site.platform !== null && isOpen(site, timeOf(state, deps.clock)))
    for (const part of partsOf(site.sent)) {
      const next = { ...state.sites[name]!, sequence: state.sites[name]!.sequence + 1, confirmed: false };
      state = { ...state, sites: { ...state.sites, [name]: next } };
      deps.file.write(state);
      for (const service of site.sentTo) await withdrawFrom(service, { ...next, sent: [...part] }, deps);
    }
  const { [name]: _, ...rest } = state.sites;
  state = { ...state, sites: rest };
  if (Object.keys(rest).length > 0) deps.file.write(state);
  return state;
}

const MOST_LINES = 512;

function partsOf(sent: Site['sent']): Site['sent'][] {
  const parts = [sent.slice(0, MOST_LINES)];
  for (let at = MOST_LINES; at < sent.length; at += MOST_LINES) parts.push(sent.slice(at, at + MOST_LINES));
  return parts;
}

/** A month that the service has closed holds no facts that could be taken back. */
async function withdrawFrom(service: string, site: Site, deps: AgentDeps): Promise<void> {
  try {
    await sendWithdrawal(withdrawalText(site), service, deps.send);
  } catch (thrown) {
    if (!(thrown instanceof NotSent && thrown.problem?.open && !thrown.problem.open.includes(site.period)))
      throw thrown;
  }
}

function isOpen(site: Site, now: number): boolean {
  return site.period === periodAt(now) || now < periodEnd(parsePeriod(site.period)) + GRACE_MS;
}
