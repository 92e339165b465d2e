import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Begins the files that take longest first, so that no worker ends on one of them while the others stand idle. The runner knows how long a
 * file takes from the run before; a fresh clone has none. The order is what counts: seconds on two quiet cores.
 */
const SECONDS: Readonly<Record<string, number>> = {
  'test/e2e/distributed.test.ts': 212,
  'test/contract/fact-log.kafka.test.ts': 196,
  'test/browser/console-real.test.ts': 156,
  'test/contract/count-store.http.test.ts': 147,
  'test/e2e/distributed-close.test.ts': 129,
  'test/property/release-attacks.test.ts': 100,
  'test/service/close.test.ts': 73,
  'test/fault/kafka.test.ts': 70,
  'test/browser/console-pages.test.ts': 68,
  'test/browser/console-states.test.ts': 63,
  'test/contract/count-store.chdb.test.ts': 60,
  'test/e2e/catalog.test.ts': 54,
  'test/fault/close-kill.test.ts': 52,
  'test/agent/package.test.ts': 51,
  'test/service/close-review.test.ts': 49,
  'test/property/release-sensitivity.test.ts': 45,
  'test/property/re-join.test.ts': 45,
  'test/property/re-join-slots.test.ts': 45,
  'test/property/provisional-guard.property.test.ts': 45,
  'test/property/re-join-limits.test.ts': 41,
  'test/e2e/start.test.ts': 40,
  'test/property/deliveries.property.test.ts': 35,
  'test/fault/nemesis.test.ts': 35,
  'test/service/close-disk.test.ts': 30,
  'test/property/api-threshold.property.test.ts': 30,
  'test/e2e/upgrade.test.ts': 30,
};

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId }: TestSpecification) => SECONDS[relative(this.ctx.config.root, moduleId)] ?? 0;
    return (await super.sort(files)).sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}
