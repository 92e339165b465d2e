// The HTTP interface of ClickHouse as far as Rollcall uses it, over chDB, which is the same engine without a server.
// A test server and nothing else: statements run one after the other and answers are held back until they are whole.
// Not emulated: users and grants beyond one password, sessions, roles, multipart parameters, external tables, native and
// zstd compression, progress headers, an error in the middle of an answer, cancelling, and every limit of a real server.
//
// node server.js PORT DIRECTORY USER PASSWORD
import { randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { gunzipSync, gzipSync } from 'node:zlib';
import { type Answer, Engine } from './engine.ts';
import { Refusal, refusalOf, statusOf } from './refusal.ts';
import { oneStatement, parameterOf, splitRows } from './statement.ts';

/** Of the query string: not settings. */
const RESERVED = new Set(
  ['query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'stacktrace'].concat([
    'compress',
    'decompress',
    'buffer_size',
    'session_id',
    'session_timeout',
    'session_check',
    'close_session',
    'role',
  ]),
);
/** Settings of the HTTP layer, which chDB does not have. */
const OF_THE_HTTP_LAYER =
  /^(wait_end_of_query|enable_http_compression|http_.*|send_progress_in_http_headers|add_http_cors_header|cancel_http_readonly_queries_on_client_close)$/;
const REFUSED = ['session_id', 'role', 'compress', 'decompress'];
/** A server's default is 10 or 30 s by version; it was 3 s once, and a proxy's may be as short. */
const KEEP_ALIVE_MS = 3_000;
/** As http_max_uri_size of a server: values of filters travel in the URL. */
const MAX_URL_BYTES = 1_048_576;

const [port, directory, user, password] = process.argv.slice(2) as [string, string, string, string];
const engine = new Engine(directory);
const version = (
  await engine.run({
    text: 'SELECT version()',
    rows: null,
    database: 'default',
    settings: new Map(),
    parameters: new Map(),
    format: 'TSVRaw',
  })
).body
  .toString()
  .trim();

const server = createServer({ keepAliveTimeout: KEEP_ALIVE_MS, maxHeaderSize: MAX_URL_BYTES }, (request, response) => {
  request.on('error', () => {});
  response.on('error', () => {});
  answer(request, response).catch(() => response.destroy());
});
server.listen(Number(port), '127.0.0.1', () => process.stdout.write('ready\n'));
process.once('SIGTERM', () => {
  server.close();
  server.closeAllConnections();
  void engine.close().then(() => process.exit(0));
});

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const asked = url.searchParams;
  if (url.pathname === '/ping' || (url.pathname === '/' && request.method === 'GET' && !asked.has('query')))
    return void response.end('Ok.\n');
  if (url.pathname !== '/') return void response.writeHead(404).end(`There is no handle ${url.pathname}\n`);
  const body = await bodyOf(request);
  const headers: Record<string, string> = {
    'X-ClickHouse-Server-Display-Name': 'rollcall-test-chdb',
    'X-ClickHouse-Query-Id': asked.get('query_id') ?? randomUUID(),
    'X-ClickHouse-Timezone': 'UTC',
  };
  const gzip = asked.get('enable_http_compression') === '1' && /\bgzip\b/.test(`${request.headers['accept-encoding']}`);
  const send = (status: number, content: Buffer, more: Record<string, string>) => {
    const encoding = gzip ? { 'Content-Encoding': 'gzip' } : {};
    response.writeHead(status, { ...headers, ...more, ...encoding }).end(gzip ? gzipSync(content) : content);
  };
  try {
    permit(request, asked);
    const { result, format } = await run(request, asked, body);
    send(200, result.body, {
      'Content-Type': format.startsWith('JSON') ? 'application/json; charset=UTF-8' : 'text/plain; charset=UTF-8',
      'X-ClickHouse-Format': format,
      'X-ClickHouse-Summary': summaryOf(result),
    });
  } catch (thrown) {
    const { code, text } = refusalOf(thrown);
    send(statusOf(code), Buffer.from(`${text} (version ${version})\n`), {
      'Content-Type': 'text/plain; charset=UTF-8',
      'X-ClickHouse-Exception-Code': `${code}`,
    });
  }
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function inflated(request: IncomingMessage, body: Buffer): Buffer {
  const encoding = request.headers['content-encoding'];
  if (encoding === undefined || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw new Refusal(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding} is not emulated`);
  try {
    return gunzipSync(body);
  } catch {
    throw new Refusal(354, 'ZLIB_INFLATE_FAILED', 'inflate failed');
  }
}

function permit(request: IncomingMessage, asked: URLSearchParams): void {
  const [scheme, credentials = ''] = (request.headers.authorization ?? '').split(' ');
  const basic = scheme === 'Basic' ? Buffer.from(credentials, 'base64').toString() : '';
  const header = (name: string) => request.headers[name]?.toString();
  const givenUser = header('x-clickhouse-user') ?? asked.get('user') ?? basic.split(':')[0];
  const givenPassword = header('x-clickhouse-key') ?? asked.get('password') ?? basic.slice(basic.indexOf(':') + 1);
  if (same(givenUser ?? '', user) && same(givenPassword, password)) return;
  const reason = 'Authentication failed: password is incorrect, or there is no user with such name';
  throw new Refusal(516, 'AUTHENTICATION_FAILED', `${givenUser || 'default'}: ${reason}`);
}

function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

async function run(
  request: IncomingMessage,
  asked: URLSearchParams,
  body: Buffer,
): Promise<{ result: Answer; format: string }> {
  const refused = REFUSED.find((name) => asked.has(name) && asked.get(name) !== '0');
  if (refused) throw new Refusal(48, 'NOT_IMPLEMENTED', `${refused} is not emulated`);
  if (request.headers['content-type']?.startsWith('multipart/'))
    throw new Refusal(48, 'NOT_IMPLEMENTED', 'multipart bodies are not emulated');
  const { text, rows } = splitRows(asked.get('query') ?? '', inflated(request, body));
  const statement = oneStatement(text);
  const format = /\sFORMAT\s+(\w+)\s*$/i.exec(statement)?.[1] ?? asked.get('default_format') ?? 'TabSeparated';
  const settings = new Map<string, string>();
  const parameters = new Map<string, string>();
  for (const [name, value] of asked) {
    if (name.startsWith('param_')) parameters.set(name.slice(6), parameterOf(name.slice(6), value, statement));
    else if (!RESERVED.has(name) && !OF_THE_HTTP_LAYER.test(name)) settings.set(settingName(name), value);
  }
  if (request.method === 'GET') settings.set('readonly', '2');
  const database = asked.get('database') ?? request.headers['x-clickhouse-database']?.toString() ?? 'default';
  const result = await engine.run({ text: statement, rows, database, settings, parameters, format });
  return { result, format };
}

function settingName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]{0,80}$/.test(name)) return name;
  throw new Refusal(115, 'UNKNOWN_SETTING', 'Unknown setting');
}

function summaryOf({ readRows, readBytes, body }: Answer): string {
  return JSON.stringify({
    read_rows: `${readRows}`,
    read_bytes: `${readBytes}`,
    written_rows: '0',
    written_bytes: '0',
    total_rows_to_read: '0',
    result_rows: '0',
    result_bytes: `${body.length}`,
    elapsed_ns: '0',
  });
}
