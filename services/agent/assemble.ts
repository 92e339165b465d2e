import { userInfo } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '../../schemas/catalog.ts';
import { periodAt } from '../core/period.ts';
import { type IdentifierOf, identifiersOf } from '../identify/identifiers.ts';
import { type Clock, systemClock } from '../shared/clock.ts';
import { Failure } from '../shared/failure.ts';
import { drawBytes, drawInt } from '../shared/random.ts';
import type { AgentDeps } from './agent.ts';
import type { Examined } from './commands/doctor.ts';
import type { AgentConfig, Pbx } from './config.ts';
import { containerOf } from './container.ts';
import { MachineFiles } from './files.ts';
import { takeInventory } from './inventory.ts';
import { type Route, readCertificates } from './net/exchange.ts';
import { proxySettings } from './net/proxy.ts';
import { askSources, endpointsOf } from './sources/collect.ts';
import type { SourceDeps } from './sources/source.ts';
import { machineMarks } from './state/machine.ts';
import { StateFile } from './state/state-file.ts';
import { mustBeWritable } from './state/unwritable.ts';

export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Read only by who identifies something: most commands do not. */
  readonly catalog: () => Catalog;
  readonly config: AgentConfig;
  readonly statePath?: string | undefined;
  /** Where the machine's files are; with another root than `/` nothing that runs here is asked. */
  readonly root: string;
  readonly say: (text: string) => void;
  readonly clock?: Clock;
}

/** Everything that the commands need, from what surrounds the process. Opens nothing but the file of certificates. */
export function assemble(around: Surroundings): AgentDeps {
  const { env, catalog, config, root, say, clock = systemClock } = around;
  const route: Route = {
    proxy: proxySettings(env),
    ca: config.ca === undefined ? undefined : readCertificates(config.ca),
  };
  let known: IdentifierOf | undefined;
  const identifierOf: IdentifierOf = (period) => (known ??= identifiersOf(catalog()))(period);
  const container = containerOf(new MachineFiles(root));
  return {
    config,
    file: new StateFile(around.statePath ?? defaultStatePath(env)),
    marks: machineMarks(container !== undefined, root),
    clock,
    random: drawBytes,
    draw: (below) => drawInt(0, Math.max(1, Math.floor(below))),
    identifierOf,
    collect: async (pbx) => {
      const live = root === '/' && pbx.registrations === undefined;
      const endpoints = live
        ? endpointsOf(await askSources(sourceDeps(pbx, env, clock), { local: pbx.local }))
        : undefined;
      return takeInventory({
        root,
        identifier: identifierOf(periodAt(clock.now())),
        clock,
        hardware: pbx.local,
        ...(pbx.registrations === undefined ? {} : { registrations: pbx.registrations }),
        ...(pbx.platform === undefined ? {} : { platform: pbx.platform }),
        ...(endpoints === undefined ? {} : { endpoints }),
      });
    },
    send: { route, clock, maxAttempts: 1 },
    say,
  };
}

function sourceDeps(pbx: Pbx, env: Surroundings['env'], clock: Clock): SourceDeps {
  return { clock, commands: { path: env.PATH ?? '' }, ami: pbx.ami, kamailio: pbx.kamailio };
}

/** What the doctor looks at. */
export async function examine(around: Surroundings, deps: AgentDeps): Promise<Examined> {
  const { env, root, config } = around;
  const proxy = proxySettings(env);
  const pbxs: Examined['pbxs'][number][] = [];
  for (const pbx of config.pbxs)
    pbxs.push({
      name: pbx.name,
      answers: root === '/' ? await askSources(sourceDeps(pbx, env, deps.clock), { local: pbx.local }) : [],
    });
  return {
    node: process.versions.node,
    container: containerOf(new MachineFiles(root))?.kind,
    state: whyUnwritable(deps.file.path),
    statePath: deps.file.path,
    proxies: proxy.httpProxy !== undefined || proxy.httpsProxy !== undefined,
    pbxs,
  };
}

function whyUnwritable(path: string): string | undefined {
  try {
    mustBeWritable(path);
    return undefined;
  } catch (thrown) {
    return `cannot be written (${thrown instanceof Failure ? thrown.detail.why : 'failed'})`;
  }
}

/**
 * The system's own place for who may use it (root, or the service's user, whom systemd tells by STATE_DIRECTORY), else a place in
 * the user's home as the user database knows it: HOME may be anything under cron and sudo, and one machine is one site.
 */
function defaultStatePath(env: Surroundings['env']): string {
  const named = env.STATE_DIRECTORY?.split(':')[0];
  if (named) return join(named, 'state.json');
  const { uid, homedir } = userInfo();
  return uid === 0
    ? '/var/lib/rollcall-agent/state.json'
    : join(homedir, '.local', 'state', 'rollcall-agent', 'state.json');
}
