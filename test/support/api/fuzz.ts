import * as z from 'zod';
import { fc } from '../fast-check.ts';

// A fuzzer that knows nothing of the server but its OpenAPI document.

type Json = Record<string, unknown>;

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required?: boolean;
  readonly schema: Json;
  readonly example?: unknown;
}

interface Described {
  readonly content?: Record<string, { readonly schema: Json }>;
  readonly 'x-files'?: Record<string, { readonly schema: Json }>;
}

export interface Operation {
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly body: { readonly schema: Json; readonly example?: unknown } | undefined;
  readonly responses: Readonly<Record<string, Described>>;
}

export interface FuzzRequest {
  readonly method: string;
  readonly url: string;
  readonly body?: string;
}

export interface FuzzResponse {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

export function operationsOf(document: Json): Operation[] {
  const resolved = JSON.parse(JSON.stringify(document), (_key, value) => {
    const ref = typeof value?.$ref === 'string' && /^#\/components\/schemas\/(\w+)$/.exec(value.$ref)?.[1];
    return ref ? (document.components as { schemas: Record<string, Json> }).schemas[ref] : value;
  });
  return Object.entries(resolved.paths as Record<string, Record<string, Json>>).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: (operation.parameters ?? []) as Parameter[],
      body: (operation.requestBody as { content: Record<string, { schema: Json; example?: unknown }> } | undefined)
        ?.content['application/json'],
      responses: operation.responses as Operation['responses'],
    })),
  );
}

/** What an attacker would put into a parameter. */
export const HOSTILE: readonly string[] = [
  "' OR 1=1 --",
  "'; DROP TABLE cube; --",
  "x' UNION ALL SELECT key FROM facts --",
  '{period:UInt32}',
  '\\',
  "\\'",
  '%',
  '\u0000',
  'a\u0000b',
  '=1+1',
  '+cmd|calc',
  '-2+3',
  '@SUM(A1)',
  '\t=1',
  'x\r\nX-Injected: 1',
  '>; rel="canonical", <https://evil.example',
  '../../../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '[object Object]',
  '999999999999999999999',
  '-1',
  '1e3',
  'NaN',
  '\u202e\u{1f4a3}',
  'A'.repeat(3000),
];

const FRAGMENTS = [
  '%',
  '%zz',
  '%ff',
  '%c0%af',
  'a=b',
  '=',
  '&&',
  '__proto__=1',
  'limit[]=1',
  'format=csv',
  'x'.repeat(50),
];

/** Requests as the document allows them, and with one thing wrong. `words` are names that the server knows. */
export function requestsTo(operation: Operation, words: readonly string[]): fc.Arbitrary<FuzzRequest> {
  const { parameters, path, method } = operation;
  const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 80 }));
  const valid = fc.record(
    Object.fromEntries(parameters.map((parameter) => [parameter.name, valuesOf(parameter.schema, words)])),
    { requiredKeys: parameters.filter((parameter) => parameter.required).map((parameter) => parameter.name) },
  ) as fc.Arbitrary<Record<string, unknown>>;
  const names = [...parameters.map((parameter) => parameter.name), 'unknown'];
  const wrong = fc.option(fc.record({ name: fc.constantFrom(...names), value: hostile }), { freq: 1 });
  const raw = fc.option(fc.constantFrom(...FRAGMENTS), { freq: 8 });
  const url = fc.tuple(valid, wrong, raw).map(([values, bad, fragment]) => {
    const given: Record<string, unknown> = { ...values, ...(bad ? { [bad.name]: bad.value } : {}) };
    const target = path.replace(/\{(\w+)\}/g, (_, name) => encoded(String(given[name])));
    const inQuery = Object.entries(given).filter(
      ([name]) => !parameters.some((parameter) => parameter.name === name && parameter.in === 'path'),
    );
    const pairs = inQuery.flatMap(([name, value]) => [value].flat().map((one) => `${name}=${encoded(String(one))}`));
    if (fragment !== null) pairs.push(fragment);
    return pairs.length === 0 ? target : `${target}?${pairs.join('&')}`;
  });
  if (!operation.body) return url.map((made) => ({ method, url: made }));
  const body = fc.oneof(
    { weight: 4, arbitrary: valuesOf(operation.body.schema, words).map((value) => JSON.stringify(value)) },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  );
  return fc.tuple(url, body).map(([made, sent]) => ({ method, url: made, body: sent ?? '' }));
}

/** A lone surrogate has no form in a URL. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function valuesOf(schema: Json, words: readonly string[]): fc.Arbitrary<unknown> {
  const { type, minimum, maximum, minLength, maxLength, pattern, properties } = schema as Record<string, never>;
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(schema.enum)) return fc.constantFrom(...(schema.enum as unknown[]));
  const variants = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(variants)) return fc.oneof(...(variants as Json[]).map((one) => valuesOf(one, words)));
  if (type === 'integer' || type === 'number') return numbers(minimum ?? 0, maximum ?? 1_000_000);
  if (type === 'boolean') return fc.boolean();
  if (type === 'null') return fc.constant(null);
  if (type === 'array')
    return fc.array(valuesOf((schema.items ?? {}) as Json, words), {
      minLength: (schema.minItems as number) ?? 0,
      maxLength: Math.min((schema.maxItems as number) ?? 4, 6),
    });
  if (type === 'object')
    return fc.record(
      Object.fromEntries(
        Object.entries((properties ?? {}) as Record<string, Json>).map(([k, v]) => [k, valuesOf(v, words)]),
      ),
      { requiredKeys: (schema.required ?? []) as never[] },
    );
  const fitting = words.filter((word) => pattern === undefined || new RegExp(pattern).test(word));
  const free =
    // What looks ahead cannot be turned into texts that fit: any text will do, and most are refused.
    pattern === undefined || String(pattern).includes('(?')
      ? fc.string({ minLength: minLength ?? 0, maxLength: Math.min(maxLength ?? 64, 64) })
      : fc.stringMatching(new RegExp(pattern));
  return fitting.length > 0
    ? fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...fitting) }, { weight: 1, arbitrary: free })
    : free;
}

function numbers(min: number, max: number): fc.Arbitrary<number> {
  return fc.oneof(
    fc.constantFrom(min, max),
    fc.integer({ min, max: Math.min(max, min + 20) }),
    fc.integer({ min, max }),
  );
}

const parsers = new WeakMap<Json, z.ZodType>();

/** What is wrong with an answer, by the document alone; undefined when nothing is. */
export function faultOf(operation: Operation, { status, type, body }: FuzzResponse): string | undefined {
  if (status >= 500) return `status ${status}`;
  const described = operation.responses[String(status)] ?? operation.responses.default;
  if (!described) return `status ${status} is not described`;
  if (status === 304 || status === 204) return body === '' ? undefined : 'a body where there is none';
  const mediaType = type.split(';')[0] as string;
  const content = described.content?.[mediaType] ?? described['x-files']?.[mediaType] ?? described.content?.['*/*'];
  if (!content) return `${status} as ${mediaType} is not described`;
  if (!/json$/.test(mediaType)) return undefined;
  const parser = parsers.get(content.schema) ?? z.fromJSONSchema(content.schema as never);
  parsers.set(content.schema, parser);
  const parsed = parser.safeParse(JSON.parse(body));
  return parsed.success ? undefined : `not as described: ${JSON.stringify(parsed.error.issues.slice(0, 3))}`;
}

/** The operation's example as a request; undefined where it has none. */
export function exampleOf(operation: Operation): FuzzRequest | undefined {
  const { method, path, parameters, body } = operation;
  if (body) return body.example === undefined ? undefined : { method, url: path, body: JSON.stringify(body.example) };
  if (method !== 'GET' || parameters.some(({ required, example }) => required && example === undefined))
    return undefined;
  const given = parameters.filter(({ example }) => example !== undefined);
  const url = path.replace(/\{(\w+)\}/g, (_, name) => encoded(String(given.find((one) => one.name === name)?.example)));
  const pairs = given
    .filter((parameter) => parameter.in === 'query')
    .flatMap(({ name, example }) => [example].flat().map((one) => `${name}=${encoded(String(one))}`));
  return { method, url: pairs.length === 0 ? url : `${url}?${pairs.join('&')}` };
}
