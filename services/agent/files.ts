import { accessSync, closeSync, constants, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../shared/failure.ts';
import { decodeText } from './text.ts';

/**
 * Everything the agent reads of a machine, and the only file that opens one's files. Reading only. A test wraps it to
 * record every path that is opened.
 */
export interface Disk {
  /** The file's bytes; a Failure `missing`, `unreadable` or `too-large` otherwise. */
  read(path: string, maxBytes: number): Uint8Array;
  /** The names in a directory; none when there is no such directory. */
  list(path: string): string[];
  exists(path: string): boolean;
}

/**
 * What may be opened, by its path under the root. Names that identify a machine (`*_serial`, `*_uuid`, `*_asset_tag`,
 * `/sys/class/net/*\/address`) are not in it, and nothing that is not in it can be read.
 */
const READABLE: readonly RegExp[] = [
  /^\/proc\/(?:cpuinfo|meminfo|xen\/capabilities)$/,
  /^\/sys\/class\/dmi\/id\/(?:sys_vendor|product_name|board_vendor|board_name)$/,
  /^\/sys\/firmware\/devicetree\/base\/model$/,
  /^\/sys\/hypervisor\/type$/,
  // Whether this is a container: see container.ts for the words that are looked for in them.
  /^\/run\/systemd\/container$/,
  /^\/proc\/1\/(?:cgroup|environ)$/,
  /^\/proc\/self\/mountinfo$/,
  /^\/sys\/fs\/cgroup\/(?:memory\.max|memory\/memory\.limit_in_bytes)$/,
  /^\/sys\/bus\/usb\/devices\/[0-9a-z.-]{1,24}\/id(?:Vendor|Product)$/,
  /^\/sys\/bus\/pci\/devices\/[0-9a-f:.]{1,24}\/(?:vendor|device|subsystem_vendor|subsystem_device|class)$/,
  /^\/usr\/share\/(?:misc|hwdata)\/pci\.ids$/,
  // Versions of phone systems. Their configuration files hold passwords: those are looked for, never opened.
  /^\/etc\/schmooze\/pbx-version$/,
  /^\/etc\/trixbox\/trixbox-version$/,
  /^\/usr\/include\/asterisk\/version\.h$/,
  /^\/usr\/share\/wazo\/WAZO-VERSION$/,
  /^\/var\/www\/html\/admin\/modules\/framework\/module\.xml$/,
  /^\/var\/www\/fusionpbx\/resources\/classes\/software\.php$/,
];

const LISTABLE: readonly RegExp[] = [/^\/sys\/bus\/(?:pci|usb)\/devices$/];

const MAX_MACHINE_FILE_BYTES = 8 * 1024 * 1024;
const MAX_REGISTRATIONS_BYTES = 32 * 1024 * 1024;

/** A read-only view of one machine's files through the allow-list. Paths are absolute within the root. */
export class MachineFiles {
  readonly #root: string;
  readonly #disk: Disk;

  constructor(root: string, disk: Disk = wholeDisk) {
    this.#root = root;
    this.#disk = disk;
  }

  /** The text of an allowed file. Throws Failure: `not-allowed`, `missing`, `unreadable` or `too-large`. */
  text(path: string): string {
    if (!READABLE.some((allowed) => allowed.test(path))) throw new Failure('not-allowed');
    return decode(this.#disk.read(join(this.#root, path), MAX_MACHINE_FILE_BYTES));
  }

  /** Like {@link text}, but a file that is not there is undefined. */
  textIfPresent(path: string): string | undefined {
    try {
      return this.text(path);
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'missing') return undefined;
      throw thrown;
    }
  }

  list(path: string): string[] {
    if (!LISTABLE.some((allowed) => allowed.test(path))) throw new Failure('not-allowed');
    return this.#disk.list(join(this.#root, path)).sort();
  }

  /** Whether something is there. Says nothing of what is in it. */
  exists(path: string): boolean {
    return this.#disk.exists(join(this.#root, path));
  }
}

/** The file of registrations that the owner named; `-` is standard input. */
export function registrationsText(path: string, disk: Disk = wholeDisk): string {
  return decodeText(disk.read(path === '-' ? '/dev/stdin' : path, MAX_REGISTRATIONS_BYTES));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

export const wholeDisk: Disk = {
  read(path, maxBytes) {
    // A file of /sys is never a link; one that is leads where the allow-list does not look.
    const flags = constants.O_RDONLY | (path.includes('/sys/') ? constants.O_NOFOLLOW : 0);
    const file = failing(() => openSync(path, flags));
    try {
      return failing(() => readAll(file, maxBytes));
    } finally {
      closeSync(file);
    }
  },
  list(path) {
    try {
      return failing(() => readdirSync(path));
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'missing') return [];
      throw thrown;
    }
  },
  exists(path) {
    try {
      accessSync(path, constants.F_OK);
      return true;
    } catch {
      return false;
    }
  },
};

/** Files of /proc and /sys and pipes say nothing of their size: read until the end or the limit. */
function readAll(file: number, maxBytes: number): Uint8Array {
  const parts: Buffer[] = [];
  let total = 0;
  for (;;) {
    const part = Buffer.allocUnsafe(64 * 1024);
    const got = readSync(file, part);
    if (got === 0) return Buffer.concat(parts, total);
    total += got;
    if (total > maxBytes) throw new Failure('too-large');
    parts.push(part.subarray(0, got));
  }
}

/** System errors carry the path in their message: only a code of ours goes on. */
function failing<T>(act: () => T): T {
  try {
    return act();
  } catch (thrown) {
    if (thrown instanceof Failure) throw thrown;
    const code = (thrown as NodeJS.ErrnoException).code;
    throw new Failure(code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable');
  }
}
