import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../../shared/failure.ts';
import type { FailureCode } from '../../shared/failure-codes.ts';

/** A name that may stand in a command: no blank, quote, control character or option. */
const NAME = '[A-Za-z0-9_+.@:][A-Za-z0-9_+.@:-]{0,79}';

/**
 * Programs that send one datagram for us, for Node has no such sockets. Their arguments: a socket of our own, the socket that is asked,
 * the request. Exit 3: no socket of our own; 4: the other may not be used; 5: nothing answers there.
 */
export const DATAGRAMS = {
  perl: [
    '-e',
    'use Socket; my ($own, $to, $ask) = @ARGV; umask 0; socket(my $s, PF_UNIX, SOCK_DGRAM, 0) or exit 3; ' +
      'setsockopt($s, SOL_SOCKET, SO_RCVBUF, 1 << 20); bind($s, sockaddr_un($own)) or exit 3; chmod 0622, $own or exit 3; ' +
      'send($s, $ask, 0, sockaddr_un($to)) or exit($!{EACCES} || $!{EPERM} ? 4 : 5); ' +
      'defined recv($s, my $answer, 1 << 20, 0) or exit 5; binmode STDOUT; print $answer;',
  ],
  python3: [
    '-c',
    'import os, socket, sys; own, to, ask = sys.argv[1:]; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)\n' +
      'try:\n s.bind(own); os.chmod(own, 0o622)\nexcept OSError: sys.exit(3)\n' +
      'try:\n s.sendto(ask.encode(), to); sys.stdout.buffer.write(s.recv(1 << 20))\n' +
      'except PermissionError: sys.exit(4)\nexcept OSError: sys.exit(5)\n',
  ],
} as const;

/**
 * Everything that is ever run, by program and arguments. Nothing in it changes a PBX, and nothing in it prints a password
 * (`pjsip show registrations` and `pjsip show endpoint` would).
 */
const ALLOWED: Readonly<Record<string, readonly RegExp[]>> = {
  asterisk: [
    /^-rx\0core show version$/,
    /^-rx\0database show registrar\/contact$/,
    /^-rx\0database show SIP\/Registry$/,
    /^-rx\0pjsip show contacts$/,
    /^-rx\0sip show peers$/,
    new RegExp(`^-rx\\0sip show peer ${NAME}$`),
    new RegExp(`^-rx\\0pjsip show aor ${NAME}$`),
    new RegExp(`^-rx\\0pjsip show contact ${NAME}/sips?:[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,400}$`),
  ],
  fs_cli: [/^-x\0sofia xmlstatus$/, new RegExp(`^-x\\0sofia xmlstatus profile ${NAME} reg$`), /^-x\0version$/],
  mkfifo: [/^-m\x00622\x00\/[\w./-]{1,200}$/],
  perl: [datagrams(DATAGRAMS.perl)],
  python3: [datagrams(DATAGRAMS.python3)],
};

export interface DatagramHelper {
  readonly program: keyof typeof DATAGRAMS;
  readonly args: readonly string[];
}

/** What sends a datagram for us; undefined where there is neither. */
export function datagramHelper(path: string): DatagramHelper | undefined {
  const program = (['perl', 'python3'] as const).find((name) => isInstalled(name, path));
  return program && { program, args: DATAGRAMS[program] };
}

/** The program as it stands here, two paths, and one of two requests. */
function datagrams(program: readonly string[]): RegExp {
  const fixed = program.join('\0').replace(/[^\w\0]/g, '\\$&');
  const request = String.raw`\{"jsonrpc":"2\.0","method":"(?:ul\.dump|core\.version)","id":1\}`;
  return new RegExp(`^${fixed}\\0/[\\w./-]{1,100}\\0/[\\w./-]{1,100}\\0${request}$`);
}

export interface CommandEnvironment {
  /** Where programs are looked for, as in PATH; the system's own folders follow. */
  readonly path: string;
  readonly timeoutMs?: number;
}

const SYSTEM_PATH = ['/usr/local/sbin', '/usr/sbin', '/sbin', '/usr/local/bin', '/usr/bin', '/bin'];
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** The program's file, or undefined where it is not installed. */
function programFile(name: string, path: string): string | undefined {
  for (const folder of [...path.split(':'), ...SYSTEM_PATH]) {
    if (!folder.startsWith('/')) continue;
    try {
      accessSync(join(folder, name), constants.X_OK);
      return join(folder, name);
    } catch {
      // Not in this folder.
    }
  }
  return undefined;
}

/** Whether the program is on this machine. */
export function isInstalled(name: string, path: string): boolean {
  return programFile(name, path) !== undefined;
}

export interface Output {
  readonly code: number;
  readonly stdout: Buffer;
  readonly stderr: Buffer;
}

/**
 * Runs one allowed command and resolves to what it printed. After five seconds it and its children get SIGKILL: a client of a
 * PBX that hangs never returns and ignores SIGTERM. Output is drained as it comes, because a PBX drops lines for a reader
 * that is slow. Throws Failure `not-allowed`, `not-installed`, `timed-out`, `too-large` or `not-started`.
 */
export function runCommand(program: string, args: readonly string[], environment: CommandEnvironment): Promise<Output> {
  const line = args.join('\0');
  const known = Object.hasOwn(ALLOWED, program) ? ALLOWED[program]! : [];
  if (!known.some((allowed) => allowed.test(line))) return Promise.reject(new Failure('not-allowed'));
  const file = programFile(program, environment.path);
  if (file === undefined) return Promise.reject(new Failure('not-installed'));
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, so that what a wrapper script started ends with it.
      detached: true,
      cwd: '/',
      env: {
        PATH: [environment.path, ...SYSTEM_PATH].join(':'),
        LC_ALL: 'C.UTF-8',
        TERM: 'dumb',
        HOME: '/nonexistent',
      },
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    let size = 0;
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.stderr.destroy();
      settle();
    };
    const end = (code: FailureCode) => {
      killGroup(child.pid);
      finish(() => reject(new Failure(code)));
    };
    const timer = setTimeout(() => end('timed-out'), environment.timeoutMs ?? TIMEOUT_MS);
    const keep = (parts: Buffer[]) => (part: Buffer) => {
      parts.push(part);
      if ((size += part.length) > MAX_BYTES) end('too-large');
    };
    child.stdout.on('data', keep(out));
    child.stderr.on('data', keep(err));
    child.on('error', () => finish(() => reject(new Failure('not-started'))));
    child.on('close', (code, signal) => {
      const stdout = Buffer.concat(out);
      const stderr = Buffer.concat(err);
      if (signal !== null) return finish(() => reject(new Failure('killed')));
      finish(() => resolve({ code: code ?? 1, stdout, stderr }));
    });
  });
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  for (const target of [-pid, pid])
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // It ended by itself.
    }
}
