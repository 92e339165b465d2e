// As the first process of a container a signal without a handler is dropped: while nobody else listens, and when somebody
// has listened once, they end the process as they do elsewhere. Never taken off: one that waits to be told would be lost.
for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)
  process.on(signal, () => {
    if (process.listenerCount(signal) === 1) process.exit(code);
  });

// Loading takes more files at once than such a limit allows, and Node takes a file that it may not open for one that is not there.
const LEAST_FILES = 256;
const allowed = openFilesAllowed();
if (allowed < LEAST_FILES) {
  process.stderr.write(
    `too-few-files: this process may open ${allowed} files and connections; it takes ${LEAST_FILES} or more (ulimit -n, LimitNOFILE=, --ulimit nofile=)\n`,
  );
  process.exit(1);
}

/** As Linux says it; where nothing says it, nothing is refused. */
function openFilesAllowed(): number {
  try {
    const limits = process.getBuiltinModule('node:fs').readFileSync('/proc/self/limits', 'utf8');
    return Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

// The thread pool's size is read once, before any module is loaded: the embedded store holds a thread for each call in
// flight, and the log's flushes must not wait behind them.
process.env.UV_THREADPOOL_SIZE ??= '16';
loadProgram().then(
  ({ main }) => main(process.argv.slice(2)),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : 'failed to load'}\n`);
    process.exitCode = 1;
  },
);

/** The few files that the build made (see cli/build), unless something was compiled after them; else the modules themselves. */
async function loadProgram(): Promise<{ main(args: readonly string[]): Promise<void> }> {
  const { statSync } = process.getBuiltinModule('node:fs');
  const timeOf = (name: string) => statSync(`${__dirname}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const compiled = Math.max(...['../.build.tsbuildinfo', '../.tools.tsbuildinfo'].map(timeOf));
  const made = timeOf('program/rollcall.cjs');
  return made > 0 && made >= compiled ? require('./program/rollcall.cjs') : import('./cli/rollcall.js');
}
