import type { Report } from '../../schemas/report.ts';
import type { Identifier } from '../identify/identity.ts';
import type { MachineFiles } from './files.ts';

export type Platform = Report['platform'];

const OTHER: Platform = { name: 'other', version: '' };

interface Probe {
  readonly name: string;
  /** Any of them says that the system is there. Only looked for: several hold passwords. */
  readonly markers: readonly string[];
  /** Where the major version may be, the best first; group 1 is the major version. */
  readonly versions?: readonly { readonly path: string; readonly pattern: RegExp }[];
}

/** Systems that are built on another come before it. */
const PROBES: readonly Probe[] = [
  {
    name: 'FreePBX',
    markers: ['/etc/schmooze/pbx-version', '/etc/sangoma/pbx', '/etc/sangoma/pbx-version', '/etc/freepbx.conf'],
    versions: [
      { path: '/var/www/html/admin/modules/framework/module.xml', pattern: /<version>\s*(\d{1,3})\./ },
      // FreePBX distro 10.13.66-14: track 10, FreePBX 13, operating system 6.6. Later tracks do not name FreePBX.
      { path: '/etc/schmooze/pbx-version', pattern: /^10\.(\d{1,3})\./ },
    ],
  },
  { name: 'Issabel', markers: ['/etc/issabel.conf'] },
  { name: 'Elastix', markers: ['/etc/elastix.conf'] },
  {
    name: 'trixbox',
    markers: ['/etc/trixbox/trixbox-version', '/etc/trixbox'],
    versions: [{ path: '/etc/trixbox/trixbox-version', pattern: /(\d{1,3})\./ }],
  },
  { name: 'AsteriskNOW', markers: ['/etc/asterisknow-version'] },
  { name: 'VitalPBX', markers: ['/usr/share/vitalpbx', '/etc/vitalpbx'] },
  {
    name: 'Wazo',
    markers: ['/usr/share/wazo/WAZO-VERSION'],
    versions: [{ path: '/usr/share/wazo/WAZO-VERSION', pattern: /^(\d{1,3})\./ }],
  },
  {
    name: 'FusionPBX',
    markers: ['/etc/fusionpbx', '/var/www/fusionpbx'],
    versions: [{ path: '/var/www/fusionpbx/resources/classes/software.php', pattern: /return\s+["'](\d{1,3})\.\d/ }],
  },
  { name: '3CX', markers: ['/usr/lib/3cxpbx', '/var/lib/3cxpbx'] },
  { name: 'Kamailio', markers: ['/etc/kamailio/kamailio.cfg'] },
  { name: 'FreeSWITCH', markers: ['/etc/freeswitch', '/usr/local/freeswitch/conf'] },
  {
    name: 'Asterisk',
    markers: ['/etc/asterisk/asterisk.conf', '/etc/asterisk'],
    versions: [
      { path: '/usr/include/asterisk/version.h', pattern: /ASTERISK_VERSION\s+"(?:certified[-/])?(\d{1,3})\./ },
    ],
  },
];

/** The phone system on this machine, as far as its files tell. */
export function detectPlatform(files: MachineFiles): Platform {
  const probe = PROBES.find(({ markers }) => markers.some((marker) => files.exists(marker)));
  return probe ? { name: probe.name, version: majorVersion(files, probe) } : OTHER;
}

function majorVersion(files: MachineFiles, { versions = [] }: Probe): string {
  for (const { path, pattern } of versions) {
    const version = pattern.exec(files.textIfPresent(path) ?? '')?.[1];
    if (version !== undefined) return version;
  }
  return '';
}

/** What an owner typed: `FreePBX 17`, `FreePBX 17.0.19`, `3CX`. */
export function parsePlatform(text: string): Platform {
  const [, name, version] = /^(.*?)(?:\s+v?(\d{1,3})(?:\.[\d.]*)?)?$/.exec(text.trim().slice(0, 128)) ?? [];
  return { name: name ?? '', version: version ?? '' };
}

/** Only a platform of the catalogue is reported, by the catalogue's name for it; any other is `other`. */
export function knownPlatform({ name, version }: Platform, identifier: Identifier): Platform {
  const cell = identifier.platform(name, version);
  const [, known, major] = /^(.{1,60}?)(?: (\d{1,3}))?$/.exec(cell) ?? [];
  return known === undefined || known === 'other' ? OTHER : { name: known, version: major ?? '' };
}
