import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { Failure } from '../shared/failure.ts';
import type { AmiAccess, KamailioAccess } from './sources/source.ts';

const Path = z.string().min(1).max(1024);
const Ami = z.strictObject({
  host: z.string().min(1).max(255).default('127.0.0.1'),
  port: z.int().min(1).max(65535).default(5038),
  user: z.string().min(1).max(128),
  secret: z.string().max(256).optional(),
  /** A file of one line, so that the configuration itself may be read by others. */
  secretFile: Path.optional(),
});
const Kamailio = z.strictObject({
  fifo: Path.optional(),
  replyDir: Path.optional(),
  datagram: z
    .string()
    .regex(/^\/[\w./-]{1,99}$/)
    .optional(),
  http: z.url().max(1024).optional(),
});

const pbx = {
  platform: z.string().max(128).optional(),
  registrations: Path.optional(),
  ami: Ami.optional(),
  kamailio: Kamailio.optional(),
  /** Whether the PBX is this machine: its own hardware is reported and its own programs are asked. */
  local: z.boolean().optional(),
};

const Config = z.strictObject({
  service: z.string().max(2048).optional(),
  ca: Path.optional(),
  ...pbx,
  pbxs: z
    .array(z.strictObject({ name: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), ...pbx }))
    .min(1)
    .max(1000)
    .optional(),
});

export interface Pbx {
  readonly name: string;
  readonly platform?: string | undefined;
  readonly registrations?: string | undefined;
  readonly ami?: AmiAccess | undefined;
  readonly kamailio?: KamailioAccess | undefined;
  readonly local: boolean;
}

export interface AgentConfig {
  readonly service?: string | undefined;
  readonly ca?: string | undefined;
  readonly pbxs: readonly Pbx[];
}

/** What can be said on the command line; it goes before the file. */
export interface Flags {
  readonly config?: string | undefined;
  readonly service?: string | undefined;
  readonly ca?: string | undefined;
  readonly platform?: string | undefined;
  readonly registrations?: string | undefined;
}

const DEFAULT_CONFIG = '/etc/rollcall-agent/config.json';

/**
 * The configuration of the file and the flags. A file that was named must be there; the default one may be missing. Throws
 * Failure `config-missing`, `config-malformed` (with the first field that is wrong) or `config-names-twice`.
 */
export function loadConfig(flags: Flags, defaultPath: string = DEFAULT_CONFIG): AgentConfig {
  const parsed = Config.safeParse(readJson(flags.config, defaultPath));
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join('/') ?? '';
    throw new Failure('config-malformed', { field: /^[\w/]{0,60}$/.test(field) ? field : 'unknown' });
  }
  const { service, ca, pbxs, ...own } = parsed.data;
  const listed = pbxs ?? [{ name: 'local', ...own }];
  if (new Set(listed.map(({ name }) => name)).size < listed.length) throw new Failure('config-names-twice');
  return {
    service: flags.service ?? service,
    ca: flags.ca ?? ca,
    pbxs: listed.map((one) => pbxOf(one, listed.length === 1 ? flags : {})),
  };
}

function pbxOf(one: z.infer<typeof Config>['pbxs'] extends (infer T)[] | undefined ? T : never, flags: Flags): Pbx {
  const registrations = flags.registrations ?? one.registrations;
  const elsewhere = one.ami !== undefined && !/^(?:127\.|localhost$|::1$)/.test(one.ami.host);
  return {
    name: one.name,
    platform: flags.platform ?? one.platform,
    registrations,
    ami: one.ami && { ...one.ami, secret: one.ami.secret ?? secretOf(one.ami.secretFile) },
    kamailio: one.kamailio,
    local: one.local ?? (flags.registrations !== undefined || (!elsewhere && one.registrations === undefined)),
  };
}

function secretOf(path: string | undefined): string {
  if (path === undefined) return '';
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    throw new Failure('secret-unreadable');
  }
}

function readJson(named: string | undefined, defaultPath: string): unknown {
  let text: string;
  try {
    text = readFileSync(named ?? defaultPath, 'utf8');
  } catch {
    if (named === undefined) return {};
    throw new Failure('config-missing');
  }
  try {
    return text.trim() === '' ? {} : JSON.parse(text);
  } catch {
    throw new Failure('config-malformed');
  }
}
