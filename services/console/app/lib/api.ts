/** How the console speaks to the server it came from, and to no other. */

export type Params = Readonly<Record<string, string | number | boolean | readonly string[] | undefined | null>>;

/** An answer that is no success, as the server describes it (RFC 9457); `type` is `network` when there was none. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly errors: readonly { readonly pointer?: string; readonly parameter?: string; readonly reason: string }[];
  constructor(status: number, type: string, detail: string, errors: ApiProblem['errors'] = []) {
    super(detail);
    this.name = 'ApiProblem';
    this.status = status;
    this.type = type;
    this.errors = errors;
  }
}

/** Lives in memory alone: whoever reloads the page asks for it again. */
let csrfToken: string | undefined;
export function rememberCsrf(token: string | null): void {
  csrfToken = token ?? undefined;
}

/** The path with its parameters in the order of the alphabet; what is undefined, null or empty is left out. */
export function address(path: string, params: Params = {}): string {
  const query = new URLSearchParams(
    Object.entries(params)
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, value]) => [value].flat().map((one): [string, string] => [name, String(one)])),
  );
  return query.size === 0 ? path : `${path}?${query}`;
}

/** One part of a path. */
export const part = (name: string): string => encodeURIComponent(name);

export async function get<T>(path: string, params: Params = {}, signal?: AbortSignal): Promise<T> {
  const response = await asked(address(path, params), signal ? { signal } : {});
  return (await response.json()) as T;
}

export async function getBytes(path: string, params: Params = {}, signal?: AbortSignal): Promise<ArrayBuffer> {
  const response = await asked(address(path, params), { headers: { accept: '*/*' }, ...(signal ? { signal } : {}) });
  return response.arrayBuffer();
}

export async function send<T>(
  method: 'POST' | 'DELETE',
  path: string,
  body?: unknown,
  params: Params = {},
): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (csrfToken !== undefined) headers['x-csrf-token'] = csrfToken;
  if (body !== undefined) headers['content-type'] = 'application/json';
  const response = await asked(address(path, params), {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return (response.status === 204 ? undefined : await response.json()) as T;
}

/** As whoever has no key: no cookie goes along, whoever is signed in here. */
export async function sendAsNobody<T>(path: string, body: unknown, signal: AbortSignal): Promise<T> {
  const headers = { accept: 'application/json', 'content-type': 'application/json' };
  const init = { method: 'POST', credentials: 'omit', headers, body: JSON.stringify(body), signal } as const;
  return (await (await asked(path, init)).json()) as T;
}

async function asked(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, {
    credentials: 'same-origin',
    headers: { accept: 'application/json' },
    ...init,
  }).catch((thrown: unknown) => {
    if (thrown instanceof DOMException && thrown.name === 'AbortError') throw thrown;
    throw new ApiProblem(0, 'network', 'The server does not answer.');
  });
  if (response.ok) return response;
  throw await problemOf(response);
}

async function problemOf(response: Response): Promise<ApiProblem> {
  try {
    const { type, detail, errors } = (await response.json()) as {
      type?: string;
      detail?: string;
      errors?: ApiProblem['errors'];
    };
    // A type is an address; its last part is what people and this code know it by.
    return new ApiProblem(
      response.status,
      (type ?? 'unknown').replace(/^.*\//, ''),
      detail ?? 'The server refused.',
      errors,
    );
  } catch {
    return new ApiProblem(response.status, 'unknown', 'The server answered with something that is no answer.');
  }
}

/** Whether asking again by itself can help. */
export function passes(problem: unknown): boolean {
  return problem instanceof ApiProblem && (problem.status === 0 || problem.status === 429 || problem.status >= 500);
}
