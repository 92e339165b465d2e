import type { Report } from '../../../schemas/report.ts';
import { periodAt } from '../../core/period.ts';
import { describeFailure } from '../../shared/failure.ts';
import { type AgentDeps, emptyState, loadState, serviceOf, timeOf } from '../agent.ts';
import { type Tick, tick } from '../cycle.ts';
import { type Ended, endedIn, endedText, type KnownEnds } from '../end-of-life.ts';
import { lineText } from '../kept-receipt.ts';
import {
  beyondText,
  consentTo,
  isReferredTo,
  ownPolicy,
  type Policy,
  policyReference,
  policyText,
  servicePolicy,
} from '../policy.ts';
import { reportText } from '../report.ts';
import { postQuestion, serviceUrl } from '../send.ts';
import { contentOf, isMoved, nameOf, newSite, upcoming } from '../site.ts';
import { withLock } from '../state/lock.ts';
import type { Site, State } from '../state/state.ts';
import { mustBeWritable } from '../state/unwritable.ts';
import { stop } from '../stop.ts';
import { type CommandIo, EXIT } from './exit.ts';
import { HeldAnswer, heldText } from './held.ts';
import { resolutionsText, summaryOf } from './words.ts';

const PATIENCE_MS = 60_000;

export interface Previewed {
  readonly name: string;
  readonly text: string;
  readonly notes: string;
  readonly ended: readonly Ended[];
}

/** The report that would go now, of each PBX: exactly its bytes. Nothing is written and nothing is sent. */
export async function previews(known: KnownEnds, deps: AgentDeps, only?: string): Promise<Previewed[]> {
  const state = quietState(deps);
  const shown: Previewed[] = [];
  for (const pbx of deps.config.pbxs) {
    if (only !== undefined && pbx.name !== only) continue;
    const inventory = await deps.collect(pbx);
    const site = siteOf(state, pbx.name, deps);
    const content = contentOf(inventory, site, state.consent);
    const { report } = upcoming(site, content, deps.config.service ?? state.service ?? undefined);
    const notes = [
      resolutionsText(inventory.resolutions),
      summaryOf(inventory),
      changesText(site, report),
      state.consent === null ? 'nothing is sent: the agent is off\n' : '',
      state.newPolicy ? `${beyondText(state.newPolicy)}\n` : '',
      site === state.sites[pbx.name]
        ? ''
        : 'the token is made for this preview: the first report of a month makes its own\n',
    ];
    shown.push({ name: pbx.name, text: reportText(report), notes: notes.join(''), ended: endedIn(inventory, known) });
  }
  return shown;
}

export async function preview(
  { only, known }: { readonly only: string | undefined; readonly known: KnownEnds },
  io: CommandIo,
  deps: AgentDeps,
): Promise<number> {
  for (const { name, text, notes, ended } of await previews(known, deps, only)) {
    if (deps.config.pbxs.length > 1) io.stderr(`PBX ${name}\n`);
    io.stderr(notes + endedText(ended));
    io.stdout(text);
  }
  return EXIT.ok;
}

/** Collected and shown, never sent. */
export async function local(known: KnownEnds, io: CommandIo, deps: AgentDeps): Promise<number> {
  for (const pbx of deps.config.pbxs) {
    const inventory = await deps.collect(pbx);
    if (deps.config.pbxs.length > 1) io.stdout(`PBX ${pbx.name}\n`);
    io.stdout(`platform ${[inventory.platform.name, inventory.platform.version].join(' ').trim()}\n`);
    io.stdout(inventory.lines.map((line) => `${lineText(line)}\n`).join(''));
    io.stdout(endedText(endedIn(inventory, known)) || 'nothing here is known to be past its sale or support\n');
    io.stderr(summaryOf(inventory));
  }
  io.stderr('shown here only: nothing was sent, nothing was written down\n');
  return EXIT.ok;
}

export interface EnableArgs {
  readonly service?: string | undefined;
  /** Asks the owner, who may have read one text of one version only; false is no. */
  readonly agree: (question: string, offered: Policy) => Promise<boolean>;
}

/**
 * What is collected and why: the service's policy, or the one that the agent was made with; what was not agreed to is marked. The last
 * line is how a script or a page agrees to this text. `offline` asks nobody.
 */
export async function policy(offline: boolean, io: CommandIo, deps: AgentDeps): Promise<number> {
  const state = quietState(deps);
  const service = offline ? undefined : (deps.config.service ?? state.service ?? undefined);
  const offered = service === undefined ? undefined : await servicePolicy(service, deps.send);
  const shown = offered ?? ownPolicy();
  io.stdout(`${policyText(shown, state.consent?.fields ?? [])}\nThis text: --policy ${policyReference(shown)}\n`);
  if (offered === undefined) io.stderr('the policy that this agent was made with: the service was not asked\n');
  return EXIT.ok;
}

/** Whether the policy is what an owner, a script or a page says it read; see `policy`. */
export function agreesTo(given: string): EnableArgs['agree'] {
  return async (_, offered) => isReferredTo(offered, given);
}

/** Shows the policy and records consent to its version and text. The first report goes at a moment within 24 hours. */
export async function enable({ service, agree }: EnableArgs, io: CommandIo, deps: AgentDeps): Promise<number> {
  const before = loadState(deps).state;
  mustBeWritable(deps.file.path);
  const target = service ?? serviceOf(before, deps.config);
  serviceUrl(target, 'v1/reports');
  const offered = (await servicePolicy(target, deps.send)) ?? ownPolicy();
  io.stdout(`${policyText(offered, before.consent?.fields ?? [])}\n`);
  if (!(await agree(`Agree to policy version ${offered.version} and report once a month? [y/N] `, offered))) {
    io.stderr(`not enabled: this text of policy version ${offered.version} was not agreed to\n`);
    return EXIT.notSent;
  }
  return withLock(deps.file.path, PATIENCE_MS, async () => {
    const { state } = loadState(deps);
    if (state.stopping) await stop(deps);
    const now = loadState(deps).state;
    deps.file.write({
      ...now,
      stopping: false,
      service: target,
      consent: consentTo(offered, deps.clock),
      newPolicy: null,
    });
    io.stderr(
      `enabled: policy version ${offered.version}; the first report goes within 24 hours of the timer's next run\n`,
    );
    return EXIT.ok;
  });
}

/** From the timer: looks, waits for moments that come before the timer does again, and ends. */
export async function run(
  { windowMs, pause }: { readonly windowMs: number; readonly pause: (ms: number) => Promise<void> },
  io: CommandIo,
  deps: AgentDeps,
): Promise<number> {
  const until = deps.clock.now() + windowMs;
  for (;;) {
    const looked = await look(deps).catch((thrown: unknown) => {
      if (describeFailure(thrown).code !== 'another-run') throw thrown;
      return undefined;
    });
    if (looked === undefined) io.stderr('another run is at work\n');
    if (looked?.state === 'off') io.stderr('off: nothing is collected and nothing is sent\n');
    if (looked?.nextAt === undefined || looked.nextAt > until) return EXIT.ok;
    await pause(Math.max(1_000, looked.nextAt - deps.clock.now()));
  }
}

/** While it is off there is nothing to do, not even a lock's file is made. */
async function look(deps: AgentDeps): Promise<Tick> {
  if (isOff(deps)) return OFF;
  return withLock(deps.file.path, 0, async () => (isOff(deps) ? OFF : tick(deps)));
}

const OFF: Tick = { state: 'off', nextAt: undefined };

function isOff({ file }: AgentDeps): boolean {
  const state = file.read();
  return state === undefined || (state.consent === null && !state.stopping);
}

export async function disable(io: CommandIo, deps: AgentDeps): Promise<number> {
  if (deps.file.read() === undefined) {
    io.stderr('off: nothing was ever sent from here, and nothing is\n');
    return EXIT.ok;
  }
  return withLock(deps.file.path, PATIENCE_MS, async () => {
    if (await stop(deps)) {
      io.stderr('off: this month is taken back, token and history are deleted\n');
      return EXIT.ok;
    }
    io.stderr('off: nothing more is reported; the withdrawal is tried again from the timer until it is confirmed\n');
    return EXIT.notSent;
  });
}

/** What the service holds under this month's token, line by line: the right of access without an identity. */
export async function showHeld(io: CommandIo, deps: AgentDeps): Promise<number> {
  const { state } = loadState(deps);
  let asked = 0;
  for (const [name, site] of Object.entries(state.sites)) {
    if (site.platform === null || site.sentTo.length === 0) continue;
    const { period, token, sent } = site;
    const devices = sent.slice(0, 512).map(({ category, vendor, model }) => ({ category, vendor, model }));
    const question = JSON.stringify({ schema: 'rollcall.held/1', period, token, platform: site.platform, devices });
    for (const service of site.sentTo) {
      const answer = HeldAnswer.parse(await postQuestion(question, service, 'v1/reports/held', deps.send));
      if (Object.keys(state.sites).length > 1) io.stdout(`PBX ${name}\n`);
      io.stdout(heldText(answer, devices, site.platform));
      asked++;
    }
  }
  if (asked === 0) io.stderr('nothing was sent this month: the service holds nothing of this machine\n');
  return EXIT.ok;
}

export function status(io: CommandIo, deps: AgentDeps): number {
  io.stdout(statusText(deps.file.read() === undefined ? undefined : loadState(deps).state));
  return EXIT.ok;
}

export function statusText(state: State | undefined): string {
  if (state === undefined) return 'off: nothing is collected, sent or stored\n';
  const head = state.stopping
    ? ['off: a withdrawal is waiting to be confirmed']
    : state.consent === null
      ? ['off: nothing is reported by itself']
      : [`on: policy version ${state.consent.policy}; service ${state.service ?? 'of the configuration'}`];
  if (state.newPolicy) head.push(beyondText(state.newPolicy));
  const sites = Object.entries(state.sites).map(([name, site]) => siteText(name, site, state.clockOffsetMs));
  return `${[...head, ...sites].join('\n')}\n`;
}

function siteText(name: string, site: Site, offsetMs: number): string {
  const next = site.dueAt === null ? 'when something changes' : new Date(site.dueAt - offsetMs).toISOString();
  const times = site.attempts > 0 ? ` (${site.attempts})` : '';
  const failed = site.failure ? `; last attempt: ${site.failure}${times}` : '';
  const lines = (site.receipt?.lines ?? []).map(({ line, became }) => `    ${line}: ${became}`);
  const receipt = site.receipt
    ? [
        `  last receipt ${new Date(site.receipt.at).toISOString()}: ${site.receipt.accepted} accepted, ${site.receipt.unlisted} unlisted, ${site.receipt.refused.length} refused`,
        ...lines,
      ]
    : ['  no report yet this month'];
  return [`${name}, ${site.period}: next ${next}${failed}`, ...receipt].join('\n');
}

function quietState(deps: AgentDeps): State {
  try {
    return loadState(deps).state;
  } catch {
    // A preview is for everybody, also for who may not read the state.
    return emptyState(deps.marks);
  }
}

function siteOf(state: State, name: string, deps: AgentDeps): Site {
  const period = periodAt(timeOf(state, deps.clock));
  const site = state.sites[name];
  return site?.period === period ? site : newSite(period, deps.random);
}

function changesText(site: Site, { platform, devices }: Report): string {
  if (site.sequence === 0) return 'first report of this month\n';
  const before = new Map(site.sent.map((line) => [nameOf(line), line.count]));
  const changed = devices.filter((line) => before.get(nameOf(line)) !== line.count);
  const rows = changed.map(
    (line) => `changed: ${lineText(line)} (before: ${before.get(nameOf(line)) ?? 'not there'})\n`,
  );
  if (isMoved(site, platform)) rows.push('changed: the platform; what was sent under the old one is withdrawn first\n');
  return rows.length === 0 ? 'nothing changed since the last report\n' : rows.join('');
}
