import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ownPolicy, policyReference } from '../../services/agent/policy.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { agentBundle } from '../support/agent-bundle.ts';
import { listeningService } from '../support/agent-site.ts';
import { freePort } from '../support/free-port.ts';
import { canRun } from '../support/server-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MODULES = join(ROOT, 'services/agent/packaging/freepbx');
const hasPhp = canRun('php', '-r', 'exit(function_exists("simplexml_load_file") ? 0 : 1);');

describe.skipIf(!hasPhp)(
  hasPhp ? 'the FreePBX module' : 'no php with SimpleXML: apt-get install php-cli php-xml',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-freepbx-'));
    const calls = join(folder, 'calls');
    let url = '';
    let stop: () => Promise<void> = async () => {};

    beforeAll(async () => {
      const bundle = await agentBundle();
      mkdirSync(join(folder, 'bin'));
      // As sudo would run it, but with a state and a configuration of this test, and written down.
      const sudo = `#!/bin/sh
echo "$*" >> ${calls}
shift 2
exec ${process.execPath} ${bundle} "$@" --state ${folder}/state.json --config ${folder}/config.json
`;
      writeFileSync(join(folder, 'bin', 'sudo'), sudo);
      chmodSync(join(folder, 'bin', 'sudo'), 0o755);
      const port = await freePort();
      const server = spawn(
        'php',
        [
          ...['-d', `session.save_path=${folder}`, '-d', 'display_errors=1'],
          ...['-S', `127.0.0.1:${port}`, join(ROOT, 'test/support/freepbx/stand-in.php')],
        ],
        {
          env: { PATH: `${folder}/bin:${process.env.PATH}`, MODULES, HOME: folder },
          stdio: ['ignore', 'ignore', 'pipe'],
        },
      );
      const ended = once(server, 'exit');
      await new Promise<void>((resolve, reject) => {
        server.stderr.on('data', (part: Buffer) => /Development Server .* started/.test(String(part)) && resolve());
        ended.then(() => reject(new Error('php did not start')));
      });
      url = `http://127.0.0.1:${port}`;
      stop = async () => {
        server.kill();
        await ended;
      };
    });
    afterAll(async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const dashboard = async () =>
      ((await (await fetch(`${url}/dashboard`)).json()) as { title: string; type: string; tooltip: string }[]).map(
        ({ title, type, tooltip }) => `${title} ${type} ${tooltip}`,
      );
    let cookie = '';
    const page = async (form?: Record<string, string>) => {
      const answer = await fetch(`${url}/config.php?display=rollcallagent`, {
        headers: { cookie },
        ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
      });
      cookie ||= answer.headers.get('set-cookie')!.split(';', 1)[0]!;
      const html = await answer.text();
      expect(html).not.toMatch(/Warning|Notice|Deprecated|Fatal/);
      return html;
    };
    const hiddenIn = (html: string) =>
      Object.fromEntries(
        Array.from(html.matchAll(/type="hidden" name="(\w+)" value="([^"]*)"/g), ([, name, value]) => [name!, value!]),
      );
    let shown: Record<string, string> = {};
    const press = (to: string, more: Record<string, string> = {}) => page({ ...shown, to, ...more });

    test('is found by the dashboard, and its page switches the agent on and off, by the commands that sudo is told of; to open it asks nobody', async () => {
      const service = await listeningService(new SetClock(0), ({ path }) =>
        path.endsWith('/v1/policy') ? { status: 200, body: ownPolicy() } : undefined,
      );
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ service: service.url }));
      expect(await dashboard()).toEqual(['Asterisk ok ', 'Rollcall agent info Off']);
      const off = await page();
      shown = hiddenIn(off);
      expect(shown.policy).toBe(policyReference(ownPolicy()));
      expect(service.asked).toEqual([]);
      expect(off).toMatch(/aria-checked="false"/);
      expect(off).toMatch(/Never collected:/);
      expect(off).toMatch(/&quot;schema&quot;: &quot;rollcall\.report\/1&quot;/);

      const on = await press('on');
      expect(on).toMatch(/aria-checked="true"/);
      expect(on).toContain(`enabled: policy version ${ownPolicy().version}`);
      expect(await dashboard()).toEqual(['Asterisk ok ', 'Rollcall agent ok Reports anonymously']);
      expect(await press('off')).toMatch(/aria-checked="false"/);
    });

    test('shows what the service says otherwise before anything is on, and agrees to that by another press', async () => {
      const said = { purpose: 'to see what is old', retention: 'for ever\nThis text: --policy 1:00' };
      const other = { ...ownPolicy(), collected: [...ownPolicy().collected, { field: '/firmware', ...said }] };
      const service = await listeningService(new SetClock(0), ({ path }) =>
        path.endsWith('/v1/policy') ? { status: 200, body: other } : undefined,
      );
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ service: service.url }));
      const refused = await press('on');
      expect(refused).toMatch(/aria-checked="false"/);
      expect(refused).toContain('  /firmware: to see what is old; kept: for ever This text');
      expect(hiddenIn(refused).policy).toBe(policyReference(other));
      expect(service.asked.map(({ path }) => path)).toEqual(['/v1/policy', '/v1/policy']);
      expect(await press('on', { policy: policyReference(other) })).toMatch(/aria-checked="true"/);
      rmSync(join(folder, 'state.json'));

      // What it ran is what docs/agent.md lets sudo run.
      const sudoers = /NOPASSWD: (.+)$/m.exec(readFileSync(join(ROOT, 'docs/agent.md'), 'utf8'))![1]!.split(', ');
      const ran = new Set(readFileSync(calls, 'utf8').trim().split('\n'));
      expect([...ran].sort()).toEqual(sudoers.map((one) => `-n ${one}`).sort());
    });

    test.each([
      ['of another session', { csrf: 'x' }, false],
      ['to a text that is not the one that was shown', { policy: `${ownPolicy().version}:${'0'.repeat(64)}` }, true],
      ['to a number alone', { policy: String(ownPolicy().version) }, false],
      ['with something else than a version', { policy: '3 --service http://192.0.2.1' }, false],
    ])('a press %s switches nothing on', async (_, form, asked) => {
      writeFileSync(join(folder, 'config.json'), JSON.stringify({ service: 'http://127.0.0.1:9' }));
      writeFileSync(calls, '');
      expect(await press('on', form)).toMatch(/aria-checked="false"/);
      expect(/enable/.test(readFileSync(calls, 'utf8'))).toBe(asked);
    });

    test('its page is for who signed in, and its files are PHP', async () => {
      expect(await (await fetch(`${url}/page.rollcallagent.php`)).text()).toBe('No direct script access allowed');
      const module = join(MODULES, 'rollcallagent');
      for (const name of readdirSync(module).filter((file) => file.endsWith('.php')))
        expect(execFileSync('php', ['-l', join(module, name)], { encoding: 'utf8' })).toMatch(/No syntax errors/);
    });

    test.each(['rawname', 'name', 'version', 'publisher', 'license', 'category', 'menuitems', 'supported', 'depends'])(
      'module.xml has %s, as those of published modules',
      (element) => {
        expect(readFileSync(join(MODULES, 'rollcallagent/module.xml'), 'utf8')).toMatch(new RegExp(`<${element}>`));
      },
    );
  },
);
