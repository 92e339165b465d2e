import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configDefaults, defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.ts';
import LongestFirst from './test/support/suites/longest-first.ts';
import { sharesProcess } from './test/support/suites/shared-process.ts';

const OF_EACH = {
  // The embedded store allows one directory a process: each file gets a process of its own.
  pool: 'forks',
  // Tests are bounded by their work, not by the clock of a machine that may do ten other things: this only ends a hang.
  testTimeout: 20 * 60_000,
  // A stop that hangs costs less than the test.
  hookTimeout: 10 * 60_000,
  expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
} as const;

/** Unit tests that leave nothing behind: together they pay for what they import once. In `npm run test:whole` each is alone. */
const TOGETHER = readdirSync(join(import.meta.dirname, 'test', 'unit'))
  .map((name) => `test/unit/${name}`)
  .filter((path) => sharesProcess(readFileSync(join(import.meta.dirname, path), 'utf8')));

/** Tests of several processes or of a browser. A property or a rule is never tried twice: its second cases may be kinder. */
const WITH_OTHERS = ['agent', 'browser', 'client', 'contract', 'e2e', 'fault'].map(
  (room) => `test/${room}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    globalSetup: ['test/support/build.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...OF_EACH,
          name: 'apart',
          include: ['test/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ...TOGETHER, ...WITH_OTHERS],
        },
      },
      {
        test: {
          ...OF_EACH,
          name: 'processes',
          include: WITH_OTHERS,
          // Once more, and the run says so: what several programs do on a machine that has much else to do is not decided by one of them.
          retry: 1,
        },
      },
      {
        test: {
          ...OF_EACH,
          name: 'together',
          include: TOGETHER,
          isolate: process.env.ROLLCALL_TEST_SHARE === '1',
        },
      },
    ],
  },
});
