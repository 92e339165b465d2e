import { Refusal } from './refusal.ts';

/** Looks past strings, quoted names and comments. */
const TOKENS = /'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`\\]|\\[\s\S])*`|--[^\n]*|\/\*[\s\S]*?\*\/|;/g;

/** A server runs one statement a request, while chDB would run them all. */
export function oneStatement(text: string): string {
  for (const { 0: token, index } of text.matchAll(TOKENS)) {
    if (token !== ';') continue;
    const rest = text.slice(index + 1).replace(TOKENS, (skipped) => (/^(--|\/\*)/.test(skipped) ? '' : skipped));
    if (rest.trim() !== '')
      throw new Refusal(62, 'SYNTAX_ERROR', 'Syntax error (Multi-statements are not allowed): failed at position');
    return text.slice(0, index);
  }
  return text;
}

const INSERT_HEAD = /^\s*INSERT\s+INTO\s[^;']*?\sFORMAT\s+(?!Values\b)\w+(?=\s|$)/i;

/** An INSERT … FORMAT and its rows; anything else has none. Query and body are one text to the server. */
export function splitRows(query: string, body: Buffer): { text: string; rows: Buffer | null } {
  if (INSERT_HEAD.test(query)) {
    const [head] = INSERT_HEAD.exec(query) as unknown as [string];
    return { text: head, rows: Buffer.concat([Buffer.from(query.slice(head.length).replace(/^[ \t]*\n?/, '')), body]) };
  }
  const whole = Buffer.concat([Buffer.from(query), Buffer.from(query && body.length ? '\n' : ''), body]);
  const head = INSERT_HEAD.exec(whole.subarray(0, 65_536).toString('latin1'))?.[0];
  if (head === undefined) return { text: whole.toString('utf8'), rows: null };
  const rest = whole.subarray(head.length);
  const newline = rest.indexOf(0x0a);
  return {
    text: Buffer.from(head, 'latin1').toString('utf8'),
    rows: newline < 0 ? Buffer.alloc(0) : rest.subarray(newline + 1),
  };
}

const UNESCAPED: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', 0: '\0', b: '\b', f: '\f' };

/**
 * The value as chDB's binding wants it: plain text, which it escapes again. Of lists, maps and tuples it would escape
 * the escapes, so those with a backslash are refused rather than changed.
 */
export function parameterOf(name: string, raw: string, text: string): string {
  if (!raw.includes('\\')) return raw;
  if (new RegExp(`\\{\\s*${name}\\s*:\\s*(Array|Map|Tuple)`).test(text))
    throw new Refusal(48, 'NOT_IMPLEMENTED', 'a list with escapes as a parameter is not emulated');
  return raw.replace(/\\([\s\S])/g, (_, character: string) => UNESCAPED[character] ?? character);
}
