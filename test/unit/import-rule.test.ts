import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { importViolations, readTree } from '../support/import-rule.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** The reasons for which a made-up tree of one or more files is refused. */
function reasons(files: Record<string, string>): string[] {
  return importViolations(new Map(Object.entries(files))).map(({ reason }) => reason);
}
const importing = (file: string, specifier: string) => reasons({ [file]: `import { x } from '${specifier}';\n` });

describe('the product', () => {
  const tree = readTree(ROOT);

  test('keeps the import rule, and reads time, chance and environment in their one place', () => {
    expect(importViolations(tree)).toEqual([]);
  });

  test('is what was read: schemas and services, with imports in them', () => {
    for (const file of ['schemas/report.ts', 'services/ports/log-writer.ts', 'services/ingest/ingest-one.ts'])
      expect(tree.has(file), file).toBe(true);
  });

  test('would be refused if one of its own files broke the rule', () => {
    for (const [file, line, reason] of [
      [
        'services/ingest/mixer.ts',
        "import '../aggregator/aggregator.ts';",
        'service ingest imports service aggregator',
      ],
      ['services/ingest/mixer.ts', "import '../adapters/lmdb/lmdb-fact-log.ts';", 'service ingest imports adapters'],
      ['schemas/report.ts', "export * from '../services/ports/log-writer.ts';", 'schemas imports ports'],
      ['services/core/period.ts', 'const now = Date.now();', 'reads the clock'],
      ['services/ports/log-writer.ts', 'export const MOST = 3;', 'is more than a type, in a port'],
    ] as const) {
      const broken = new Map(tree).set(file, `${tree.get(file)}\n${line}\n`);
      const known = importViolations(tree).map(({ file, reason }) => `${file} ${reason}`);
      const found = importViolations(broken).map(({ file, reason }) => `${file} ${reason}`);
      expect(found.filter((violation) => !known.includes(violation))).toEqual([`${file} ${reason}`]);
    }
  });
});

describe('is allowed', () => {
  test.each([
    ['schemas/report.ts', './policy.ts'],
    ['schemas/report.ts', 'zod'],
    ['schemas/report.ts', 'zod/mini'],
    ['services/identify/catalogue.ts', '../../schemas/report.ts'],
    ['services/identify/catalogue.ts', './identity.ts'],
    ['services/ports/fact-log.ts', '../../schemas/period.ts'],
    ['services/ports/count-store.ts', '../identify/identity.ts'],
    ['services/adapters/kafka/kafka.ts', '../../ports/fact-log.ts'],
    ['services/adapters/kafka/kafka.ts', '../../shared/failure.ts'],
    ['services/adapters/kafka/kafka.ts', '../../../schemas/period.ts'],
    ['services/adapters/kafka/kafka.ts', '../lmdb/record.ts'],
    ['services/adapters/kafka/kafka.ts', 'kafkajs'],
    ['services/shared/config.ts', '../../schemas/cube.ts'],
    ['services/core/views.ts', '../../schemas/fact.ts'],
    ['services/http/server.ts', '../shared/failure.ts'],
    ['services/api/counts/counts.ts', '../../http/route.ts'],
    ['services/shared/catalogue.ts', '../identify/identity.ts'],
    ['services/ingest/mixer.ts', '../ports/fact-log.ts'],
    ['services/ingest/mixer.ts', '../shared/failure.ts'],
    ['services/ingest/mixer.ts', '../identify/identity.ts'],
    ['services/ingest/mixer.ts', '../../schemas/fact.ts'],
    ['services/ingest/mixer.ts', './deep/er.ts'],
    ['services/ingest/deep/er.ts', '../mixer.ts'],
    ['services/agent/collectors/cpu.ts', '../../shared/clock.ts'],
    ['services/simulator/fleet.ts', '../identify/identity.ts'],
    ['services/compose/start.ts', '../adapters/lmdb/lmdb-fact-log.ts'],
    ['services/compose/demo.ts', '../simulator/fleet.ts'],
    ['services/cli/rollcall.ts', '../compose/start.ts'],
    ['services/compose/ingest.ts', '../ingest/routes.ts'],
    ['services/main.cts', './cli/rollcall.js'],
    ['services/main.cts', './program/rollcall.cjs'],
    ['services/cli/rollcall.ts', './serve.ts'],
    ['services/cli/serve.ts', '../compose/start.ts'],
    ['services/cli/demo/run-demo.ts', '../../simulator/simulate.ts'],
    ['services/compose/console.ts', '../console/serve/serve-console.ts'],
    ['services/console/serve/serve-console.ts', '../../http/server.ts'],
    ['services/console/app/pages/check.tsx', '../lib/verify.ts'],
    ['services/console/app/pages/check.tsx', 'preact/hooks'],
  ])('that %s imports %s', (file, specifier) => {
    expect(importing(file, specifier)).toEqual([]);
  });
});

test('what runs in a browser takes types from schemas, and no schema', () => {
  const file = 'services/console/app/lib/answers.ts';
  const from = "from '../../../../schemas/period.ts';\n";
  expect(reasons({ [file]: `import type { Period } ${from}` })).toEqual([]);
  expect(reasons({ [file]: `import { Period } ${from}` })).toEqual(['console app imports more than types of schemas']);
});

describe('is refused', () => {
  test.each([
    ['services/console/app/lib/api.ts', '../../../http/route.ts', 'console app imports http'],
    ['services/console/app/lib/api.ts', '../../serve/privacy-page.ts', 'console app imports service console'],
    ['services/console/serve/serve-console.ts', '../../api/all-routes.ts', 'service console imports service api'],
    ['schemas/report.ts', '../services/identify/identity.ts', 'schemas imports identify'],
    ['schemas/report.ts', '../services/shared/failure.ts', 'schemas imports shared'],
    ['schemas/report.ts', '../services/core/period.ts', 'schemas imports core'],
    ['services/core/period.ts', '../identify/identity.ts', 'core imports identify'],
    ['services/core/period.ts', '../shared/clock.ts', 'core imports shared'],
    ['services/shared/failure.ts', '../http/server.ts', 'shared imports http'],
    ['services/adapters/kafka/kafka.ts', '../../http/server.ts', 'adapters imports http'],
    ['schemas/catalog/load.ts', '../../services/ingest/mixer.ts', 'schemas imports service ingest'],
    ['schemas/report.ts', 'fastify', 'schemas imports a package other than zod'],
    ['schemas/report.ts', 'node:fs', 'schemas imports a module of Node other than zod'],
    ['schemas/report.ts', 'fs', 'schemas imports a module of Node other than zod'],
    ['services/identify/guard.ts', '../ports/fact-log.ts', 'identify imports ports'],
    ['services/identify/guard.ts', '../shared/failure.ts', 'identify imports shared'],
    ['services/identify/guard.ts', '../ingest/mixer.ts', 'identify imports service ingest'],
    ['services/ports/fact-log.ts', '../adapters/lmdb/record.ts', 'ports imports adapters'],
    ['services/ports/fact-log.ts', '../ingest/mixer.ts', 'ports imports service ingest'],
    ['services/adapters/lmdb/record.ts', '../../ingest/fact-line.ts', 'adapters imports service ingest'],
    ['services/adapters/lmdb/record.ts', '../../compose/start.ts', 'adapters imports composition'],
    ['services/http/server.ts', '../ports/fact-log.ts', 'http imports ports'],
    ['services/http/server.ts', '../ingest/refused.ts', 'http imports service ingest'],
    ['services/http/server.ts', '../adapters/clickhouse/client/open-server.ts', 'http imports adapters'],
    ['services/ingest/mixer.ts', '../aggregator/aggregator.ts', 'service ingest imports service aggregator'],
    ['services/ingest/mixer.ts', '../agent/report.ts', 'service ingest imports service agent'],
    ['services/ingest/mixer.ts', '../adapters/lmdb/lmdb-fact-log.ts', 'service ingest imports adapters'],
    ['services/ingest/mixer.ts', '../compose/start.ts', 'service ingest imports composition'],
    ['services/ingest/mixer.ts', '../cli/rollcall.ts', 'service ingest imports composition'],
    ['services/ingest/mixer.ts', '../cli/serve.ts', 'service ingest imports composition'],
    ['services/ingest/deep/er.ts', '../../api/all-routes.ts', 'service ingest imports service api'],
    ['services/agent/send.ts', '../ports/fact-log.ts', 'service agent imports ports'],
    ['services/agent/send.ts', '../ingest/routes.ts', 'service agent imports service ingest'],
    ['services/simulator/fleet.ts', '../ports/fact-log.ts', 'service simulator imports ports'],
    ['services/simulator/fleet.ts', '../agent/report.ts', 'service simulator imports service agent'],
    ['services/main.cts', './ingest/routes.js', 'main imports service ingest'],
    ['services/main.cts', './adapters/clickhouse/client/open-server.js', 'main imports adapters'],
    ['services/newcomer/x.ts', '../ingest/mixer.ts', 'service newcomer imports service ingest'],
    [
      'services/ingest/mixer.ts',
      '../../test/support/build.ts',
      'imports test/support/build.ts, which is no part of the product',
    ],
    ['services/cli/rollcall.ts', '../../bench/ingest.ts', 'imports bench/ingest.ts, which is no part of the product'],
    [
      'services/ingest/mixer.ts',
      '../../../elsewhere/x.ts',
      'imports ../elsewhere/x.ts, which is no part of the product',
    ],
    ['services/ingest/mixer.ts', '/opt/rollcall/services/api/x.ts', 'imports by an address that is no relative path'],
    ['services/ingest/mixer.ts', '#adapters', 'imports by an address that is no relative path'],
  ])('that %s imports %s', (file, specifier, reason) => {
    expect(importing(file, specifier)).toEqual([reason]);
  });

  test('a file that belongs to no part', () => {
    expect(reasons({ 'services/helpers.ts': '' })).toEqual(['belongs to no part of the product']);
  });

  test.each([
    ["import { a } from '../api/x.ts';"],
    ['import { a } from "../api/x.ts"'],
    ["import a from '../api/x.ts';"],
    ["import * as a from '../api/x.ts';"],
    ["import '../api/x.ts';"],
    ["import type { A } from '../api/x.ts';"],
    ["import a, { type B } from '../api/x.ts';"],
    ["import{a}from'../api/x.ts'"],
    ["import {\n  a,\n  b,\n} from '../api/x.ts';"],
    ["import { a } from '../api/x.ts' with { type: 'json' };"],
    ["export { a } from '../api/x.ts';"],
    ["export * from '../api/x.ts';"],
    ["export type { A } from '../api/x.ts';"],
    ["const a = await import('../api/x.ts');"],
    ["const a = await import(\n  '../api/x.ts'\n);"],
    ['const a = await import(`../api/x.ts`);'],
    ["type A = import('../api/x.ts').A;"],
    ["const a = require('../api/x.ts');"],
    ["const a = 1; /* it's */ import b from '../api/x.ts';"],
    ["const quote = /['\"]/;\nimport b from '../api/x.ts';"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a made-up file
    ["const text = `${`it's ${1}`} \\` {`;\nimport b from '../api/x.ts';"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a made-up file
    ["const text = `${await import('../api/x.ts')}`;"],
  ])('in whatever form it is written: %s', (text) => {
    expect(reasons({ 'services/ingest/x.ts': text })).toEqual(['service ingest imports service api']);
  });

  test('an import of what is only known at run time', () => {
    const dynamic = 'imports what is only known at run time';
    expect(reasons({ 'services/ingest/x.ts': 'await import(name);' })).toEqual([dynamic]);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a made-up file
    expect(reasons({ 'services/ingest/x.ts': 'await import(`../${name}.ts`);' })).toEqual([dynamic]);
  });

  test('with its file and line', () => {
    const text = "/* one\ntwo */\nimport '../ports/fact-log.ts';\n\nimport '../api/x.ts';\nconst at = Date.now();\n";
    expect(importViolations(new Map([['services/ingest/x.ts', text]]))).toEqual([
      { file: 'services/ingest/x.ts', line: 5, reason: 'service ingest imports service api' },
      { file: 'services/ingest/x.ts', line: 6, reason: 'reads the clock' },
    ]);
  });
});

describe('not taken for an import', () => {
  test.each([
    ["// import '../api/x.ts';"],
    ["/* import '../api/x.ts'; */"],
    ["/** Ends like {@link import('../api/x.ts')}. */"],
    ['const text = "import \'../api/x.ts\'";'],
    ['const text = \'export * from "../api/x.ts"\';'],
    ["const text = `import '../api/x.ts';`;"],
    ["const pattern = /import '..\\/api\\/x.ts'/;"],
    ["const at = import.meta.url + '../api/x.ts';"],
    ["export const name = '../api/x.ts';"],
    ["export function load(from = '../api/x.ts') {}"],
    ["const half = a / b; const from = '../api/x.ts'; const more = c / d;"],
  ])('%s', (text) => {
    expect(reasons({ 'services/ingest/x.ts': text })).toEqual([]);
  });
});

describe('time, chance and environment', () => {
  const clock = 'reads the clock';
  const chance = 'draws random numbers';
  const environment = 'reads the environment';

  test.each([
    ['const at = Date.now();', clock],
    ['const clock = { now: Date.now };', clock],
    ['const at = Date\n  .now();', clock],
    ['const at = globalThis.Date.now();', clock],
    ["const at = Date['now']();", clock],
    ['const { now } = Date;', clock],
    ['const at = new Date();', clock],
    ['const at = new Date( );', clock],
    ['const at = new Date;', clock],
    ['const at = new globalThis.Date();', clock],
    ['const at = Date();', clock],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a made-up file
    ['const at = `at ${Date.now()}`;', clock],
    ['const chance = Math.random();', chance],
    ['const chance = Math.random;', chance],
    ["const chance = Math['random']();", chance],
    ['const { random, floor } = Math;', chance],
    ["import { randomBytes } from 'node:crypto';", chance],
    ["import { createHash, randomInt as draw } from 'node:crypto';", chance],
    ['const id = crypto.randomUUID();', chance],
    ['globalThis.crypto.getRandomValues(bytes);', chance],
    ["const id = crypto['randomUUID']();", chance],
    ["import { generateKeyPairSync } from 'node:crypto';", 'makes a key'],
    ['const home = process.env.HOME;', environment],
    ["const home = process.env['HOME'];", environment],
    ["const home = process['env'].HOME;", environment],
    ['const home = globalThis.process?.env.HOME;', environment],
    ['const { env, argv } = process;', environment],
    ["import { env } from 'node:process';", environment],
    ["import { argv, env as settings } from 'node:process';", environment],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the code of a made-up file
    ['const home = `${process.env.HOME}`;', environment],
  ])('are not to be read anywhere: %s', (text, reason) => {
    for (const file of [
      'services/ingest/x.ts',
      'services/compose/start.ts',
      'services/http/server.ts',
      'schemas/report.ts',
    ])
      expect(
        reasons({ [file]: text }).filter((found) => !found.startsWith('schemas imports')),
        file,
      ).toEqual([reason]);
  });

  test.each([
    'const at = new Date(ms);',
    'const at = new Date(clock.now());',
    "const at = new Date('2026-11-01');",
    'const at = new Date(\n  ms,\n);',
    'const at = Date.UTC(2026, 10, 1);',
    'const at = Date.parse(text);',
    'let at: Date;',
    'const updateDate = (x: number) => x;\nupdateDate(1);',
    'const at = this.toDate(x);',
    'const most = Math.max(1, 2);',
    'const random = options.random();',
    'const token = drawBytes(32);',
    "import { createHash } from 'node:crypto';",
    'const pid = process.pid;',
    'process.exitCode = 1;',
    'const env = options.env;',
    '// Date.now, new Date() and Math.random live in one file; process.env in another',
    "const words = 'Date.now() Math.random() process.env new Date()';",
    'const pattern = /Date.now()/;',
  ])('are not read by %s', (text) => {
    expect(reasons({ 'services/ingest/x.ts': text })).toEqual([]);
  });

  test('are read in their one place', () => {
    expect(reasons({ 'services/shared/clock.ts': 'const at = Date.now() + new Date();' })).toEqual([]);
    expect(reasons({ 'services/shared/random.ts': "import { randomBytes } from 'node:crypto';" })).toEqual([]);
    expect(reasons({ 'services/releases/files/signing-key.ts': "generateKeyPairSync('ed25519')" })).toEqual([]);
    expect(reasons({ 'services/shared/clock.ts': 'const at = Math.random();' })).toEqual([chance]);
    expect(reasons({ 'services/shared/config.ts': 'load(process.env);' })).toEqual([]);
    expect(reasons({ 'services/cli/rollcall.ts': 'loadConfig(process.env);' })).toEqual([]);
    expect(reasons({ 'services/main.cts': "process.env.UV_THREADPOOL_SIZE ??= '16';" })).toEqual([]);
    expect(reasons({ 'services/cli/commands.ts': 'loadConfig(process.env);' })).toEqual([environment]);
    expect(reasons({ 'services/shared/config.ts': 'Date.now()', 'services/shared/clock.ts': 'process.env' })).toEqual([
      environment,
      clock,
    ]);
  });
});

describe('a port', () => {
  test.each([
    'export const MOST = 3;',
    'export function lastOf(all: number[]) {}',
    'export async function read() {}',
    'export class Gone extends Error {}',
    'class Gone extends Error {}',
    'export abstract class Port {}',
    'export enum Way { In }',
    'export default 3;',
  ])('holds nothing but types, so not %s', (text) => {
    expect(reasons({ 'services/ports/x.ts': text })).toEqual(['is more than a type, in a port']);
    expect(reasons({ 'services/core/x.ts': text })).toEqual([]);
  });

  test.each([
    'export interface Port {\n  function(): void;\n  const: 3;\n}',
    "export type Way = 'class' | 'const';",
    '// export const MOST = 3;',
  ])('may hold %s', (text) => {
    expect(reasons({ 'services/ports/x.ts': text })).toEqual([]);
  });
});
