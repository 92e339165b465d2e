import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Period } from '../../../schemas/period.ts';
import type { Whole } from '../../compose/start.ts';
import { identifiersOf } from '../../identify/identifiers.ts';
import { systemClock } from '../../shared/clock.ts';
import { loadCatalog } from '../../shared/load-catalog.ts';
import { ApiClient } from '../client.ts';
import type { Env } from '../command.ts';
import { stopSignal } from '../server.ts';
import { type Released, Releaser, releasesTable } from './close-months.ts';
import { compareReleases } from './compare-releases.ts';
import { compareWithTruth } from './compare-with-truth.ts';
import { type Lived, liveThrough } from './live-through.ts';
import { furnishOffice } from './office.ts';
import { openBrowser } from './open-browser.ts';
import { type CountsApi, countsApi, topModels } from './read-counts.ts';
import { DEMO_KEY, type DemoOptions, openStage, type Stage, say } from './stage.ts';
import { signsTable, whereToLook } from './where-to-look.ts';

/** Exit code 0 when every count is what the simulator knows to be true. */
export async function runDemo(options: DemoOptions, env: Env): Promise<number> {
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-demo-'));
  const stage = await openStage(options, directory);
  try {
    return await simulateAndServe(options, stage, env);
  } finally {
    await stage.running.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function simulateAndServe(options: DemoOptions, stage: Stage, env: Env): Promise<number> {
  const client = new ApiClient(stage.running.url, DEMO_KEY);
  const [counts, releaser] = [countsApi(client), new Releaser(client)];
  say(`Simulating ${options.sites} sites over ${options.months} months, posting over HTTP to ${stage.running.url}\n`);
  await releaser.agree();
  await releaser.chooseProfiles(stage.periods);
  const identifierOf = identifiersOf(loadCatalog());
  const lived = await liveThrough(options, stage, { counts, releaser, identifierOf });
  const released = await releaser.fetchAll();
  const reportsOf = (period: Period) => lived.last.get(period)?.all ?? [];
  const { withinMargin, table } = compareReleases(released.releases, reportsOf, identifierOf);
  say(table);
  const exact = (await wrongCells(lived, counts, stage)) === 0;
  say(`Memory of this process: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MB resident\n`);
  const verified = released.releases.filter(({ verdict }) => verdict.ok).length;
  const { bytesLeft, reports } = lived;
  const [releases, facts] = [released.releases.length, await factsInserted(stage.running)];
  const { directory } = released;
  const summary = {
    sites: options.sites,
    reports,
    facts,
    exact,
    bytesLeft,
    releases,
    verified,
    withinMargin,
    directory,
  };
  if (options.exit) process.stdout.write(`${JSON.stringify(summary)}\n`);
  else await showAndServe(options, stage, { client, counts, released, env });
  return exact && bytesLeft === 0 && verified === releases ? 0 : 1;
}

/** Of every month, closed ones included. */
async function wrongCells({ truths }: Lived, counts: CountsApi, { config }: Stage): Promise<number> {
  let wrong = 0;
  for (const [period, truth] of truths)
    wrong += (await compareWithTruth(counts, period, truth, config.threshold)).cells;
  say(`After the close, every cell of every month compared with the truth again: ${wrong} wrong\n`);
  return wrong;
}

async function factsInserted(running: Whole): Promise<number> {
  const metrics = await running.metrics();
  return Number(/^rollcall_facts_inserted_total (\d+)/m.exec(metrics)?.[1] ?? 0);
}

interface Shown {
  readonly client: ApiClient;
  readonly counts: CountsApi;
  readonly released: Released;
  readonly env: Env;
}

async function showAndServe(
  { open }: DemoOptions,
  { running, clock, periods }: Stage,
  { client, counts, released, env }: Shown,
): Promise<void> {
  const period = periods.at(-1) as (typeof periods)[number];
  // From here on people use it: their sessions and links end when they would.
  clock.runLike(systemClock);
  process.stdout.write(`\n${await topModels(counts, period)}\n`);
  if (released.releases.length > 0) process.stdout.write(`${releasesTable(released)}\n`);
  const office = await furnishOffice(client, running.url);
  process.stdout.write(`${signsTable(office)}\n${whereToLook(running, period)}`);
  const [first] = office;
  if (open && first && !openBrowser(first.link, env)) say('No browser is here to open: follow a link from another.\n');
  await stopSignal();
}
