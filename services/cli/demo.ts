import { parseArgs } from 'node:util';
import { type Command, UsageError } from './command.ts';
import { runDemo } from './demo/run-demo.ts';

const DEFAULTS = { sites: 2_000, months: 3 } as const;

/** The main job on one machine: a simulated fleet posts over HTTP, is counted, and the counts are checked. */
export const demoCommand: Command = {
  name: 'demo',
  usage: 'demo [--sites N] [--months M] [--seed S] [--exit]',
  summary: 'simulate a fleet, count it, compare with the truth, keep serving',
  async run(args, env) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        sites: { type: 'string' },
        months: { type: 'string' },
        seed: { type: 'string' },
        exit: { type: 'boolean' },
      },
    });
    return runDemo({
      sites: wholeNumber('--sites', values.sites, DEFAULTS.sites, 1, 100_000),
      months: wholeNumber('--months', values.months, DEFAULTS.months, 1, 24),
      seed: wholeNumber('--seed', values.seed, 1, 0, 2 ** 32 - 1),
      port: wholeNumber('PORT', env.PORT, 0, 0, 65_535),
      exit: values.exit === true,
    });
  },
};

function wholeNumber(name: string, text: string | undefined, fallback: number, min: number, max: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!/^[0-9]+$/.test(text) || value < min || value > max)
    throw new UsageError(`${name} takes a whole number from ${min} to ${max}`);
  return value;
}
