import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Begins the files that take longest first, so that no worker ends on one of them while the others stand idle. The runner knows how long a
 * file takes from the run before; a fresh clone has none. The order is what counts: seconds on two quiet cores.
 */
const SECONDS: Readonly<Record<string, number>> = {};

export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const secondsOf = ({ moduleId }: TestSpecification) => SECONDS[relative(this.ctx.config.root, moduleId)] ?? 0;
    return (await super.sort(files)).sort((a, b) => secondsOf(b) - secondsOf(a));
  }
}
