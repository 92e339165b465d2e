import { connect, type Socket } from 'node:net';
import { Failure } from '../../shared/failure.ts';
import type { FailureCode } from '../../shared/failure-codes.ts';
import { type Message, messagesOf } from '../formats/ami-text.ts';
import { decodeText } from '../text.ts';
import type { AmiAccess } from './source.ts';

/** Everything that is ever sent to a manager interface. None of these prints a password or changes anything. */
const ACTIONS = {
  Login: ['Username', 'Secret', 'Events'],
  Logoff: [],
  CoreSettings: [],
  DBGetTree: ['Family'],
  PJSIPShowContacts: [],
  SIPpeers: [],
  SIPshowpeer: ['Peer'],
} as const;
export type AmiAction = keyof typeof ACTIONS;

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 64 * 1024 * 1024;

/** A session of Asterisk's manager interface: one action at a time, five seconds each. */
export class AmiClient {
  readonly #socket: Socket;
  readonly #timeoutMs: number;
  #parts: Buffer[] = [];
  #size = 0;
  #failure: Failure | undefined;
  #wake: () => void = () => {};
  #actions = 0;

  private constructor(socket: Socket, timeoutMs: number) {
    this.#socket = socket;
    this.#timeoutMs = timeoutMs;
    socket.on('data', (part) => {
      this.#parts.push(part);
      if ((this.#size += part.length) > MAX_BYTES) this.#fail('too-large');
      this.#wake();
    });
    socket.on('error', () => this.#fail('no-answer'));
    socket.on('close', () => this.#fail('no-answer'));
  }

  /** Throws Failure `no-answer`, `timed-out` or `login-refused`. */
  static async open(access: AmiAccess, timeoutMs: number = TIMEOUT_MS): Promise<AmiClient> {
    const socket = connect({ host: access.host, port: access.port });
    socket.on('error', () => {});
    const client = new AmiClient(socket, timeoutMs);
    try {
      const [answer] = await client.send('Login', { Username: access.user, Secret: access.secret, Events: 'off' });
      if (answer?.get('Response') !== 'Success') throw new Failure('login-refused');
      return client;
    } catch (thrown) {
      client.close();
      throw thrown instanceof Failure && thrown.code === 'permission-denied' ? new Failure('login-refused') : thrown;
    }
  }

  /**
   * The messages of an action's answer, the closing event of a list included. Throws Failure `permission-denied`,
   * `unknown-action`, `rows-missing` (fewer events than the list counts) and those of {@link open}.
   */
  async send(action: AmiAction, fields: Readonly<Record<string, string>> = {}): Promise<Message[]> {
    const id = `r${++this.#actions}`;
    const names: readonly string[] = ACTIONS[action];
    if (!Object.keys(fields).every((name) => names.includes(name))) throw new Failure('not-allowed');
    if (Object.values(fields).some((value) => /[\r\n]/.test(value))) throw new Failure('not-allowed');
    const lines = Object.entries({ Action: action, ActionID: id, ...fields }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    this.#parts = [];
    this.#size = 0;
    this.#socket.write(`${lines.join('\r\n')}\r\n\r\n`);
    const messages = await this.#answerTo(id);
    const failed = messages.find((message) => message.get('Response') === 'Error');
    if (failed) throw new Failure(refusalOf(failed.get('Message') ?? ''));
    checkComplete(messages);
    return messages;
  }

  close(): void {
    this.#socket.destroy();
  }

  /** What came in so far is only looked at when a message ends: a long list is read once, not once a packet. */
  async #answerTo(id: string): Promise<Message[]> {
    let over = false;
    const timer = setTimeout(() => {
      over = true;
      this.#wake();
    }, this.#timeoutMs);
    try {
      for (;;) {
        const text = decodeText(Buffer.concat(this.#parts));
        const own = text.endsWith('\r\n\r\n')
          ? messagesOf(text).filter((message) => message.get('ActionID') === id || isLoginRefusal(message))
          : [];
        if (isWhole(own)) return own;
        if (this.#failure) throw this.#failure;
        if (over) throw new Failure('timed-out');
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      clearTimeout(timer);
    }
  }

  #fail(code: FailureCode): void {
    this.#failure ??= new Failure(code);
    this.#wake();
  }
}

/** Some versions leave the ActionID out when they refuse a login. */
function isLoginRefusal(message: Message): boolean {
  return message.get('Response') === 'Error' && !message.has('ActionID');
}

function isWhole(messages: readonly Message[]): boolean {
  const response = messages.find((message) => message.has('Response'));
  if (response === undefined) return false;
  if (response.get('Response') === 'Error' || response.get('EventList') !== 'start') return true;
  return messages.some((message) => /^Complete$/i.test(message.get('EventList') ?? ''));
}

function checkComplete(messages: readonly Message[]): void {
  const end = messages.find((message) => /^Complete$/i.test(message.get('EventList') ?? ''));
  if (end === undefined) return;
  const rows = messages.filter((message) => message.has('Event') && message !== end).length;
  if (rows !== Number(end.get('ListItems'))) throw new Failure('rows-missing');
}

function refusalOf(message: string): FailureCode {
  if (/denied|authentication|not authorized/i.test(message)) return 'permission-denied';
  if (/invalid\/unknown command|unknown command/i.test(message)) return 'unknown-action';
  // "Unable to retrieve contacts", "No peers": nothing there, or not loaded.
  return 'nothing-found';
}
