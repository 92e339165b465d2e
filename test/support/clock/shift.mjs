// Loaded before a process of ours (--import): its JavaScript clock is ahead by the seconds in the file CLOCK_FILE, which is
// read again as it changes. The system's own clocks are left alone, as they are where only the wall clock is wrong.
import { readFileSync } from 'node:fs';

const SystemDate = Date;
let [ahead, read] = [0, Number.NEGATIVE_INFINITY];

function now() {
  if (performance.now() - read > 50) {
    read = performance.now();
    try {
      ahead = Number(readFileSync(process.env.CLOCK_FILE, 'utf8')) * 1_000 || 0;
    } catch {
      // Out of descriptors, as other faults want it: the clock goes on as it went.
    }
  }
  return SystemDate.now() + ahead;
}

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, args) => (args.length === 0 ? new target(now()) : new target(...args)),
  apply: () => new SystemDate(now()).toString(),
  get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)),
});
