import { defineConfig } from 'vitest/config';
import { PATIENCE_MS } from './test/support/patience.ts';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/support/build.ts'],
    reporters: ['default', './test/support/closing-line.ts'],
    // The embedded store allows one directory a process: each file gets a process of its own.
    pool: 'forks',
    maxWorkers: 2,
    // Tests are bounded by their work, not by the clock of a machine that may do ten other things: this only ends a hang.
    testTimeout: 20 * 60_000,
    // A stop that hangs costs less than the test.
    hookTimeout: 10 * 60_000,
    expect: { poll: { timeout: PATIENCE_MS, interval: 20 } },
  },
});
