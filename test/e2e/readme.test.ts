import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { agentBundle } from '../support/agent-bundle.ts';
import { type Counts, eventually, get, post, reportOf } from '../support/client.ts';
import { ADMIN_KEY, type RollcallProcess, spawnRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { temporaryHome } from '../support/temporary-home.ts';

// Whoever reads the README types what it says: so does this test, word for word but for the address of the server.

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const README = readFileSync(join(ROOT, 'README.md'), 'utf8');
const LINES = [...README.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'));
const MODELS = ['SIP-T46S', 'SIP-T42S', 'SIP-T48S'];

/** Lines that tests of their own run: the demo's, a release's, and this suite itself. */
const ELSEWHERE =
  /^(npm install && npm (run demo|test)|npm start|npm run agent:build .*|node verify\.mjs|openssl .*|grep .*)$/;

let server: RollcallProcess;
const home = temporaryHome();

beforeAll(async () => {
  server = await spawnRollcall(home.path, { ROLLCALL_SNAPSHOT_SECONDS: '1', ROLLCALL_PROVISIONAL: 'exact' }, 'start');
  for (let site = 0; site < 12; site++) {
    const devices = MODELS.map((model) => ({ category: 'phone' as const, vendor: 'Yealink', model, count: 3 }));
    expect((await post(server.url, reportOf({ devices }))).status).toBe(202);
  }
  const counts = () => get<Counts>(server.url, '/v1/counts?view=model&category=phone');
  await eventually(counts, ({ rows }) => rows.length === MODELS.length && rows.every(({ sites }) => sites === 12));
});

afterAll(async () => {
  await server?.end('SIGKILL');
  home.remove();
});

/** What the line says when it is typed into a shell in the project's folder. */
async function typed(
  line: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; out: string; all: string }> {
  const own = { PATH: process.env.PATH, ROLLCALL_ADMIN_KEY: ADMIN_KEY, PORT: new URL(server.url).port };
  const child = spawn('bash', ['-c', line], { cwd: ROOT, env: { ...own, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, all] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    all += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => (all += chunk.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, out, all })));
}

test('the lines for owners: the agent shows its report, sends it, takes it back', async () => {
  await agentBundle();
  const directory = temporaryDirectory();
  const config = join(directory, 'state.json');
  const lines = LINES.filter((line) => line.startsWith('node dist/rollcall-agent.cjs'));
  expect(lines.map((line) => line.split(/\s+/)[2])).toEqual(['preview', 'enable', 'disable']);
  for (const line of lines) {
    const here = line.replace(/#.*$/, '').replace('https://census.example.org/', server.url);
    const said = await typed(`${here.trimEnd()} --state ${config} --yes`, { HOME: directory });
    expect([line, said.code, said.all]).toEqual([line, 0, said.all]);
    if (line.includes('preview')) expect(JSON.parse(said.out)).toMatchObject({ schema: 'rollcall.report/1' });
  }
});

test('every line of the README is run here or by a test of its own', () => {
  const left = LINES.filter((line) => !ELSEWHERE.test(line) && !line.startsWith('node dist/rollcall-agent.cjs'));
  expect(left).toEqual([]);
  expect(LINES.length).toBeGreaterThan(8);
});

test('its commands for keys and the audit', async () => {
  const made = await typed('npm run --silent rollcall -- keys create --owner NAME --scope reader');
  expect(README).toContain('`npm run --silent rollcall -- keys create --owner NAME --scope reader`');
  expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^rc_\S+\n$/) });
  const id = made.out.split('_')[1] ?? '';
  expect(README).toContain('(`keys list`, `keys revoke ID`)');
  const listed = await typed('npm run --silent rollcall -- keys list');
  expect(listed.out).toContain(id);
  // The first command may have compiled the program: the next ones find it as it is.
  expect(listed.all).not.toContain('compiled');
  expect((await typed(`npm run --silent rollcall -- keys revoke ${id}`)).code).toBe(0);
  expect(README).toContain('`rollcall audit list | verify`');
  expect((await typed('npm run --silent rollcall -- audit list')).out).toContain(`key.revoked\t${id}`);
  expect(await typed('npm run --silent rollcall -- audit verify')).toMatchObject({
    code: 0,
    all: expect.not.stringContaining('compiled'),
  });
});

test('its table of requests: each that reads is answered, and a list of counts has as many rows as CSV as it says', async () => {
  const [, section = ''] = /^## Reading the counts\n([\s\S]*?)^## /m.exec(README) ?? [];
  const cells = section.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split('|')[1] ?? ''] : []));
  const paths = cells.flatMap((cell) => [...cell.matchAll(/(?<!POST |127\S*)(?<=[` ])(\/[a-z][^`\s]*)/g)]);
  const month = new Date().toISOString().slice(0, 7);
  const asked: [string, number][] = [];
  for (const [, path = ''] of paths) {
    // A release wants a closed month, the public page one that is switched on.
    if (path.includes('/PARTY/') || path.includes('public')) continue;
    const filled = path.replace('MONTH', month).replace(/\?q=$/, '?q=yea');
    const authorization = `Bearer ${ADMIN_KEY}`;
    asked.push([filled, (await fetch(server.url + filled, { headers: { authorization } })).status]);
  }
  expect(asked.length).toBeGreaterThan(18);
  // A trend, movers and a comparison want to be told of what: the answer names the parameter.
  const wanting = ['/v1/trend', '/v1/movers', '/v1/compare'];
  expect(asked.filter(([path, status]) => status !== 200 && !wanting.includes(path))).toEqual([]);

  const headers = { authorization: `Bearer ${ADMIN_KEY}` };
  const csv = await fetch(`${server.url}/v1/counts?view=model&category=phone&format=csv`, { headers });
  expect(csv.headers.get('content-disposition')).toContain(`rollcall-${month}-model-phone.csv`);
  const [head = '', ...lines] = (await csv.text()).trimEnd().split(/\r?\n/);
  expect(lines).toHaveLength(MODELS.length);
  for (const column of ['sites', 'devices', 'provisional', 'threshold']) expect(head).toContain(column);
});
