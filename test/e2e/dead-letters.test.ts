import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { AuditAnswer } from '../../schemas/answers/audit.ts';
import { openLmdbFactLog } from '../../services/adapters/lmdb/lmdb-fact-log.ts';
import { addMonths, periodAt } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';
import { type Counts, eventually, get } from '../support/client.ts';
import { blockOf, linesOf } from '../support/embedded-store.ts';
import { ADMIN_KEY, startRollcall, temporaryDirectory } from '../support/rollcall-process.ts';
import { runCommand } from '../support/run-command.ts';

const NOW = periodAt(Date.now());

/** What a site said, as a block that the store would take. */
function said(site: number, period = NOW): Block {
  const models = [{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 2 } as const];
  return blockOf(period, linesOf(period, { site, sequence: 1, platform: 'FreePBX 17', models, withdraw: false }));
}

/** A data directory whose log has dead letters, as a store that refused them for a while leaves it. */
async function withDeadLetters(): Promise<string> {
  const directory = temporaryDirectory();
  const log = await openLmdbFactLog({ directory: join(directory, 'log'), maxBytes: 2 ** 20 });
  for (let site = 0; site < 12; site++) await log.deadLetter(said(site), 'rejected-by-store');
  await log.deadLetter(said(99, addMonths(NOW, -1)), 'malformed');
  await log.close();
  return directory;
}

test('an admin sees how many blocks were set aside, has them counted after all, or forgets them; the audit says so', async () => {
  const server = await startRollcall(await withDeadLetters(), {
    ROLLCALL_SNAPSHOT_SECONDS: '1',
    ROLLCALL_PROVISIONAL: 'exact',
  });
  const env = { ROLLCALL_ADMIN_KEY: ADMIN_KEY, PORT: new URL(server.url).port };
  const facts = said(0).facts;
  const listed = await runCommand(['dead-letters', 'list'], env);
  expect(listed.code).toBe(0);
  expect(listed.stdout.trim().split('\n').sort()).toEqual([
    `${addMonths(NOW, -1)}\tmalformed\t1\t${facts}`,
    `${NOW}\trejected-by-store\t12\t${12 * facts}`,
  ]);

  const replayed = await runCommand(['dead-letters', 'replay', NOW], env);
  expect(replayed).toMatchObject({ code: 0, stdout: `12 blocks of ${NOW}: in the log again.\n` });
  const counted = await eventually(
    () => get<Counts>(server.url, `/v1/counts?view=model&period=${NOW}`),
    ({ rows }) => rows.length > 0,
  );
  expect(counted.rows).toMatchObject([{ model: 'SIP-T46S', sites: 12, devices: 24 }]);

  const dropped = await runCommand(['dead-letters', 'drop', addMonths(NOW, -1)], env);
  expect(dropped).toMatchObject({ code: 0, stdout: `1 block of ${addMonths(NOW, -1)}: forgotten.\n` });
  expect(await runCommand(['dead-letters', 'list'], env)).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'There are no dead letters.\n',
  });
  const { entries } = await get<AuditAnswer>(server.url, '/v1/audit');
  expect(entries.map(({ action, object }) => `${action} ${object}`)).toEqual([
    `dead-letters.replay ${NOW}`,
    `dead-letters.drop ${addMonths(NOW, -1)}`,
  ]);
});

test('a month that is none, and a word that is none, are refused with what is understood', async () => {
  for (const [args, told] of [
    [['replay'], "missing required argument 'YYYY-MM'"],
    [['replay', '2026-13'], 'The month is written YYYY-MM.'],
    [['burn'], "unknown command 'burn'"],
    [[], 'replay [options] <YYYY-MM>'],
  ] as const) {
    const { code, stderr } = await runCommand(['dead-letters', ...args]);
    expect([args, code, stderr]).toEqual([args, 2, expect.stringContaining(told)]);
  }
});
