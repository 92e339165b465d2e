import { closeSync, constants, existsSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { pause } from '../../shared/clock.ts';
import { describeFailure, Failure } from '../../shared/failure.ts';
import { drawBytes } from '../../shared/random.ts';
import { jsonObject } from '../formats/astdb.ts';
import { kamailioContacts, kamailioRecords } from '../formats/kamailio.ts';
import { Unread } from '../formats/unread.ts';
import type { Platform } from '../platform.ts';
import { decodeText } from '../text.ts';
import { runCommand } from './command.ts';
import { absent, type KamailioAccess, type SourceAnswer, type SourceDeps, withheld } from './source.ts';

const FIFO = '/run/kamailio/kamailio_rpc.fifo';
const REPLY_DIR = '/tmp';
const RIGHTS =
  'kamailio.cfg: modparam("jsonrpcs", "fifo_group", "rollcall-agent"), or run the agent as root; a datagram socket alone cannot be used from Node';
const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;
const ATTEMPTS = 3;

/** Everything that is ever asked. */
type Method = 'ul.dump' | 'core.version';
type Ask = (method: Method) => Promise<Record<string, unknown>>;

/** What a Kamailio on this machine has in memory, by JSON-RPC over its FIFO or HTTP. */
export async function kamailio(deps: SourceDeps): Promise<SourceAnswer> {
  const access = deps.kamailio ?? {};
  const fifo = access.fifo ?? FIFO;
  if (access.http === undefined && !existsSync(fifo)) return absent('kamailio');
  const ask: Ask = (method) =>
    access.http === undefined ? askFifo(fifo, access, method, deps) : askHttp(access.http, method, deps);
  try {
    const answer = await wholeDump(ask);
    const platform = await versionOf(ask);
    return { source: 'kamailio', state: 'read', registrations: kamailioContacts(answer).registrations, platform };
  } catch (thrown) {
    const code = describeFailure(thrown).code ?? 'failed';
    if (thrown instanceof Unread) return withheld('kamailio', code, thrown.hint);
    return withheld('kamailio', code, code === 'permission-denied' ? RIGHTS : undefined);
  }
}

async function wholeDump(ask: Ask): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt++) {
    const answer = await ask('ul.dump');
    const records = kamailioRecords(answer);
    if (records === undefined || records.rows === records.told) return answer;
    if (attempt >= ATTEMPTS) throw new Failure('rows-missing');
  }
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
        writeSync(writer, `{"jsonrpc":"2.0","method":"${method}","reply_name":"${name}","id":1}\n`);
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
    throw new Failure(code === 'ENXIO' ? 'no-answer' : code === 'ENOENT' ? 'no-answer' : 'permission-denied');
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
  const body = JSON.stringify({ jsonrpc: '2.0', method, id: 1 });
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
    asked.end(body);
  });
}

/** Kamailio passes on what phones sent: broken UTF-8 is read leniently. */
function parsed(bytes: Buffer): Record<string, unknown> {
  const answer = jsonObject(decodeText(bytes));
  if (answer === undefined) throw new Failure('malformed');
  return answer;
}

async function versionOf(ask: Ask): Promise<Platform | undefined> {
  try {
    const { result } = await ask('core.version');
    const version = /kamailio (\d{1,3})\./.exec(typeof result === 'string' ? result : '')?.[1];
    return version === undefined ? undefined : { name: 'Kamailio', version };
  } catch {
    return undefined;
  }
}
