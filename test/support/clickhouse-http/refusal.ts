/** What the server answers instead of a result: the text and the code as ClickHouse writes them. */
export class Refusal extends Error {
  readonly code: number;

  constructor(code: number, type: string, text: string) {
    super(`Code: ${code}. DB::Exception: ${text}. (${type})`);
    this.code = code;
  }
}

/** Whatever the engine threw, as a refusal's code and text. */
export function refusalOf(thrown: unknown): { code: number; text: string } {
  if (thrown instanceof Refusal) return { code: thrown.code, text: thrown.message };
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const code = Number(/^Code: (\d+)\./.exec(text)?.[1] ?? 1001);
  return { code, text: code === 1001 ? `Code: 1001. DB::Exception: ${text}. (STD_EXCEPTION)` : text };
}

// ClickHouse, src/Server/HTTP/exceptionCodeToHTTPStatus.cpp.
const STATUSES: readonly (readonly [status: number, codes: readonly number[]])[] = [
  [401, [194]],
  [403, [192, 193, 291, 497, 516]],
  [400, [6, 25, 26, 27, 36, 38, 41, 44, 53, 61, 62, 72, 117, 321, 427, 456, 457]],
  [404, [46, 47, 50, 56, 60, 63, 73, 81, 115]],
  [413, [223]],
  [501, [48]],
  [503, [209, 439]],
  [408, [159]],
];

export function statusOf(code: number): number {
  return STATUSES.find(([, codes]) => codes.includes(code))?.[0] ?? 500;
}
