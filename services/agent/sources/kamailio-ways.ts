import {
  chmodSync,
  closeSync,
  constants,
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pause } from '../../shared/clock.ts';
import { Failure } from '../../shared/failure.ts';
import { drawBytes } from '../../shared/random.ts';
import { jsonObject } from '../formats/astdb.ts';
import { decodeText } from '../text.ts';
import { type DatagramHelper, datagramHelper, isInstalled, runCommand } from './command.ts';
import type { KamailioAccess, SourceDeps } from './source.ts';

const FIFO = '/run/kamailio/kamailio_rpc.fifo';
const DATAGRAM = '/run/kamailio/kamailio_rpc.sock';
const REPLY_DIR = '/tmp';
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** Everything that is ever asked. */
type Method = 'ul.dump' | 'core.version';
export interface Way {
  readonly name: 'fifo' | 'http' | 'datagram';
  ask(method: Method): Promise<Record<string, unknown>>;
}

/**
 * The ways that lead to a Kamailio, those without a limit first: what is configured, else what a Kamailio that is installed in the
 * usual way has. Empty where there is none.
 */
export function waysTo(access: KamailioAccess, deps: SourceDeps): Way[] {
  const { http, fifo, datagram } = access;
  const configured = http !== undefined || fifo !== undefined || datagram !== undefined;
  const places = configured ? { fifo, datagram } : { fifo: usual(FIFO), datagram: usual(DATAGRAM) };
  const ways: Way[] = [];
  if (places.fifo !== undefined)
    ways.push({ name: 'fifo', ask: (method) => askFifo(places.fifo!, access, method, deps) });
  if (http !== undefined) ways.push({ name: 'http', ask: (method) => askHttp(http, method, deps) });
  if (places.datagram !== undefined)
    ways.push({ name: 'datagram', ask: (method) => askDatagram(places.datagram!, access, method, deps) });
  return ways;
}

/** Whether a Kamailio belongs to this machine, be it that it does not run now. */
export function isKamailioInstalled({ commands }: SourceDeps): boolean {
  return isInstalled('kamailio', commands.path);
}

/** A place that may not even be looked at is there: its folder is Kamailio's own (0770 as packaged). */
function usual(path: string): string | undefined {
  try {
    statSync(path);
    return path;
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    return code === 'ENOENT' || code === 'ENOTDIR' ? undefined : path;
  }
}

function requestOf(method: Method, more: Readonly<Record<string, string>> = {}): string {
  return JSON.stringify({ jsonrpc: '2.0', method, ...more, id: 1 });
}

/** One request a FIFO, one FIFO an answer: Kamailio writes it into the FIFO that the request names. */
async function askFifo(fifo: string, access: KamailioAccess, method: Method, deps: SourceDeps) {
  const name = `rollcall_${drawBytes(12).toString('hex')}`;
  const reply = join(access.replyDir ?? REPLY_DIR, name);
  const { code } = await runCommand('mkfifo', ['-m', '622', reply], deps.commands);
  if (code !== 0) throw new Failure('permission-denied');
  try {
    // Both ends without waiting: a reader that hangs in open() could not be ended.
    const reader = openFifo(reply, constants.O_RDONLY);
    try {
      const writer = openFifo(fifo, constants.O_WRONLY);
      try {
        writeSync(writer, `${requestOf(method, { reply_name: name })}\n`);
      } finally {
        closeSync(writer);
      }
      return parsed(await readAll(reader, deps));
    } finally {
      closeSync(reader);
    }
  } finally {
    unlinkSync(reply);
  }
}

function openFifo(path: string, access: number): number {
  try {
    return openSync(path, access | constants.O_NONBLOCK);
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException;
    // ENXIO: nobody reads the FIFO, so Kamailio is not running.
    throw new Failure(code === 'ENXIO' || code === 'ENOENT' ? 'no-answer' : 'permission-denied');
  }
}

/** Until the writer is done and what came is JSON, or the time is over. */
async function readAll(reader: number, { timeoutMs = TIMEOUT_MS }: SourceDeps): Promise<Buffer> {
  const parts: Buffer[] = [];
  let total = 0;
  const step = 10;
  for (let waited = 0; waited < timeoutMs; ) {
    const part = readSome(reader);
    if (part !== undefined && part.length > 0) {
      parts.push(part);
      if ((total += part.length) > MAX_BYTES) throw new Failure('too-large');
      continue;
    }
    if (part !== undefined && total > 0) return Buffer.concat(parts);
    await pause(step);
    waited += step;
  }
  throw new Failure('timed-out');
}

/** Undefined: a writer is there and has nothing yet. Empty: no writer. */
function readSome(reader: number): Buffer | undefined {
  const part = Buffer.allocUnsafe(64 * 1024);
  try {
    return part.subarray(0, readSync(reader, part));
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'EAGAIN') return undefined;
    throw new Failure('unreadable');
  }
}

function askHttp(
  url: string,
  method: Method,
  { timeoutMs = TIMEOUT_MS }: SourceDeps,
): Promise<Record<string, unknown>> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { method: 'POST', headers: { 'content-type': 'application/json' } }, (response) => {
      const parts: Buffer[] = [];
      response.on('data', (part: Buffer) => parts.push(part));
      response.on('end', () => {
        try {
          resolve(parsed(Buffer.concat(parts)));
        } catch (thrown) {
          reject(thrown);
        }
      });
      response.on('error', () => reject(new Failure('no-answer')));
    });
    asked.setTimeout(timeoutMs, () => asked.destroy());
    asked.on('error', () => reject(new Failure('no-answer')));
    asked.end(requestOf(method));
  });
}

/**
 * A datagram from a socket of our own, to which Kamailio answers. Node has no such sockets: Perl, which Debian cannot do without, or
 * Python speaks for it. Kamailio answers nothing at all where the answer has more than 131,072 bytes; so where it is silent to a
 * dump and tells its version, the dump is too long for this way.
 */
async function askDatagram(socket: string, access: KamailioAccess, method: Method, deps: SourceDeps) {
  const helper = datagramHelper(deps.commands.path);
  if (helper === undefined) throw new Failure('no-datagrams');
  const ask = (what: Method) => sendDatagram(helper, socket, access, what, deps);
  try {
    return parsed(await ask(method));
  } catch (thrown) {
    if (!(thrown instanceof Failure && thrown.code === 'timed-out') || method === 'core.version') throw thrown;
  }
  await ask('core.version');
  throw new Failure('answer-too-long');
}

async function sendDatagram(
  helper: DatagramHelper,
  socket: string,
  { replyDir = REPLY_DIR }: KamailioAccess,
  method: Method,
  { commands, timeoutMs = TIMEOUT_MS }: SourceDeps,
): Promise<Buffer> {
  // Kamailio has to reach the socket: a folder that can be passed through and not listed. The path is in the process list all the
  // same: another user of the machine may answer first, as with the FIFO, and read nothing.
  const folder = mkdtempSync(join(replyDir, 'rollcall_'));
  try {
    chmodSync(folder, 0o711);
    const own = join(folder, drawBytes(12).toString('hex'));
    const args = [...helper.args, own, socket, requestOf(method)];
    const { code, stdout } = await runCommand(helper.program, args, { ...commands, timeoutMs });
    if (code === 0 && stdout.length > 0) return stdout;
    throw new Failure(code === 4 ? 'permission-denied' : 'no-answer');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Kamailio passes on what phones sent: broken UTF-8 is read leniently. */
function parsed(bytes: Buffer): Record<string, unknown> {
  const answer = jsonObject(decodeText(bytes));
  if (answer === undefined) throw new Failure('malformed');
  return answer;
}
