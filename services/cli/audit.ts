import type { AuditAnswer } from '../../schemas/answers/audit.ts';
import { BEFORE_FIRST, firstBreak, type Link } from '../api/keys/audit-chain.ts';
import { adminClient, eachPage } from './client.ts';
import { type AddCommand, type AtServer, atServer, does, type Env, UsageError } from './command.ts';

type Entry = AuditAnswer['entries'][number];

/** Reads the audit from the running server and checks it here, so that the server's word is not taken for it. */
export const addAudit: AddCommand = (program, env) => {
  const audit = program.command('audit').description('who did what; check that nothing was altered');
  atServer(audit.command('list').description('every entry, oldest first'))
    .option('--json', 'one JSON object a line')
    .action(does((options: AtServer & { json?: boolean }) => list(options, env)));
  atServer(audit.command('verify').description('check the chain here, and print its newest link'))
    .option('--head <seq:hash>', 'a link that must still be there, as verify printed it')
    .action(does((options: AtServer & { head?: string }) => verify(options, env)));
};

function list({ url, json }: AtServer & { json?: boolean }, env: Env): Promise<number> {
  return eachEntries(env, url, (entries) => {
    for (const entry of entries) process.stdout.write(`${json ? JSON.stringify(entry) : lineOf(entry)}\n`);
    return true;
  });
}

const lineOf = ({ seq, at, actor, action, object }: Entry): string => [seq, at, actor, action, object].join('\t');

/**
 * What is left of a chain looks whole when its end is cut off: so the newest link is printed, to be kept elsewhere, and
 * `--head` says which link must still be there.
 */
async function verify({ url, head }: AtServer & { head?: string }, env: Env): Promise<number> {
  const kept = head === undefined ? undefined : linkOf(head);
  let last: Link = BEFORE_FIRST;
  let fault: string | undefined;
  let keptIsThere = kept === undefined;
  const code = await eachEntries(env, url, (page) => {
    const entries = page.map((entry) => ({ ...entry, at: Date.parse(entry.at) }));
    const broken = firstBreak(entries, last);
    if (broken) fault = `broken at entry ${broken.seq}: ${broken.reason}`;
    keptIsThere ||= entries.some((entry) => entry.seq === kept?.seq && entry.hash === kept.hash);
    last = entries.at(-1) ?? last;
    return fault === undefined;
  });
  if (code !== 0) return code;
  if (!keptIsThere) fault ??= `entry ${kept?.seq} is not the one that was kept`;
  process.stdout.write(
    fault === undefined ? `whole: ${last.seq} entries, head ${last.seq}:${last.hash}\n` : `${fault}\n`,
  );
  return fault === undefined ? 0 : 1;
}

function linkOf(text: string): Link {
  const [, seq, hash] = /^([0-9]{1,15}):([0-9a-f]{64})$/.exec(text) ?? [];
  if (seq === undefined || hash === undefined) throw new UsageError('--head takes SEQ:HASH as verify prints it');
  return { seq: Number(seq), hash };
}

/** Up to a thousand entries at a time, oldest first, until `use` says that it has seen enough. */
function eachEntries(env: Env, url: string | undefined, use: (entries: Entry[]) => boolean): Promise<number> {
  return eachPage(adminClient(env, url), '/v1/audit', {}, 'after', ({ entries }: AuditAnswer) => use(entries));
}
