import type { AccessStore, AuditEntry, NewKey, StoredKey, StoredSession } from '../../../ports/access-store.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Clients, SqlClient } from '../client/open-client.ts';
import * as sql from './access-sql.ts';

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

/** In the tables of `0003_access.sql`, in the process or on a server. Migrating is the count store's. */
export class ClickHouseAccessStore implements AccessStore {
  readonly #write: SqlClient;
  readonly #read: SqlClient;

  constructor(clients: Clients) {
    this.#write = clients.write;
    this.#read = clients.read;
  }

  async keys(): Promise<StoredKey[]> {
    const rows = await this.#read.rows<KeyRow>(sql.KEYS);
    return rows.map((row) => ({
      id: row.id,
      digest: row.digest,
      owner: row.owner,
      scopes: row.scopes,
      createdAt: row.created_at,
      createdBy: row.created_by,
      expiresAt: row.expires_at || null,
      revokedAt: row.revoked_at || null,
      lastUsedDay: row.last_used_day || null,
    }));
  }

  async addKey({ id, digest, owner, scopes, createdAt, createdBy, expiresAt }: NewKey): Promise<void> {
    await this.#write.run(sql.ADD_KEY, {
      id,
      at: createdAt,
      by: createdBy,
      digest,
      owner,
      scopes,
      expires_at: expiresAt ?? 0,
    });
  }

  async revokeKey(id: string, at: number, by: string): Promise<void> {
    await this.#write.run(sql.REVOKE_KEY, { id, at, by });
  }

  async noteUse(id: string, day: string): Promise<void> {
    await this.#write.run(sql.noteUse(`used-${id}-${day}`), { id, day });
  }

  async sessions(since: number): Promise<StoredSession[]> {
    const rows = await this.#read.rows<{
      id: string;
      key: string;
      fingerprint: string;
      created_at: number;
      seen_at: number;
    }>(sql.SESSIONS, { since });
    return rows.map(({ id, key, fingerprint, created_at, seen_at }) => ({
      id,
      key,
      fingerprint,
      createdAt: created_at,
      seenAt: seen_at,
    }));
  }

  async addSession({ id, key, fingerprint, createdAt }: Omit<StoredSession, 'seenAt'>): Promise<void> {
    await this.#write.run(sql.ADD_SESSION, { id, at: createdAt, key, fingerprint });
  }

  async noteSeen(id: string, at: number): Promise<void> {
    await this.#write.run(sql.SESSION_EVENT, { id, event: 'seen', at });
  }

  async endSession(id: string, at: number): Promise<void> {
    await this.#write.run(sql.SESSION_EVENT, { id, event: 'ended', at });
  }

  async auditHead(): Promise<AuditEntry | undefined> {
    const [head] = await this.#write.rows<AuditEntry>(sql.AUDIT_HEAD);
    return head;
  }

  async appendAudit(entry: AuditEntry): Promise<boolean> {
    await this.#write.run(sql.appendAudit(`audit-${entry.seq}`), { ...entry });
    const there = await this.#write.rows<{ hash: string }>(sql.AUDIT_PLACE, { seq: entry.seq });
    if (there.length > 1) throw new Failure('audit-forked', { seq: entry.seq });
    return there[0]?.hash === entry.hash;
  }

  auditEntries(after: number, limit: number): Promise<AuditEntry[]> {
    return this.#read.rows<AuditEntry>(sql.AUDIT_ENTRIES, { after, limit });
  }

  async close(): Promise<void> {
    await this.#write.close();
    if (this.#read !== this.#write) await this.#read.close();
  }
}
