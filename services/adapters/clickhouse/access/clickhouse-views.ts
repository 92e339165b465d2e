import type { PinStore } from '../../../ports/pin-store.ts';
import type { StoredViewLink, ViewLinkStore } from '../../../ports/view-link-store.ts';
import { drawNonce } from '../../../shared/random.ts';
import type { Connections } from '../client/sql-client.ts';
import { insertRows } from '../releases/inserts.ts';
import * as sql from './views-sql.ts';

interface PinRow {
  id: string;
  address: string;
  pinned_at: number;
  ends_at: number;
}

export function pinStore({ write, read }: Connections): PinStore {
  return {
    pins: async (key) =>
      (await read.rows<PinRow>(sql.PINS, { key })).map(({ id, address, pinned_at: at, ends_at: keptUntil }) => ({
        ...{ id, address, at, keptUntil },
      })),
    // Of no token that it had before: a view may be pinned again.
    addPins: (key, pins) =>
      insertRows(
        write,
        sql.PIN_COLUMNS,
        `pin-${drawNonce()}`,
        pins.map(({ id, address, at, keptUntil }) => [key, id, address, at, keptUntil]),
      ),
    deletePin: (key, id) => write.run(sql.DELETE_PIN, { key, id }),
    deletePinsOf: (key) => write.run(sql.DELETE_PINS_OF, { key }),
  };
}

interface LinkRow {
  id: string;
  digest: string;
  key: string;
  fingerprint: string;
  address: string;
  created_at: number;
  expires_at: number;
  revoked_at: number;
  last_opened_day: string;
}

export function viewLinkStore({ write, read }: Connections): ViewLinkStore {
  const add = (token: string, row: readonly unknown[]) => insertRows(write, sql.LINK_COLUMNS, token, [row]);
  return {
    viewLinks: async () => (await read.rows<LinkRow>(sql.VIEW_LINKS)).map(linkOf),
    async viewLink(digest) {
      const [row] = await read.rows<LinkRow>(sql.VIEW_LINK, { id: digest.slice(0, 16) });
      return row?.digest === digest ? linkOf(row) : undefined;
    },
    addViewLink: ({ id, digest, key, fingerprint, address, createdAt, expiresAt }) =>
      add(`view-${id}-created`, [id, 'created', createdAt, digest, key, fingerprint, address, '', expiresAt]),
    revokeViewLink: ({ id, expiresAt }, at) =>
      add(`view-${id}-revoked`, [id, 'revoked', at, '', '', '', '', '', expiresAt]),
    noteOpened: ({ id, expiresAt }, day) => add(`view-${id}-${day}`, [id, 'opened', 0, '', '', '', '', day, expiresAt]),
  };
}

function linkOf(row: LinkRow): StoredViewLink {
  const { id, digest, key, fingerprint, address } = row;
  return {
    ...{ id, digest, key, fingerprint, address },
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at || null,
    lastOpenedDay: row.last_opened_day || null,
  };
}
