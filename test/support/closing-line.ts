import type { Reporter, TestCase, TestModule } from 'vitest/node';

/**
 * Ends a run with what passed only when it was tried again and how it failed before, what was skipped, why, and the plain line `N passed, N failed, N skipped`. With CI=true a skip is a
 * failure: a machine that runs everything must have everything.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const count = (state: string) => tests.filter((test) => test.result().state === state).length;
    const broken = modules.filter((module) => module.errors().length > 0).length;
    const skipped = tests.filter((test) => test.result().state === 'skipped');
    for (const test of tests) if (test.diagnostic()?.flaky) process.stdout.write(`${secondTry(test)}\n`);
    for (const [reason, names] of reasonsOf(skipped)) process.stdout.write(`skipped ${names} tests: ${reason}\n`);
    process.stdout.write(`${count('passed')} passed, ${count('failed') + broken} failed, ${skipped.length} skipped\n`);
    if (process.env.CI === 'true' && skipped.length > 0) process.exitCode = 1;
  }
}

function secondTry(test: TestCase): string {
  const failures = (test.result().errors ?? []).map(({ message }) => message.split('\n')[0]);
  return `at the second try only: ${test.module.relativeModuleId}: ${test.fullName}: ${failures.join('; ')}`;
}

function reasonsOf(skipped: readonly TestCase[]): Map<string, number> {
  const reasons = new Map<string, number>();
  for (const test of skipped) {
    const result = test.result();
    // A suite that cannot run here has the reason for its name.
    const reason = (result.state === 'skipped' && result.note) || test.fullName.split(' > ')[0] || '';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  return reasons;
}
