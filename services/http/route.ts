import type { FastifyReply, FastifyRequest } from 'fastify';
import type * as z from 'zod';
import type { Format } from './formats/formats.ts';
import type { Table } from './formats/table.ts';

/** What a key may do. `manufacturer:NAME` sees that manufacturer's own numbers, whatever a request asks for. */
export const SCOPES = ['reader', 'curator', 'releaser', 'metrics', 'admin'] as const;
export type Scope = (typeof SCOPES)[number] | `manufacturer:${string}`;

/** Who calls: what the request's key or session was found to be. Names no key. */
export interface Caller {
  /** The key's public id, for the audit; never the key. */
  readonly keyId: string;
  readonly scopes: readonly Scope[];
  /** The manufacturer whose numbers alone it may see; undefined for everybody else. */
  readonly manufacturer: string | undefined;
}

/** `public`, or the roles that may call. `admin` may call everything. `manufacturer` stands for any of them. */
export type Rule = 'public' | readonly ((typeof SCOPES)[number] | 'manufacturer')[];

export interface Call<Q, B> {
  readonly query: Q;
  readonly body: B;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller | undefined;
  /** What the caller wants the answer as; `json` where a route has no other. */
  readonly format: Format;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/**
 * One endpoint. Routes are data: the server, the OpenAPI document, the authorisation matrix and the fuzzer are all made
 * from the same list, so that none can forget one.
 */
export interface Route<Q = unknown, B = unknown> {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Fastify's form: `/v1/keys/:id`. */
  readonly path: string;
  readonly summary: string;
  readonly allow: Rule;
  /** Strict: an unknown parameter is 400. */
  readonly query?: z.ZodType<Q>;
  /** The `:names` of the path; what does not fit is 400. */
  readonly params?: z.ZodType<Readonly<Record<string, string>>>;
  readonly body?: z.ZodType<B>;
  /** The answer of a success, for the document and for the tests that check answers against it. */
  readonly answer: z.ZodType;
  readonly status?: 200 | 201 | 202 | 204;
  /** A success of another status that the handler sends itself, for the document. */
  readonly also?: { readonly status: 200; readonly description: string; readonly answer: z.ZodType };
  /** Further media types that the answer can be had in (`?format=` or Accept), written from {@link table}. */
  readonly formats?: readonly ('csv' | 'parquet')[];
  /** The answer as rows and columns. */
  readonly table?: (answer: never) => Table;
  /** More than the summary, in Markdown, for the document. */
  readonly description?: string;
  /** Of the answer; JSON unless something else is said. */
  readonly mediaType?: string;
  readonly bodyExample?: unknown;
  /** Parameters of a question that the documentation shows and a test asks. */
  readonly example?: Readonly<Record<string, string | readonly string[]>>;
  handle(call: Call<Q, B>): Promise<unknown> | unknown;
}

/** Keeps a route's own types while it goes into a list of any. */
export function route<Q, B>(definition: Route<Q, B>): Route {
  return definition as unknown as Route;
}
