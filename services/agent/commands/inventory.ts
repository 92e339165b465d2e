import { periodAt } from '../../core/period.ts';
import { type AgentDeps, loadState, timeOf } from '../agent.ts';
import { sendContent } from '../cycle.ts';
import type { Inventory } from '../inventory.ts';
import { buildReport, reportText } from '../report.ts';
import { NotSent, sendWithdrawal, serviceUrl } from '../send.ts';
import { contentOf, newSite, upcoming } from '../site.ts';
import { withLock } from '../state/lock.ts';
import type { State } from '../state/state.ts';
import { withdrawalText } from '../withdrawal.ts';
import { type CommandIo, EXIT } from './exit.ts';
import { failureText, summaryOf } from './words.ts';

export interface InventoryArgs {
  /** A file of registrations; `-` is standard input. */
  readonly registrations?: string | undefined;
  /** Where to post the report: a service, or the full address of its reports. */
  readonly send?: string | undefined;
  /** Takes back what this machine sent this month, instead of sending more. */
  readonly withdraw?: boolean | undefined;
}

/** Another run may be at work: a report of an impatient owner waits for it. */
const PATIENCE_MS = 60_000;

/**
 * `rollcall inventory`: prints the report of this machine, and nothing else, on stdout; what was left out, by reason, on stderr.
 * With `send` it posts exactly the printed bytes, under the one token that this machine has this month, however often. A
 * named file of registrations that gives no phones ends the command: a report without its phones would be wrong.
 */
export async function runInventory(args: InventoryArgs, io: CommandIo, deps: AgentDeps): Promise<number> {
  try {
    if (args.send !== undefined) serviceUrl(args.send, 'v1/reports');
    if (args.withdraw) return await withdraw(args, io, deps);
    const inventory = await deps.collect(deps.config.pbxs[0]!);
    io.stderr(summaryOf(inventory));
    if (args.registrations !== undefined && inventory.endpointsUnknown) return EXIT.usage;
    if (args.send === undefined) {
      io.stdout(reportText(buildReport(inventory, deps)));
      return EXIT.ok;
    }
    const service = args.send;
    return await withLock(deps.file.path, PATIENCE_MS, () => send(inventory, service, io, deps));
  } catch (thrown) {
    io.stderr(failureText(thrown));
    if (thrown instanceof NotSent) return thrown.code === 'not-a-url' ? EXIT.usage : EXIT.notSent;
    return EXIT.notSent;
  }
}

async function send(inventory: Inventory, service: string, io: CommandIo, deps: AgentDeps): Promise<number> {
  const { name } = deps.config.pbxs[0]!;
  const state = thisMonth(loadState(deps).state, name, deps);
  const site = state.sites[name]!;
  const content = contentOf(inventory, site, null);
  // The text that is sent, before it is: what is shown is what goes.
  io.stdout(reportText(upcoming(site, content, service).report));
  const after = await sendContent(state, name, content, service, deps);
  const { accepted, unlisted, refused } = after.sites[name]!.receipt!;
  const reasons = refused.map(({ index, reason }) => `line ${index}: ${reason}\n`).join('');
  io.stderr(`sent: ${accepted} accepted, ${unlisted} unlisted, ${refused.length} refused\n${reasons}`);
  return EXIT.ok;
}

function withdraw({ send: service }: InventoryArgs, io: CommandIo, deps: AgentDeps): Promise<number> {
  return withLock(deps.file.path, PATIENCE_MS, async () => {
    const { name } = deps.config.pbxs[0]!;
    const { state } = loadState(deps);
    const site = state.sites[name];
    if (site === undefined || site.platform === null || site.period !== periodAt(timeOf(state, deps.clock))) {
      io.stderr('nothing was sent this month: nothing to withdraw\n');
      return EXIT.ok;
    }
    const next = { ...site, sequence: site.sequence + 1, confirmed: false };
    deps.file.write({ ...state, sites: { ...state.sites, [name]: next } });
    const text = withdrawalText(next);
    io.stdout(text);
    for (const target of new Set(service === undefined ? site.sentTo : [...site.sentTo, service]))
      await sendWithdrawal(text, target, deps.send);
    const { [name]: _, ...sites } = state.sites;
    if (Object.keys(sites).length === 0 && state.consent === null) deps.file.delete();
    else deps.file.write({ ...state, sites });
    io.stderr('withdrawn: what this machine sent this month is taken back\n');
    return EXIT.ok;
  });
}

function thisMonth(state: State, name: string, { clock, random }: AgentDeps): State {
  const period = periodAt(timeOf(state, clock));
  const known = state.sites[name];
  const site = known?.period === period ? known : newSite(period, random);
  return { ...state, sites: { ...state.sites, [name]: site } };
}
