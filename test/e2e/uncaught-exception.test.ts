import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { packageRoot } from '../../services/shared/package-root.ts';

const moduleUrl = (name: string) => pathToFileURL(join(packageRoot(), 'dist', 'services', 'shared', name)).href;

/** Runs a statement in a process of its own and gives what it wrote and how it ended. */
function outputOf(statement: string, guarded: boolean): { output: string; code: number | null } {
  const guard = `
    const { exitOnUncaughtException } = await import('${moduleUrl('uncaught-exception.js')}');
    const { openLog } = await import('${moduleUrl('log.js')}');
    exitOnUncaughtException(openLog('test'));`;
  const program = `${guarded ? guard : ''}\n${statement}`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' });
  return { output: ended.stdout + ended.stderr, code: ended.status };
}

const DEFECTS = {
  'a throw':
    "setTimeout(() => { throw new Error(['CAN', 'ARY'].join('')); }, 1); await new Promise((r) => setTimeout(r, 500));",
  'a rejection': "Promise.reject(new Error(['CAN', 'ARY'].join(''))); await new Promise((r) => setTimeout(r, 500));",
};

test.each(Object.entries(DEFECTS))('%s that nobody caught ends the process without its message', (_name, statement) => {
  const { output, code } = outputOf(statement, true);
  expect(code).toBe(1);
  expect(output).toContain('a defect ends this process');
  expect(output).not.toContain('CANARY');
  // Without the guard it is printed: this is what the guard is for.
  expect(outputOf(statement, false).output).toContain('CANARY');
});
