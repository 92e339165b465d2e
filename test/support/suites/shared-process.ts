/**
 * What a test file does that the next one in the same process could notice, or that notices the one before: mocks, spies and
 * clocks of the runner, the process and its environment, what is global, a process or server of its own, and the embedded store, of which
 * one process has one.
 */
const OF_THE_PROCESS =
  /\bvi\.|\bprocess\.(?!stdout\.write|execPath|cwd\(\)|version)|\bglobalThis\b|\bsetFlagsFromString\b|\bopenEmbedded|\bstartClickHouse|\bchild_process\b|rollcall-process|\blisten\(/;

/** Whether a file's tests may run in one process with those of other files: it costs a start and every import less. */
export function sharesProcess(text: string): boolean {
  return !OF_THE_PROCESS.test(text);
}
