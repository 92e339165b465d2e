import * as z from 'zod';
import { Period } from '../../../schemas/period.ts';
import type { Json } from '../openapi/openapi.ts';

const MONTH = z.toJSONSchema(Period, { io: 'input' }).pattern;

/** Readable on any screen, by day and by night, without a script. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#ccc, #444); --soft: light-dark(#f4f4f2, #242628); --key: light-dark(#0b57a4, #8ab8f0); --quiet: light-dark(#595959, #a6a6a3); }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1.5rem; background: light-dark(#fff, #17191b); color: light-dark(#1a1a1a, #e4e4e2); }
h3 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3 code { font-size: 1rem; }
.group { font-size: 1.3rem; margin: 3rem 0 0; }
nav .group { font-size: 1rem; margin: 1.25rem 0 .25rem; }
pre { white-space: pre-wrap; }
code, pre { font-family: ui-monospace, monospace; font-size: .875rem; overflow-wrap: anywhere; }
pre { background: var(--soft); padding: .75rem; overflow: auto; border-radius: 4px; }
details pre { max-height: 30rem; }
.wide { overflow-x: auto; margin: 1rem 0; }
table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); }
th:first-child { width: 8.5rem; }
th:last-child { width: 13rem; }
td code { background: var(--soft); border-radius: 3px; padding: 0 .25rem; overflow-wrap: normal; }
a, summary { color: var(--key); }
summary { cursor: pointer; margin: .5rem 0; }
nav ul { columns: 24rem; column-gap: 2rem; padding: 0; list-style: none; }
nav li { break-inside: avoid; margin-bottom: .5rem; }
nav small { display: block; color: var(--quiet); }
@media (max-width: 40rem) { body { padding: 1rem; } nav small { display: none; } th:first-child, th:last-child { width: auto; } }
b { color: var(--key); }
`;

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
<h1>${text(title)} API</h1>
<p>${text(summary)}. The same as a document for programs: <a href="/openapi.json">openapi.json</a>.</p>
<p>${prose(description)}</p>
<p>Send a key as <code>Authorization: Bearer KEY</code>. Each endpoint says which scopes may ask it.</p>
<p>Signed in to <a href="/">the console</a>, “try it” asks with your session; <code>curl</code> wants a key in <code>ROLLCALL_KEY</code>.</p>
<nav aria-label="Endpoints">
${groups.map(([title, of]) => `<h2 class="group">${text(title)}</h2><ul>${of.map(({ path, method, operation }) => `<li><a href="#${text(operation.operationId)}">${text(method.toUpperCase())} ${text(path)}</a> <small>${text(operation.summary)}</small></li>`).join('\n')}</ul>`).join('\n')}
</nav>
<main>
${groups.map(([title, of]) => `<h2 class="group">${text(title)}</h2>\n${of.map(({ path, method, operation }) => section(path, method, operation)).join('\n')}`).join('\n')}
</main>
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
${example === undefined ? '' : `<p>Example: <code>${text(example)}</code> <a href="${text(example)}">try it</a></p>`}
<pre>${text(curlOf(path, method, operation))}</pre>
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
<tr><th scope="col">Parameter</th><th scope="col">Values</th><th scope="col">Default</th></tr>
${parameters
  .map(
    ({ name, required, schema, example }) =>
      `<tr><td><code>${text(name)}</code>${required ? '<br>required' : ''}</td><td>${valuesOf(schema, example)}</td><td>${schema.default === undefined ? '' : `<code>${text(String(schema.default))}</code>`}</td></tr>`,
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
  return `curl ${verb}${key}"$ROLLCALL${exampleOf(path, method, parameters) ?? path}"${sent}`;
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
