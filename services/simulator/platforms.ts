import type { Report } from '../../schemas/report.ts';

export type Platform = Report['platform'];

interface PlatformShare extends Platform {
  readonly weight: number;
  /** The major version that a site of this one upgrades to. */
  readonly next?: string;
}

/** Phone systems of new sites; the last is known to no catalogue. */
export const PLATFORMS: readonly PlatformShare[] = [
  { name: 'FreePBX', version: '15', weight: 11, next: '16' },
  { name: 'FreePBX', version: '16', weight: 19, next: '17' },
  { name: 'FreePBX', version: '17', weight: 14 },
  { name: '3CX', version: '18', weight: 9, next: '20' },
  { name: '3CX', version: '20', weight: 10 },
  { name: 'FusionPBX', version: '5', weight: 9 },
  { name: 'Asterisk', version: '18', weight: 5, next: '20' },
  { name: 'Asterisk', version: '19', weight: 1, next: '20' },
  { name: 'Asterisk', version: '20', weight: 5, next: '22' },
  { name: 'Asterisk', version: '21', weight: 1, next: '22' },
  { name: 'Asterisk', version: '22', weight: 3 },
  { name: 'trixbox', version: '2', weight: 2 },
  { name: 'Issabel', version: '4', weight: 5 },
  { name: 'VitalPBX', version: '4', weight: 4 },
  { name: 'Tinkerphone', version: '1', weight: 2 },
];

/** What the site upgrades to; whoever has the newest moves to another system. */
export function upgraded({ name, version }: Platform): Platform {
  const next = PLATFORMS.find((share) => share.name === name && share.version === version)?.next;
  if (next !== undefined) return { name, version: next };
  return name === 'FreePBX' ? { name: '3CX', version: '20' } : { name: 'FreePBX', version: '17' };
}
