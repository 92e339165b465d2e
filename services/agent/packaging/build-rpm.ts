import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot, packageVersion } from '../../shared/package-root.ts';
import { currentBundle } from './build-bundle.ts';
import { MADE_AT } from './made-at.ts';

/** `dist/rollcall-agent-VERSION-1.noarch.rpm`; resolves to its path. Needs rpmbuild (Debian: the package rpm). */
export async function buildRpm(): Promise<string> {
  await currentBundle();
  const root = packageRoot();
  const version = packageVersion();
  const name = `rollcall-agent-${version}-1.noarch.rpm`;
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-rpm-'));
  try {
    const macros = {
      agent_version: version,
      _sourcedir: root,
      _topdir: folder,
      _rpmdir: folder,
      _rpmfilename: name,
      // The same sources give the same package, whoever builds it where.
      _buildhost: 'localhost',
      use_source_date_epoch_as_buildtime: '1',
      clamp_mtime_to_source_date_epoch: '1',
      // What distributions do to a build (compressed manuals, byte-compiled Python) is none of this package's.
      __os_install_post: '%{nil}',
      // A system of today and CentOS 7 can both unpack it.
      _binary_payload: 'w6.xzdio',
    };
    const defined = Object.entries(macros).flatMap(([macro, value]) => ['--define', `${macro} ${value}`]);
    const spec = join(root, 'services', 'agent', 'packaging', 'rpm', 'rollcall-agent.spec');
    execFileSync('rpmbuild', ['-bb', '--quiet', ...defined, spec], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: folder, SOURCE_DATE_EPOCH: String(MADE_AT) },
    });
    copyFileSync(join(folder, name), join(root, 'dist', name));
    return join(root, 'dist', name);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
