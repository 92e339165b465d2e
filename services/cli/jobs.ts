import type { JobQueue } from '../adapters/job-queue.ts';
import { COMPACT_JOB, SNAPSHOT_JOB } from '../aggregator/snapshot-job.ts';
import { openJobQueue } from '../compose/adapters.ts';
import { nameReleaseJobs } from '../compose/closes.ts';
import { loadConfig } from '../shared/config.ts';
import { type Command, UsageError } from './command.ts';
import { serveCommand } from './serve.ts';

/** `jobs` runs them; `jobs list` and `jobs retry ID` look after those whose last attempt failed. */
export const jobsCommand: Command = {
  name: 'jobs',
  usage: 'jobs [list | retry ID]',
  summary: 'run the jobs on schedule; list failed ones, try one again',
  async run(args, env) {
    const [what, id] = args;
    if (what === undefined) return serveCommand('jobs', '', ['jobs']).run(args, env);
    if (what === 'list' && args.length === 1) return withQueue(env, list);
    if (what === 'retry' && id !== undefined && args.length === 2) return withQueue(env, (queue) => retry(queue, id));
    throw new UsageError('jobs takes nothing, list, or retry ID');
  },
};

async function withQueue(
  env: Readonly<Record<string, string | undefined>>,
  use: (queue: JobQueue) => Promise<number>,
): Promise<number> {
  const config = loadConfig(env);
  if (config.jobs.kind === 'memory')
    throw new UsageError('Jobs in memory belong to their process: set ROLLCALL_JOBS_URL to the Redis they are in.');
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
