import type { AuditEntry, AuditStore } from '../../../ports/audit-store.ts';
import type { KeyStore, StoredKey } from '../../../ports/key-store.ts';
import type { LinkStore, StoredLink } from '../../../ports/link-store.ts';
import type { PinStore } from '../../../ports/pin-store.ts';
import type { SessionStore, StoredSession } from '../../../ports/session-store.ts';
import type { ViewLinkStore } from '../../../ports/view-link-store.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections, SqlClient } from '../client/sql-client.ts';
import { insertRows, takePlace } from '../releases/inserts.ts';
import * as sql from './access-sql.ts';
import { pinStore, viewLinkStore } from './clickhouse-views.ts';

/** In the tables of `0003_access.sql` and those that came later, in the process or on a server. */
export type ClickHouseAccess = KeyStore & SessionStore & LinkStore & AuditStore & PinStore & ViewLinkStore;

export function clickhouseAccess(connections: Connections): ClickHouseAccess {
  return {
    ...keyStore(connections),
    ...sessionStore(connections),
    ...linkStore(connections),
    ...auditStore(connections),
    ...pinStore(connections),
    ...viewLinkStore(connections),
  };
}

interface KeyRow {
  id: string;
  digest: string;
  owner: string;
  scopes: string[];
  created_at: number;
  created_by: string;
  expires_at: number;
  revoked_at: number;
  last_used_day: string;
}

function keyStore({ write, read }: Connections): KeyStore {
  return {
    keys: async () => (await read.rows<KeyRow>(sql.KEYS)).map(keyOf),
    addKey: ({ id, digest, owner, scopes, createdAt, createdBy, expiresAt }) =>
      write.run(sql.ADD_KEY, {
        id,
        at: createdAt,
        by: createdBy,
        digest,
        owner,
        scopes,
        expires_at: expiresAt ?? 0,
      }),
    revokeKey: (id, at, by) => write.run(sql.REVOKE_KEY, { id, at, by }),
    noteUse: async (id, day) => write.run(sql.noteUse(`used-${id}-${day}`), { id, day }),
  };
}

function keyOf(row: KeyRow): StoredKey {
  return {
    id: row.id,
    digest: row.digest,
    owner: row.owner,
    scopes: row.scopes,
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at || null,
    revokedAt: row.revoked_at || null,
    lastUsedDay: row.last_used_day || null,
  };
}

interface SessionRow {
  id: string;
  key: string;
  fingerprint: string;
  owner: string;
  scopes: string[];
  created_at: number;
  seen_at: number;
}

function sessionStore({ write, read }: Connections): SessionStore {
  return {
    sessions: async (since) => (await read.rows<SessionRow>(sql.SESSIONS, { since })).map(sessionOf),
    addSession: ({ id, key, fingerprint, person, createdAt }) =>
      write.run(sql.ADD_SESSION, {
        ...{ id, at: createdAt, key, fingerprint },
        ...(person ?? { owner: '', scopes: [] }),
      }),
    noteSeen: (id, at) => write.run(sql.SESSION_EVENT, { id, event: 'seen', at }),
    endSession: (id, at) => write.run(sql.SESSION_EVENT, { id, event: 'ended', at }),
  };
}

function sessionOf({ id, key, fingerprint, owner, scopes, created_at, seen_at }: SessionRow): StoredSession {
  const person = scopes.length > 0 ? { owner, scopes } : null;
  return { id, key, fingerprint, person, createdAt: created_at, seenAt: seen_at };
}

interface LinkRow {
  id: string;
  key: string;
  fingerprint: string;
  created_at: number;
  expires_at: number;
}

/** Written and read by one connection: who has spent a link must see that at once. */
function linkStore({ write }: Connections): LinkStore {
  return {
    addLink: ({ id, key, fingerprint, createdAt, expiresAt }) =>
      insertRows(write, sql.LINK_COLUMNS, `link-${id.slice(0, 32)}-created`, [
        [id, 'created', createdAt, key, fingerprint, expiresAt, ''],
      ]),
    async link(id) {
      const [row] = await write.rows<LinkRow>(sql.LINK, { id });
      return row && linkOf(row);
    },
    spendLink: (id, at, nonce) =>
      takePlace(
        write,
        {
          token: `link-${id.slice(0, 32)}-spent`,
          holders: sql.LINK_SPENDERS,
          parameters: { id },
          target: sql.LINK_COLUMNS,
        },
        nonce,
        [[id, 'spent', at, '', '', 0, nonce]],
      ),
  };
}

function linkOf({ id, key, fingerprint, created_at, expires_at }: LinkRow): StoredLink {
  return { id, key, fingerprint, createdAt: created_at, expiresAt: expires_at };
}

function auditStore({ write, read }: Connections): AuditStore {
  return {
    auditHead: async () => (await write.rows<AuditEntry>(sql.AUDIT_HEAD))[0],
    appendAudit: (entry) => appendAudit(write, entry),
    auditEntries: (after, limit) => read.rows<AuditEntry>(sql.AUDIT_ENTRIES, { after, limit }),
  };
}

async function appendAudit(client: SqlClient, entry: AuditEntry): Promise<boolean> {
  await client.run(sql.appendAudit(`audit-${entry.seq}`), { ...entry });
  const there = await client.rows<{ hash: string }>(sql.AUDIT_PLACE, { seq: entry.seq });
  if (there.length > 1) throw new Failure('audit-forked', { seq: entry.seq });
  return there[0]?.hash === entry.hash;
}
