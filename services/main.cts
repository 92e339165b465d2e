// The thread pool's size is read once, before any module is loaded: the embedded store holds a thread for each call in
// flight, and the log's flushes must not wait behind them.
process.env.UV_THREADPOOL_SIZE ??= '16';
import('./cli/rollcall.js').then(
  ({ main }) => main(process.argv.slice(2)),
  (thrown: unknown) => {
    process.stderr.write(`${thrown instanceof Error ? thrown.message : 'failed to load'}\n`);
    process.exitCode = 1;
  },
);
