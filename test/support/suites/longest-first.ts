import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Begins the files that take longest first, so that no worker ends on one of them while the others stand idle. The runner knows how long a
 * file takes from the run before; a fresh clone has none. The order is what counts: about the seconds on two quiet cores, from a run
 * of 2026-11-27 beside other work.
 */
const SECONDS: Readonly<Record<string, number>> = {
  'test/contract/fact-log.kafka.test.ts': 227,
  'test/browser/console-real.test.ts': 185,
  'test/e2e/distributed.test.ts': 162,
  'test/property/release-attacks.test.ts': 130,
  'test/contract/count-store.http.test.ts': 130,
  'test/e2e/distributed-close.test.ts': 89,
  'test/contract/count-store.chdb.test.ts': 86,
  'test/browser/console-pages.test.ts': 70,
  'test/browser/console-states.test.ts': 66,
  'test/e2e/catalog.test.ts': 59,
  'test/fault/close-kill.test.ts': 52,
  'test/fault/kafka.test.ts': 49,
  'test/property/release-sensitivity.test.ts': 42,
  'test/property/re-join-slots.test.ts': 39,
  'test/agent/package.test.ts': 38,
  'test/service/close.test.ts': 35,
  'test/e2e/start.test.ts': 35,
  'test/e2e/access.test.ts': 30,
  'test/service/close-review.test.ts': 27,
  'test/property/re-join.test.ts': 26,
  'test/fault/kill.test.ts': 24,
  'test/browser/console-explore.test.ts': 24,
  'test/e2e/upgrade.test.ts': 23,
  'test/fault/clock.test.ts': 21,
  'test/property/re-join-limits.test.ts': 20,
  'test/service/close-disk.test.ts': 20,
  'test/property/api-threshold.property.test.ts': 19,
  'test/fault/store-parts.test.ts': 19,
  'test/service/sealed-lane.test.ts': 18,
  'test/property/re-join-one-copy.test.ts': 18,
  'test/e2e/demo.test.ts': 17,
  'test/agent/binary.test.ts': 16,
  'test/fault/redis.test.ts': 16,
  'test/e2e/process-memory.test.ts': 15,
  'test/unit/release-verify.test.ts': 15,
  'test/fault/nemesis.test.ts': 15,
};

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId }: TestSpecification) => SECONDS[relative(this.ctx.config.root, moduleId)] ?? 0;
    return (await super.sort(files)).sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}
