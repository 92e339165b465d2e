/** One registered endpoint as a source gives it. In memory only: nothing of it but a catalogue name leaves the agent. */
export interface Registration {
  readonly userAgent: string;
  /** The address of record, where the source tells: one phone may be in it several times. */
  readonly aor?: string;
  /** The host of the contact's address and the host it was sent from: two lines of one gateway share both. */
  readonly host?: string;
  readonly via?: string;
}

export interface Fields {
  readonly userAgent: string;
  readonly aor?: string | undefined;
  /** A SIP URI. */
  readonly uri?: string | undefined;
  /** An address with or without a port. */
  readonly via?: string | undefined;
}

export function registrationOf({ userAgent, aor, uri, via }: Fields): Registration {
  const host = hostOfUri(uri ?? '');
  const from = hostOf(via ?? '');
  return {
    userAgent: userAgent.trim(),
    ...(aor ? { aor } : {}),
    ...(host === '' ? {} : { host }),
    ...(from === '' ? {} : { via: from }),
  };
}

/** `sip:204@192.0.2.1:53198;x-ast-orig-host=10.1.1.5:5060`: behind a NAT the phone's own host is the parameter's. */
function hostOfUri(uri: string): string {
  const original = /;x-ast-orig-host=([^;>\s]+)/i.exec(uri)?.[1];
  if (original !== undefined) return hostOf(original);
  return hostOf(/sips?:(?:[^@\s>]*@)?([^;>\s]+)/i.exec(uri)?.[1] ?? '');
}

function hostOf(address: string): string {
  const bare = address.replace(/^(?:sips?|udp|tcp|tls|wss?):/i, '').trim();
  return /^\[([0-9a-f:.]+)\]/i.exec(bare)?.[1] ?? (/^[^:]*:[^:]*:/.test(bare) ? bare : (bare.split(':', 1)[0] ?? ''));
}

/** Whether a registration ran out: an epoch in seconds as number or text, 0 for one that never does. */
export function ranOut(expires: unknown, nowMs: number): boolean {
  const seconds = Number(expires ?? 0);
  return Number.isFinite(seconds) && seconds > 0 && seconds * 1000 <= nowMs;
}

/** What was read of a text in one format. */
export interface Read {
  readonly format: string;
  readonly registrations: readonly Registration[];
  /** Rows of the format that are broken or too long. */
  readonly broken: number;
}

/** The text to be read. */
interface Pasted {
  readonly text: string;
  /** Without escapes and prompts, none blank, none too long. */
  readonly lines: readonly string[];
  readonly nowMs: number;
}

/** Reads one format; undefined for a text of another. Throws Unread for a text of this format that must not count. */
export type Reader = (pasted: Pasted) => Read | undefined;
