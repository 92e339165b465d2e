import type { JobQueue } from '../adapters/job-queue.ts';
import { loadConfig } from '../shared/config.ts';
import { type AddCommand, does, type Env, UsageError } from './command.ts';

/** `jobs` runs them; `jobs list` and `jobs retry ID` look after those whose last attempt failed. */
export const addJobs: AddCommand = (program, env) => {
  const jobs = program.command('jobs').description('run the jobs on schedule; list failed ones, try one again');
  jobs.action(
    does(async () => {
      const { serve } = await import('./server.ts');
      return serve('jobs', ['jobs'], env);
    }),
  );
  jobs
    .command('list')
    .description('jobs whose last attempt failed, one JSON object a line')
    .action(does(() => withQueue(env, list)));
  jobs
    .command('retry')
    .description('try a failed job again')
    .argument('<id>')
    .action(does((id: string) => withQueue(env, (queue) => retry(queue, id))));
};

async function withQueue(env: Env, use: (queue: JobQueue) => Promise<number>): Promise<number> {
  const config = loadConfig(env);
  if (config.jobs.kind === 'memory')
    throw new UsageError('Jobs in memory belong to their process: set ROLLCALL_JOBS_URL to the Redis they are in.');
  const [{ openJobQueue }, { nameReleaseJobs }, { COMPACT_JOB, SNAPSHOT_JOB }] = await Promise.all([
    import('../compose/adapters.ts'),
    import('../compose/closes.ts'),
    import('../aggregator/snapshot-job.ts'),
  ]);
  const queue = await openJobQueue(config.jobs);
  try {
    // Not started: this process runs none, it only has to know their names.
    for (const name of [SNAPSHOT_JOB, COMPACT_JOB])
      queue.handle(name, () => Promise.resolve(), { attempts: 1, backoffMs: 1_000 });
    nameReleaseJobs(queue);
    return await use(queue);
  } finally {
    await queue.close();
  }
}

async function list(queue: JobQueue): Promise<number> {
  for (const job of await queue.failed()) process.stdout.write(`${JSON.stringify(job)}\n`);
  return 0;
}

async function retry(queue: JobQueue, id: string): Promise<number> {
  if (await queue.retry(id)) return 0;
  process.stderr.write('There is no failed job of that id.\n');
  return 1;
}
