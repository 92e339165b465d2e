/** One registered endpoint as the owner's file gives it. Never leaves the agent. */
export interface Registration {
  readonly userAgent: string;
  /** The address of record, where the file tells: one phone may be in it several times. */
  readonly aor?: string;
}

export interface ParsedRegistrations {
  readonly registrations: readonly Registration[];
  /** Lines too long to be a registration, or of a known format and broken. */
  readonly broken: number;
}

/** A line of `database show registrar/contact` has about 600 characters; no User-Agent has a tenth of this. */
const MAX_LINE = 16 * 1024;

const SOFIA_LINE =
  /^(?:Call-ID|User|Contact|Agent|Status|Ping-Status|Ping-Time|Host|IP|Port|Auth-User|Auth-Realm|MWI-Account):\s*\t/;

/**
 * Reads a file of registrations: one User-Agent a line, or what `asterisk -rx "database show registrar/contact"` or
 * `sofia status profile internal reg` print. Lines of the two commands are known by their form; what stands between them
 * (prompts, headers, totals) is then no User-Agent. A single such line among many User-Agents changes nothing: a
 * phone chooses its own name.
 */
export function parseRegistrations(text: string, nowMs: number): ParsedRegistrations {
  const all = text.split(/\r\n|\n|\r/);
  const lines = all.filter((line) => line.length <= MAX_LINE && line.trim() !== '');
  const tooLong = all.filter((line) => line.length > MAX_LINE).length;
  const structured = lines.filter((line) => isAstdb(line) || SOFIA_LINE.test(line)).length;
  if (structured * 2 < lines.length || structured === 0)
    return { registrations: lines.map((line) => ({ userAgent: line.trim() })), broken: tooLong };
  const contacts = lines.filter((line) => line.startsWith('/registrar/contact/')).map((line) => astdb(line, nowMs));
  return {
    registrations: [...contacts.filter((contact) => typeof contact === 'object'), ...sofia(lines)],
    broken: tooLong + contacts.filter((contact) => contact === 'broken').length,
  };
}

/** `/family/key    : value`, whatever the family. */
function isAstdb(line: string): boolean {
  return line.startsWith('/') && line.includes(': ', 2);
}

/** `/registrar/contact/4001;@hash    : {"user_agent":"...","expiration_time":"1767225600",...}` */
function astdb(line: string, nowMs: number): Registration | 'broken' | 'expired' {
  const split = line.indexOf(': {');
  if (split < 0) return 'broken';
  const key = unescapeRealtime(line.slice('/registrar/contact/'.length, split).trim());
  const contact = jsonObject(line.slice(split + 2));
  if (contact === undefined || typeof contact.user_agent !== 'string') return 'broken';
  const expires = Number(contact.expiration_time ?? 0);
  if (expires > 0 && expires * 1000 <= nowMs) return 'expired';
  return { userAgent: unescapeRealtime(contact.user_agent).trim(), aor: key.split(';@')[0]! };
}

function jsonObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** Asterisk's realtime tables write `;` as `^3B` and `^` as `^5E`. */
function unescapeRealtime(text: string): string {
  return text.replace(/\^(3B|5E)/gi, (_, code: string) => (code.toUpperCase() === '3B' ? ';' : '^'));
}

/** Blocks of `Label:<spaces><TAB>value`, each begun by its Call-ID. A negative EXPSECS is a registration that ran out. */
function sofia(lines: readonly string[]): Registration[] {
  const found: Registration[] = [];
  let block = new Map<string, string>();
  const finish = () => {
    const agent = block.get('Agent');
    const expired = /EXPSECS\(-\d+\)/.test(block.get('Status') ?? '');
    const user = block.get('User');
    if (agent !== undefined && !expired) found.push({ userAgent: agent, ...(user ? { aor: user } : {}) });
    block = new Map();
  };
  for (const line of lines) {
    if (!SOFIA_LINE.test(line)) continue;
    const colon = line.indexOf(':');
    const label = line.slice(0, colon);
    if (label === 'Call-ID' || block.has(label)) finish();
    block.set(label, line.slice(colon + 1).trim());
  }
  finish();
  return found;
}
