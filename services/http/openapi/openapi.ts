import * as z from 'zod';
import { documentedAs } from '../query-parts.ts';
import type { Route, Rule } from '../route.ts';
import { parameterWords } from './parameter-words.ts';

/** JSON Schema or a part of an OpenAPI document. */
export type Json = Record<string, unknown>;

const MEDIA = { csv: 'text/csv', parquet: 'application/vnd.apache.parquet' } as const;

/**
 * The OpenAPI 3.1 document of the routes. It is made from the schemas that requests are parsed with, so it says what
 * the server does.
 */
export function openApiDocument(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Rollcall',
      version: '1',
      summary: 'Counts of the hardware of phone systems',
      description:
        'Numbers rest on a threshold of sites: a cell of fewer is in no answer, format, sort or page. While a month is ' +
        'open, each number and each change of a number rests on that many sites too. Lists can be had as CSV and as ' +
        'Parquet, whole unless `limit` is given. The Link header of an answer holds its permanent address ' +
        '(`rel="self canonical"`) and that of the next page (`rel="next"`). An answer has an ETag: If-None-Match is ' +
        'answered 304 as long as nothing was counted since.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    paths,
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An access key.' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: '__Host-rollcall_session',
          description:
            "A browser's session; `rollcall_session` where there is no TLS. Changes need its CSRF token too.",
        },
      },
      schemas: { Problem: PROBLEM },
    },
  };
}

/** RFC 9457. */
const PROBLEM: Json = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail'],
  properties: {
    type: { type: 'string', pattern: '^/problems/[a-z-]+$' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['reason'],
        properties: {
          parameter: { type: 'string' },
          pointer: { type: 'string' },
          reason: { type: 'string' },
          allowed: { type: 'array', items: { type: 'string' } },
          didYouMean: { type: 'string' },
        },
      },
    },
  },
};

function operation(route: Route): Json {
  return {
    operationId: operationId(route),
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    security: route.allow === 'public' ? [] : [{ key: [] }, { session: [] }],
    ...(route.allow === 'public' ? {} : { 'x-allow': rolesOf(route.allow) }),
    parameters: [...parameters(route, 'path'), ...parameters(route, 'query')],
    ...(route.body ? { requestBody: bodyOf(route.body, route.bodyExample) } : {}),
    responses: responses(route),
  };
}

function rolesOf(rule: Exclude<Rule, 'public'>): readonly string[] {
  return [...rule, 'admin'].filter((role, i, all) => all.indexOf(role) === i);
}

/** `GET /v1/vendors/:vendor` as `getVendorsVendor`. */
function operationId({ method, path }: Route): string {
  const words = path.split(/[^a-zA-Z0-9]+/).filter((word) => word !== '' && word !== 'v1');
  return [method.toLowerCase(), ...words.map((word) => word.charAt(0).toUpperCase() + word.slice(1))].join('');
}

function parameters(route: Route, place: 'path' | 'query'): Json[] {
  const named = place === 'path' ? pathParameters(route) : queryParameters(route);
  return Object.entries(named).map(([name, { schema, required }]) => ({
    name,
    in: place,
    ...describedAs(parameterWords(name, route.path)),
    ...(required ? { required } : {}),
    schema,
    ...(route.example?.[name] === undefined ? {} : { example: typed(route.example[name], schema) }),
  }));
}

const describedAs = (description: string | undefined) => (description === undefined ? {} : { description });

type Named = Record<string, { schema: Json; required: boolean }>;

function pathParameters({ path, params }: Route): Named {
  const known = params ? propertiesOf(params) : {};
  return Object.fromEntries(
    [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name = '']) => [
      name,
      { schema: known[name]?.schema ?? { type: 'string', minLength: 1 }, required: true },
    ]),
  );
}

function queryParameters({ query, formats }: Route): Named {
  const known = query ? propertiesOf(query) : {};
  const format = { schema: { enum: ['json', ...(formats ?? [])], default: 'json', type: 'string' }, required: false };
  return formats ? { ...known, format } : known;
}

function propertiesOf(schema: z.ZodType): Named {
  const { properties = {}, required = [] } = jsonSchema(schema, 'input') as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.fromEntries(
    Object.entries(properties).map(([name, of]) => [name, { schema: of, required: required.includes(name) }]),
  );
}

/** The text of a number as a number. */
function typed(example: string | readonly string[], schema: Json): unknown {
  return schema.type === 'integer' ? Number(example) : example;
}

function bodyOf(body: z.ZodType, example: unknown): Json {
  return {
    required: true,
    content: {
      'application/json': { schema: jsonSchema(body, 'input'), ...(example === undefined ? {} : { example }) },
    },
  };
}

function responses(route: Route): Json {
  const status = String(route.status ?? 200);
  const problem = (description: string) => ({
    description,
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  return {
    [status]: {
      description: route.summary,
      ...(status === '204' ? {} : { content: contentOf(route), ...filesOf(route) }),
    },
    ...(route.also
      ? {
          [String(route.also.status)]: {
            description: route.also.description,
            content: { 'application/json': { schema: jsonSchema(route.also.answer, 'output') } },
          },
        }
      : {}),
    ...(route.method === 'GET' ? { '304': { description: 'The caller has the answer' } } : {}),
    ...(route.query || route.body || route.params ? { '400': problem('A parameter or the body is not allowed') } : {}),
    ...(route.allow === 'public'
      ? {}
      : { '401': problem('No key or a wrong one'), '403': problem('The key may not do this') }),
    default: problem('Any other failure'),
  };
}

function contentOf({ answer, mediaType = 'application/json' }: Route): Json {
  return { [mediaType]: { schema: jsonSchema(answer, 'output') } };
}

/**
 * The media types that the answer is also had in as a file. They stand beside `content`: in it, generated clients take
 * each answer for either the object or a text, and every reader needs a cast.
 */
function filesOf({ formats = [] }: Route): Json {
  if (formats.length === 0) return {};
  const schema = { csv: { type: 'string' }, parquet: { type: 'string', format: 'binary' } } as const;
  return { 'x-files': Object.fromEntries(formats.map((format) => [MEDIA[format], { schema: schema[format] }])) };
}

/** 2020-12, the dialect of OpenAPI 3.1. Refinements and transformations have no form in it. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema: json }) {
      const said = io === 'input' ? documentedAs(zodSchema) : undefined;
      if (!said) return;
      for (const key of Object.keys(json)) delete json[key as keyof typeof json];
      Object.assign(json, said);
    },
  });
  return rest;
}
