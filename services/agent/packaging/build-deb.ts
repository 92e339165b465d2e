import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { packageRoot, packageVersion } from '../../shared/package-root.ts';
import { currentBundle } from './build-bundle.ts';
import { MADE_AT } from './made-at.ts';

/** `dist/rollcall-agent_VERSION_all.deb`; resolves to its path. Needs dpkg-deb. */
export async function buildDeb(): Promise<string> {
  const bundle = await currentBundle();
  const root = packageRoot();
  const here = join(root, 'services', 'agent', 'packaging');
  const version = packageVersion();
  const tree = mkdtempSync(join(tmpdir(), 'rollcall-deb-'));
  try {
    const put = (path: string, content: string | Buffer, mode = 0o644) => {
      mkdirSync(dirname(join(tree, path)), { recursive: true });
      writeFileSync(join(tree, path), content);
      chmodSync(join(tree, path), mode);
    };
    const text = (name: string) => readFileSync(join(here, name), 'utf8').replaceAll('@VERSION@', version);
    const packed = (name: string) => gzipSync(text(name), { level: 9 });
    put('usr/lib/rollcall-agent/rollcall-agent.cjs', readFileSync(bundle), 0o755);
    mkdirSync(join(tree, 'usr/bin'), { recursive: true });
    symlinkSync('../lib/rollcall-agent/rollcall-agent.cjs', join(tree, 'usr/bin/rollcall-agent'));
    for (const unit of ['rollcall-agent.service', 'rollcall-agent.timer'])
      put(`usr/lib/systemd/system/${unit}`, text(`systemd/${unit}`));
    put('usr/lib/sysusers.d/rollcall-agent.conf', text('debian/sysusers.conf'));
    put('usr/share/man/man1/rollcall-agent.1.gz', packed('man/rollcall-agent.1'));
    put('usr/share/bash-completion/completions/rollcall-agent', text('completion/rollcall-agent'));
    put('usr/share/doc/rollcall-agent/copyright', text('debian/copyright'));
    put('usr/share/doc/rollcall-agent/changelog.gz', packed('debian/changelog'));
    cpSync(join(here, 'freepbx'), join(tree, 'usr/share/rollcall-agent/freepbx'), { recursive: true });
    put('etc/rollcall-agent/config.json', '{}\n');
    const files = filesOf(tree);
    put(
      'DEBIAN/md5sums',
      files
        .filter((file) => !file.startsWith('etc/'))
        .map((file) => `${md5(join(tree, file))}  ${file}\n`)
        .join(''),
    );
    put('DEBIAN/conffiles', '/etc/rollcall-agent/config.json\n');
    const size = Math.ceil(files.reduce((sum, file) => sum + statSync(join(tree, file)).size, 0) / 1024);
    put('DEBIAN/control', text('debian/control').replace('@SIZE@', String(size)));
    for (const script of ['postinst', 'prerm', 'postrm']) put(`DEBIAN/${script}`, text(`debian/${script}`), 0o755);
    settle(tree);
    const deb = join(root, 'dist', `rollcall-agent_${version}_all.deb`);
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zxz', '--build', tree, deb], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', SOURCE_DATE_EPOCH: String(MADE_AT) },
    });
    return deb;
  } finally {
    rmSync(tree, { recursive: true, force: true });
  }
}

function filesOf(tree: string): string[] {
  return readdirSync(tree, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(tree, join(entry.parentPath, entry.name)))
    .sort();
}

function md5(file: string): string {
  return createHash('md5').update(readFileSync(file)).digest('hex');
}

/** Modes and times that do not depend on who builds where. */
function settle(tree: string): void {
  for (const entry of readdirSync(tree, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) continue;
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (path.includes('/freepbx/')) chmodSync(path, 0o644);
    utimesSync(path, MADE_AT, MADE_AT);
  }
  chmodSync(tree, 0o755);
}
