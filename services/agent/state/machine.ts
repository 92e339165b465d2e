import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { drawBytes } from '../../shared/random.ts';
import type { State } from './state.ts';

/** What tells this machine from a copy of it, read anew at each start and kept as salted hashes only. */
export interface MachineMarks {
  /** The identity of the installation and the addresses of its own network cards, as they are. Never written, never sent. */
  readonly marks: readonly string[];
  /** In a container the state belongs to its volume: names and addresses there are new with every start. */
  readonly volume: boolean;
}

/** Reads the marks. `root` is where the files are; addresses come from the system. */
export function machineMarks(inContainer: boolean, root = '/'): MachineMarks {
  if (inContainer) return { marks: [], volume: true };
  return { marks: [...installation(root), ...addresses(root)], volume: false };
}

function installation(root: string): string[] {
  for (const path of ['etc/machine-id', 'var/lib/dbus/machine-id'])
    try {
      const id = readFileSync(join(root, path), 'utf8').trim();
      if (/^[0-9a-f]{32}$/.test(id)) return [`machine ${id}`];
    } catch {
      // The next one.
    }
  return [];
}

/** Of real cards only: bridges and tunnels come and go with what runs here. */
function addresses(root: string): string[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => existsSync(join(root, 'sys/class/net', name, 'device')))
    .flatMap(([, all = []]) => all.map(({ mac }) => mac))
    .filter((mac, at, all) => !/^00:00:00:00:00:00$/.test(mac) && all.indexOf(mac) === at)
    .map((mac) => `card ${mac}`);
}

export function bind({ marks, volume }: MachineMarks): State['machine'] {
  const salt = drawBytes(16).toString('base64url');
  return { salt, volume, marks: marks.map((mark) => hashOf(salt, mark)) };
}

/**
 * Whether the state was made on this machine: the installation is the same and, where cards are known, one of them still is. A
 * clone keeps the installation's identity and gets new cards. One new card, or a new system on old cards, starts anew.
 */
export function isBoundTo({ salt, marks, volume }: State['machine'], now: MachineMarks): boolean {
  if (volume || now.volume) return volume === now.volume;
  const known = new Set(marks);
  const [machines, cards] = ['machine ', 'card '].map((kind) => now.marks.filter((mark) => mark.startsWith(kind)));
  const holds = (mark: string) => known.has(hashOf(salt, mark));
  if (machines!.length > 0 && !machines!.some(holds)) return false;
  if (cards!.length > 0 && known.size > machines!.length && !cards!.some(holds)) return false;
  return machines!.length + cards!.length > 0 || known.size === 0;
}

function hashOf(salt: string, mark: string): string {
  return createHash('sha256').update(`${salt}\0${mark}`).digest('base64url');
}
