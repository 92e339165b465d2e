import type { Period } from '../../../schemas/period.ts';
import { startWhole, type Whole } from '../../compose/start.ts';
import { addMonths, periodAt, periodStart } from '../../core/period.ts';
import { SetClock, systemClock } from '../../shared/clock.ts';
import { type Config, loadConfig } from '../../shared/config.ts';
import { silentLog } from '../../shared/log.ts';

export interface DemoOptions {
  readonly sites: number;
  readonly months: number;
  readonly seed: number;
  /** 0: any free port. */
  readonly port: number;
  /** End with one JSON line instead of serving on. */
  readonly exit: boolean;
  /** Start the browser where there is one. */
  readonly open: boolean;
}

/** The key to a demo's counts. It guards made-up numbers in a directory that is gone afterwards. */
export const DEMO_KEY = 'demo-key-for-made-up-numbers';

/** What a demo runs on: a process of its own, a directory of its own, a clock that it sets. */
export interface Stage {
  readonly running: Whole;
  readonly clock: SetClock;
  readonly config: Config;
  readonly periods: readonly Period[];
}

/** For people, and never in the way of what a script reads. */
export const say = (text: string) => void process.stderr.write(text);

export async function openStage({ months, port }: DemoOptions, directory: string): Promise<Stage> {
  const first = addMonths(periodAt(systemClock.now()), 1 - months);
  const periods = Array.from({ length: months }, (_, month) => addMonths(first, month));
  const clock = new SetClock(periodStart(first));
  const config = demoConfig(directory, port);
  return { running: await startWhole({ config, clock, journal: silentLog }), clock, config, periods };
}

/**
 * Whatever the environment says. Exact: the demo compares with the truth, and the guard would hold changes back while a
 * month is open.
 */
function demoConfig(directory: string, port: number): Config {
  return loadConfig({
    PORT: String(port),
    ROLLCALL_DATA_DIR: directory,
    ROLLCALL_ADMIN_KEY: DEMO_KEY,
    ROLLCALL_PROVISIONAL: 'exact',
  });
}
