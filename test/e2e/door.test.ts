import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openFactLog } from '../../services/compose/adapters.ts';
import { whenReady } from '../../services/compose/when-ready.ts';
import { systemClock } from '../../services/shared/clock.ts';
import { loadConfig, printableConfig } from '../../services/shared/config.ts';
import { lockDirectory } from '../../services/shared/directory-lock.ts';
import type { LogFields } from '../../services/shared/log.ts';
import { temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

// What somebody meets who types a word wrong, or whose machine is not as a setting says.

/** A port of this machine that a server has. */
async function takenPort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => void server.close());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

test('a mistyped command is named, with the one that was meant; exit codes tell asking, failing and mistyping apart', async () => {
  const mistyped = await runCommand(['strat']);
  expect(mistyped).toMatchObject({ code: 2, stdout: '' });
  expect(mistyped.stderr).toContain("unknown command 'strat'\n(Did you mean start?)");
  const option = await runCommand(['keys', 'list', '--jsn']);
  expect([option.code, option.stderr]).toEqual([2, expect.stringContaining('Did you mean --json?')]);
  const nothing = await runCommand([]);
  expect([nothing.code, nothing.stderr]).toEqual([0, '']);
  for (const name of ['start', 'keys', 'catalog', 'close', 'dead-letters', 'verify', 'demo', 'inventory', 'identify'])
    expect(nothing.stdout).toMatch(new RegExp(`^ {2}${name}\\b`, 'm'));
});

test('every command has help of its own', async () => {
  const commands = [['start'], ['keys', 'create'], ['release'], ['verify'], ['inventory'], ['demo'], ['jobs', 'retry']];
  const all = await Promise.all(commands.map((words) => runCommand([...words, '--help'])));
  for (const [i, said] of all.entries())
    expect(said).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining(`Usage: rollcall ${commands[i]?.join(' ')}`),
    });
});

test('a busy port is found by its number, before a data directory is made', async () => {
  const [port, directory] = [await takenPort(), join(temporaryDirectory(), 'data')];
  const said = await runCommand(['start'], { PORT: String(port), ROLLCALL_DATA_DIR: directory });
  expect(said.code).toBe(1);
  expect(said.stderr).toContain('port-in-use');
  expect(said.stderr).toContain(`PORT ${port}`);
  expect(existsSync(directory)).toBe(false);
});

test('a HOST that is none is named with its setting', async () => {
  const directory = join(temporaryDirectory(), 'data');
  for (const HOST of ['203.0.113.9', 'no-such-host.invalid']) {
    const said = await runCommand(['start'], { PORT: '0', HOST, ROLLCALL_DATA_DIR: directory });
    expect([HOST, said.code]).toEqual([HOST, 1]);
    expect(said.stderr).toContain(`HOST ${HOST}`);
  }
  expect(existsSync(directory)).toBe(false);
});

test('a file where the data directory should be is named, with its setting', async () => {
  const path = join(temporaryDirectory(), 'data');
  writeFileSync(path, '');
  const said = await runCommand(['start'], { PORT: '0', ROLLCALL_DATA_DIR: path });
  expect(said.code).toBe(1);
  expect(said.stderr).toContain(`data-directory-unusable`);
  expect(said.stderr).toContain(`ROLLCALL_DATA_DIR ${path}, cause EEXIST`);
});

test('a directory without rights is named, with its setting', () => {
  const parent = join(temporaryDirectory(), 'locked');
  mkdirSync(parent, { mode: 0o500 });
  const root = process.geteuid?.() === 0;
  // Root may write everywhere.
  if (root) process.seteuid?.(65_534);
  try {
    expect(() => lockDirectory(join(parent, 'data'))).toThrow(
      expect.objectContaining({
        code: 'data-directory-unusable',
        detail: expect.objectContaining({
          ROLLCALL_DATA_DIR: join(parent, 'data'),
          cause: 'EACCES',
          // The outermost that is shut: of a directory of somebody else's nothing within can be seen.
          remedy: expect.stringMatching(/^chown -R \d+:\d+ \S*\/rollcall-test-\w+(\/locked)?$/),
        }),
      }),
    );
  } finally {
    if (root) process.seteuid?.(0);
  }
});

test('an agreement that is not there and one that is no JSON are told apart, by path', async () => {
  const directory = temporaryDirectory();
  const file = join(directory, 'agreement.json');
  writeFileSync(file, '{');
  const env = { ROLLCALL_ADMIN_KEY: 'a-key-of-nobody-at-all' };
  const [missing, broken] = await Promise.all(
    [join(directory, 'none.json'), file].map((path) => runCommand(['agreements', 'put', path], env)),
  );
  expect([missing?.code, missing?.stderr]).toEqual([2, `${join(directory, 'none.json')}: there is no such file.\n`]);
  expect([broken?.code, broken?.stderr]).toEqual([2, `${file} is not JSON.\n`]);
});

test('a broker that is not there is named with its cause, again and again, until it answers', async () => {
  const env = { ROLLCALL_LOG_URL: 'kafka://127.0.0.1:1' };
  const config = loadConfig({ ROLLCALL_LOG_URL: 'kafka://127.0.0.1:1' });
  const log = await openFactLog(config.log, systemClock);
  onTestFinished(() => log.close());
  const said: string[] = [];
  const note = (event: string, fields?: LogFields) => void said.push(`${event} ${JSON.stringify(fields ?? {})}`);
  let asked = 0;
  // The third time it answers.
  const check = { name: 'log', check: () => (++asked < 3 ? log.check() : Promise.resolve()) };
  const journal = { info: note, warn: note, error: note };
  const waiting = {
    served: { url: 'http://127.0.0.1:8080', metrics: 'off' },
    journal,
    env: printableConfig(env),
    signal: new AbortController().signal,
  };
  await whenReady({ checks: [check] }, { ...waiting, againMs: 1 });
  expect(said).toHaveLength(4);
  expect(said[0]).toContain('listening, not ready');
  for (const line of said.slice(1, 3)) {
    expect(line).toContain('the log does not answer: trying again');
    expect(line).toContain('"setting":"ROLLCALL_LOG_URL","at":"kafka://127.0.0.1:1"');
    expect(line).toMatch(/"failure":"log-unavailable","cause":"\w+/);
  }
  expect(said[3]).toBe('ready {"url":"http://127.0.0.1:8080","metrics":"off"}');
});
