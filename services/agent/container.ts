import type { MachineFiles } from './files.ts';

/** The container that a system runs in. */
export interface Container {
  readonly kind: 'LXC' | 'Docker' | 'Podman' | 'OpenVZ' | 'Container';
  /** Whether /proc/meminfo is the container's own (lxcfs) and not the host's. */
  readonly ownMemory: boolean;
  /** The container's limit in bytes, where it has one. */
  readonly memoryLimit: number | undefined;
}

/**
 * The container around this system, by the marks that container managers leave. A container sees its host's board, cards and
 * memory: three of them on one host would make three boards.
 */
export function containerOf(files: MachineFiles): Container | undefined {
  const kind = kindOf(files);
  if (kind === undefined) return undefined;
  const ownMemory = /^(?:\S+ ){4}\/proc\/meminfo .* fuse\.lxcfs /m.test(ownMounts(files));
  return { kind, ownMemory, memoryLimit: memoryLimit(files) };
}

function kindOf(files: MachineFiles): Container['kind'] | undefined {
  const mounts = ownMounts(files);
  const mark = files.exists('/.dockerenv') ? 'Docker' : files.exists('/run/.containerenv') ? 'Podman' : undefined;
  // A virtual machine whose disk was made from an image still has the mark: its root is a disk.
  if (mark !== undefined && !OWN_DISK.test(mounts)) return mark;
  const told = named(quietly(files, '/run/systemd/container').trim());
  if (told) return told;
  // Of the first process only the word after `container=` is looked at.
  const environ = /(?:^|\0)container=([a-z0-9-]{1,20})/.exec(quietly(files, '/proc/1/environ'))?.[1];
  const first = environ === undefined ? undefined : named(environ);
  if (first) return first;
  if (files.exists('/dev/.lxc-boot-id') || files.exists('/dev/.lxc') || files.exists('/dev/lxd')) return 'LXC';
  if (files.exists('/proc/vz') && !files.exists('/proc/bc')) return 'OpenVZ';
  return byPaths(quietly(files, '/proc/1/cgroup')) ?? byPaths(mounts);
}

/**
 * The mounts that a container manager makes inside a container: its root, its /proc, /dev and control groups, and files of /etc. A host
 * that runs containers sees their mounts too, below /var/lib and /run, and is none itself.
 */
function ownMounts(files: MachineFiles): string {
  const lines = quietly(files, '/proc/self/mountinfo').split('\n');
  return lines.filter((line) => /^(?:\S+ ){4}\/(?:(?:etc|proc|dev|sys)(?:\/\S*)?)? /.test(line)).join('\n');
}

/** mountinfo (proc(5)): the mount at `/` of a device of its own. */
const OWN_DISK = /^\d+ \d+ \d+:\d+ \/ \/ [^\n]*? - \w+ \/dev\/(?:root|vda|[svx]{1,2}d[a-z]|nvme|mmcblk)/m;

function named(word: string): Container['kind'] | undefined {
  if (word === '' || word === 'none' || word === 'wsl') return undefined;
  if (/^lx[cd]/.test(word)) return 'LXC';
  if (word === 'docker') return 'Docker';
  if (word === 'podman') return 'Podman';
  return word === 'openvz' ? 'OpenVZ' : 'Container';
}

function byPaths(text: string): Container['kind'] | undefined {
  if (/\/docker[/-]|\/docker\/containers\//.test(text)) return 'Docker';
  if (/libpod|\/containers\/storage\//.test(text)) return 'Podman';
  if (/\/lxc(?:\.payload)?[./]| fuse\.lxcfs |\/lxd\//.test(text)) return 'LXC';
  return /kubepods|kubelet|containerd/.test(text) ? 'Container' : undefined;
}

/** The smaller of the limits of both generations of control groups; a limit above all memory is none. */
function memoryLimit(files: MachineFiles): number | undefined {
  const limits = ['/sys/fs/cgroup/memory.max', '/sys/fs/cgroup/memory/memory.limit_in_bytes']
    .map((path) => quietly(files, path).trim())
    .filter((text) => /^\d{6,15}$/.test(text))
    .map(Number);
  return limits.length === 0 ? undefined : Math.min(...limits);
}

function quietly(files: MachineFiles, path: string): string {
  try {
    return files.textIfPresent(path) ?? '';
  } catch {
    return '';
  }
}
