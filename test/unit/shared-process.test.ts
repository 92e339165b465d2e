import { expect, test } from 'vitest';
import { sharesProcess } from '../support/suites/shared-process.ts';

test.each([
  "vi.mock('node:crypto');",
  "vi.spyOn(console, 'log');",
  'vi.useFakeTimers();',
  "process.env.HOME = '/';",
  "process.chdir('/');",
  "process.on('exit', () => {});",
  'Object.assign(globalThis, { fetch: () => {} });',
  "setFlagsFromString('--expose-gc');",
  'const embedded = await openEmbeddedStore();',
  "import { spawn } from 'node:child_process';",
  "import { startRollcall } from '../support/rollcall-process.ts';",
  "createServer().listen(0, '127.0.0.1');",
])('a file that has %s has a process of its own', (line) => {
  expect(sharesProcess(`import { test } from 'vitest';\n${line}\n`)).toBe(false);
});

test('a file that only asks and compares shares one', () => {
  expect(sharesProcess("test('a sum', () => expect(1 + 1).toBe(2)); process.stdout.write('table');")).toBe(true);
});
