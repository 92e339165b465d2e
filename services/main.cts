// As the first process of a container a signal without a handler is dropped: until a server takes them over, and for
// every command that is none, they end the process as they do elsewhere.
process.on('SIGTERM', () => process.exit(143));
process.on('SIGINT', () => process.exit(130));

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
