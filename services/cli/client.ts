import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../shared/clock.ts';
import { loadConfig } from '../shared/config.ts';
import { UsageError } from './command.ts';

type Method = 'GET' | 'POST' | 'DELETE';

interface Demand {
  readonly body?: unknown;
  /** Whether asking again does no harm when the first may have been heard. */
  readonly twice?: boolean;
}

const PAUSES_MS = [50, 200, 1_000, 3_000];
const RETRIED: ReadonlySet<number> = new Set([429, 503]);

/** A server that did not do what the command cannot go on without. Its message names no parameter and no key. */
export class Unanswered extends Error {
  constructor(method: Method, path: string, response: Response | undefined, type: string) {
    const answer = response === undefined ? 'was not answered' : `was answered ${response.status} ${type}`.trim();
    super(`${method} ${path.replace(/\?.*$/, '')} ${answer}`);
    this.name = 'Unanswered';
  }
}

async function problemType(response: Response | undefined): Promise<string> {
  const problem = (await response?.json().catch(() => undefined)) as { readonly type?: unknown } | undefined;
  return typeof problem?.type === 'string' ? problem.type.replace(/^.*\//, '') : '';
}

/** A running server, asked with a key: the embedded store belongs to it. The key travels in a header only. */
export class ApiClient {
  readonly #url: string;
  readonly #key: string;

  constructor(url: string, key: string) {
    this.#url = url.replace(/\/+$/, '');
    this.#key = key;
  }

  get(path: string): Promise<Response | undefined> {
    return this.#ask('GET', path);
  }

  post(path: string, body?: unknown): Promise<Response | undefined> {
    return this.#ask('POST', path, body);
  }

  delete(path: string): Promise<Response | undefined> {
    return this.#ask('DELETE', path);
  }

  /**
   * The answer of a success, for who cannot go on without. What may be asked twice is asked again for some seconds when
   * nothing answers, or when the server says that it cannot now. Throws {@link Unanswered} that says what was the matter.
   */
  async demand(method: Method, path: string, { body, twice = method === 'GET' }: Demand = {}): Promise<Response> {
    for (const ms of twice ? [...PAUSES_MS, null] : [null]) {
      const response = await this.#ask(method, path, body);
      if (response?.ok) return response;
      if (ms === null || !(response === undefined || RETRIED.has(response.status)))
        throw new Unanswered(method, path, response, await problemType(response));
      await pause(ms);
    }
    throw new Error('the last attempt returns or throws');
  }

  /** Undefined when nothing answers. A redirect is an answer: followed, it might lead the key to another host. */
  #ask(method: Method, path: string, body?: unknown): Promise<Response | undefined> {
    const headers = { authorization: `Bearer ${this.#key}` };
    const content =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    return fetch(this.#url + path, { method, redirect: 'manual', ...content }).catch(() => undefined);
  }
}

/** The server at `url`, else that of this machine, with the configured key or the one that its first start wrote. */
export function adminClient(env: Readonly<Record<string, string | undefined>>, url: string | undefined): ApiClient {
  const { adminKey, dataDirectory } = loadConfig(env);
  return new ApiClient(serverUrl(env, url), adminKey ?? keyInFile(dataDirectory));
}

/** Where it is: as told, else on this machine. Without a slash at its end. */
export function serverUrl(env: Readonly<Record<string, string | undefined>>, url: string | undefined): string {
  return (url ?? `http://127.0.0.1:${loadConfig(env).port}`).replace(/\/+$/, '');
}

/** What a browser opens: the token stands behind the #, which no browser sends and no server logs. */
export function signInLink(server: string, { link }: { readonly link: string }): string {
  return `${server}/signin#link=${link}`;
}

function keyInFile(directory: string): string {
  try {
    return readFileSync(join(directory, 'admin-key'), 'utf8').trim();
  } catch {
    throw new UsageError(
      'No key: set ROLLCALL_ADMIN_KEY, or ROLLCALL_DATA_DIR to the directory of the running server.',
    );
  }
}

/** Uses the answer of a success; of anything else it says what the server said. Resolves to the exit code. */
export async function withAnswer<T>(response: Response | undefined, use: (answer: T) => void): Promise<number> {
  if (!response) return failed('No server answers there: start one, or say where it is with --url.');
  if (response.status >= 300 && response.status < 400)
    return failed(`${response.status} The server is at another address. The key is not sent there unasked: see --url.`);
  const answer: unknown = response.status === 204 ? undefined : await response.json().catch(() => ({}));
  if (!response.ok) return failed(problemText(response.status, answer as Problem));
  use(answer as T);
  return 0;
}

/** Page after page, named by `cursor`, until `use` says that it has seen enough. Resolves to the exit code. */
export async function eachPage<P extends { readonly next: number | null }>(
  client: ApiClient,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  cursor: 'offset' | 'after',
  use: (page: P) => boolean,
): Promise<number> {
  const given = Object.entries(query).filter((entry): entry is [string, string] => entry[1] !== undefined);
  for (let at: number | null = 0; at !== null; ) {
    const parameters = new URLSearchParams([...given, ['limit', '1000'], [cursor, String(at)]]);
    let next: number | null = null;
    const code = await withAnswer(await client.get(`${path}?${parameters}`), (page: P) => {
      if (use(page)) next = page.next;
    });
    if (code !== 0) return code;
    at = next;
  }
  return 0;
}

function failed(text: string): number {
  process.stderr.write(`${text}\n`);
  return 1;
}

interface Problem {
  readonly detail?: string;
  readonly errors?: readonly { readonly pointer?: string; readonly parameter?: string; readonly reason: string }[];
}

function problemText(status: number, { detail = '', errors = [] }: Problem): string {
  const faults = errors.map(({ pointer, parameter, reason }) => `${pointer ?? parameter ?? ''} ${reason}`.trim());
  return [`${status} ${detail}`.trim(), ...faults].join('\n  ');
}
