import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import type { Json } from '../openapi/openapi.ts';
import { STYLE } from './style.ts';
import { TRY_IT } from './try-it.ts';

const MONTH = z.toJSONSchema(Period, { io: 'input' }).pattern;

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly unknown[];
  readonly 'x-allow'?: readonly string[];
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Record<string, Media> };
  readonly responses: Record<
    string,
    { readonly description: string; readonly content?: Record<string, Media>; readonly 'x-files'?: object }
  >;
}
interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly description?: string;
  readonly required?: boolean;
  readonly schema: Json;
  readonly example?: unknown;
}
interface Media {
  readonly schema: Json;
  readonly example?: unknown;
}

/** The document for people: one page that needs nothing from anywhere else. */
export function docsPage(document: Json): string {
  const { title, summary, description } = document.info as Record<string, string>;
  const operations = Object.entries(document.paths as Record<string, Record<string, Operation>>).flatMap(
    ([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const groups = grouped(operations);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(title)} API</title>
<style>${STYLE}</style>
</head>
<body>
<header>
<h1>${text(title)} API</h1>
<p>${text(summary)}. The same as a document for programs: <a href="/openapi.json">openapi.json</a>.</p>
<p>${prose(description)}</p>
<p>Send a key as <code>Authorization: Bearer KEY</code>. Each endpoint says which scopes may ask it.</p>
<p>Signed in to <a href="/">the console</a>, “try it” asks with your session; <code>curl</code> wants a key in <code>ROLLCALL_KEY</code> and the server in <code>ROLLCALL</code>.</p>
</header>
<div class="beside">
<nav aria-label="Endpoints">
${groups.map(([title, of]) => `<h2 class="group">${text(title)}</h2><ul>${of.map(({ path, method, operation }) => `<li><a href="#${text(operation.operationId)}">${text(method.toUpperCase())} ${text(path)}</a> <small>${text(operation.summary)}</small></li>`).join('\n')}</ul>`).join('\n')}
</nav>
<main>
${groups.map(([title, of]) => `<h2 class="group">${text(title)}</h2>\n${of.map(({ path, method, operation }) => section(path, method, operation)).join('\n')}`).join('\n')}
</main>
</div>
<script type="module">${TRY_IT}</script>
</body>
</html>
`;
}

interface Placed {
  readonly path: string;
  readonly method: string;
  readonly operation: Operation;
}

/** By who uses it: the first group whose scope may ask. */
const GROUPS = [
  ['For anybody: what is collected, and what agents send', undefined],
  ['For everybody with a key', 'everybody'],
  ['For product managers: counts, trends, movers', 'reader'],
  ['For curators: names that the catalogue does not know', 'curator'],
  ['For releasers: what manufacturers are given', 'releaser'],
  ['For admins: keys and the audit', 'admin'],
] as const;

function grouped(operations: readonly Placed[]): (readonly [string, readonly Placed[]])[] {
  const groupOf = ({ 'x-allow': allowed }: Operation) => {
    if (!allowed) return undefined;
    if (allowed.includes('manufacturer') && allowed.includes('reader')) return 'everybody';
    return GROUPS.find(([, scope]) => scope !== undefined && allowed.includes(scope))?.[1];
  };
  return GROUPS.map(
    ([title, scope]) => [title, operations.filter((one) => groupOf(one.operation) === scope)] as const,
  ).filter(([, of]) => of.length > 0);
}

function section(path: string, method: string, operation: Operation): string {
  const { operationId, summary, description, parameters, requestBody } = operation;
  const allowed = operation['x-allow'];
  const example = exampleOf(path, method, parameters);
  return `<section id="${text(operationId)}">
<h3><b>${text(method.toUpperCase())}</b> <code>${text(path)}</code></h3>
<p>${text(summary)}.${description === undefined ? '' : ` ${prose(description)}`}</p>
<p>${allowed ? `For keys with the scope ${allowed.map((role) => `<code>${text(role)}</code>`).join(', ')}.` : 'For anybody.'}</p>
${parameters.length === 0 ? '' : parameterTable(parameters)}
${example === undefined ? '' : `<p>Example: <a href="${text(example)}"><code>${text(example)}</code></a></p>`}
<pre>${text(curlOf(path, method, operation))}</pre>
${method === 'get' ? tryIt(path, operation) : ''}
${requestBody ? Object.entries(requestBody.content).map(body).join('\n') : ''}
<div class="wide"><table>
<tr><th scope="col">Answer</th><th scope="col">Meaning</th><th scope="col">Form</th></tr>
${Object.entries(operation.responses)
  .map(
    ([status, response]) =>
      `<tr><td>${text(status)}</td><td>${text(response.description)}</td><td>${Object.keys({
        ...response.content,
        ...response['x-files'],
      })
        .map(text)
        .join('<br>')}</td></tr>`,
  )
  .join('\n')}
</table></div>
${Object.entries(operation.responses)
  .filter(([status]) => /^2/.test(status))
  .flatMap(([, response]) => Object.entries(response.content ?? {}))
  .filter(([type]) => type === 'application/json')
  .map(([, media]) => details('Schema of the answer', media.schema))
  .join('\n')}
</section>`;
}

function parameterTable(parameters: readonly Parameter[]): string {
  return `<div class="wide"><table>
<tr><th scope="col">Parameter</th><th scope="col">What for, and its values</th><th scope="col">Default</th></tr>
${parameters
  .map(
    ({ name, required, description, schema, example }) =>
      `<tr><td><code>${text(name)}</code>${required ? '<br>required' : ''}</td><td>${description === undefined ? '' : `${prose(description)}<br>`}${valuesOf(schema, example)}</td><td>${schema.default === undefined ? '' : `<code>${text(String(schema.default))}</code>`}</td></tr>`,
  )
  .join('\n')}
</table></div>`;
}

/** What a parameter may be, for a reader: of a pattern an example says more. */
function valuesOf(schema: Json, example?: unknown): string {
  if (Array.isArray(schema.enum)) return schema.enum.map((value) => `<code>${text(String(value))}</code>`).join(' ');
  if (schema.type === 'integer') return text(`${schema.minimum} to ${schema.maximum}`);
  if (schema.type === 'array')
    return `${text(`${schema.minItems} to ${schema.maxItems} times: `)}${valuesOf(schema.items as Json, [example].flat()[0])}`;
  if (schema.pattern === MONTH) return 'a month, such as <code>2026-11</code>';
  if (typeof schema.pattern === 'string' && schema.maxLength === undefined)
    return example === undefined
      ? `<code>${text(schema.pattern)}</code>`
      : `such as <code>${text(String(example))}</code>`;
  return text(schema.maxLength === undefined ? 'text' : `text of up to ${schema.maxLength} characters`);
}

/** The request as a command, without a key in it. `$ROLLCALL` is where the server is. */
function curlOf(path: string, method: string, { parameters, requestBody, 'x-allow': allowed }: Operation): string {
  const key = allowed ? '-H "Authorization: Bearer $ROLLCALL_KEY" ' : '';
  const verb = method === 'get' ? '' : `-X ${method.toUpperCase()} `;
  const [type, media] = Object.entries(requestBody?.content ?? {})[0] ?? [];
  const sent = media?.example === undefined ? '' : ` -H 'Content-Type: ${type}' -d '${JSON.stringify(media.example)}'`;
  return `curl ${verb}${key}"$ROLLCALL${exampleOf(path, method, parameters) ?? placeholders(path)}"${sent}`;
}

/** `/v1/releases/PERIOD/PARTY/FILE`: braces would be curl's own. */
function placeholders(path: string): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => name.toUpperCase());
}

/** The question as a form. Hidden until the page's script has taken it over: a form of its own would send empty parameters. */
function tryIt(path: string, { operationId, parameters }: Operation): string {
  const example = exampleOf(path, 'get', parameters) ?? placeholders(path);
  return `<details><summary>Try it</summary><form class="try" data-path="${text(path)}" hidden aria-label="Try ${text(operationId)}">
${parameters.map((parameter) => inputsOf(parameter, operationId)).join('\n')}
<p><button>Ask</button> <code>${text(example)}</code></p><output></output></form></details>`;
}

/** Of a list as many fields as it may have. */
function inputsOf({ name, required, schema, example }: Parameter, operationId: string): string {
  const given = [example ?? []].flat().map(String);
  const fields = schema.type === 'array' ? Number(schema.maxItems ?? 1) : 1;
  const needed = required ? Number(schema.minItems ?? 1) : 0;
  return Array.from({ length: fields }, (_, i) => {
    const id = `${operationId}-${name}${i === 0 ? '' : `-${i}`}`;
    return `<p><label for="${text(id)}">${text(name)}</label>${inputOf({ id, name, required: i < needed, schema, value: given[i] ?? '' })}</p>`;
  }).join('\n');
}

interface Input {
  readonly id: string;
  readonly name: string;
  readonly required: boolean | undefined;
  readonly schema: Json;
  readonly value: string;
}

function inputOf({ id, name, required, schema, value }: Input): string {
  const said = `id="${text(id)}" name="${text(name)}"${required ? ' required' : ''}`;
  const choices = (schema.enum as unknown[] | undefined)?.map(String).filter((one) => one !== 'parquet');
  if (!choices)
    return `<input ${said} value="${text(value)}" placeholder="${text(String(schema.default ?? ''))}" autocomplete="off">`;
  const options = [...(required ? [] : ['']), ...choices];
  return `<select ${said}>${options.map((one) => `<option${one === value ? ' selected' : ''}>${text(one)}</option>`).join('')}</select>`;
}

/** The example's address; undefined where parameters that are needed have none. */
function exampleOf(path: string, method: string, parameters: readonly Parameter[]): string | undefined {
  if (method !== 'get' || parameters.some(({ required, example }) => required && example === undefined))
    return undefined;
  const given = parameters.filter(({ example }) => example !== undefined);
  const inPath = path.replace(/\{(\w+)\}/g, (_, name) =>
    encodeURIComponent(String(given.find((parameter) => parameter.name === name)?.example)),
  );
  const query = new URLSearchParams(
    given
      .filter((parameter) => parameter.in === 'query')
      .flatMap(({ name, example }) => [example].flat().map((one): [string, string] => [name, String(one)])),
  );
  return query.size === 0 ? inPath : `${inPath}?${query}`;
}

function body([type, { schema, example }]: [string, Media]): string {
  const shown = example === undefined ? '' : `<pre>${text(JSON.stringify(example, null, 2))}</pre>`;
  return `<p>Body (<code>${text(type)}</code>), for example:</p>${shown}${details('Schema of the body', schema)}`;
}

function details(summary: string, schema: Json): string {
  return `<details><summary>${text(summary)}</summary><pre>${text(JSON.stringify(schema, null, 2))}</pre></details>`;
}

/** Text with code in backticks. */
function prose(markdown = ''): string {
  return text(markdown).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function text(raw = ''): string {
  return raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
