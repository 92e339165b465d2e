import type { TimesSeen } from '../../../ports/times-seen.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent } from './inserts.ts';

/** Where nobody has noted a time, the newest snapshot has: an older version took it. */
const TIMES = `
SELECT boot, argMax(at, seq) AS at, argMax(uptime, seq) AS uptimeMs, max(seq) AS last
FROM
(
    SELECT seq, boot, at, uptime FROM times_seen
    UNION ALL
    SELECT 0, '', max(taken_at), 0 FROM snapshots HAVING count() > 0
)
GROUP BY boot
ORDER BY last`;

export function timesSeen({ write, read }: Connections): TimesSeen {
  return {
    async timesSeen() {
      const rows = await read.rows<{ boot: string; at: number; uptimeMs: number }>(TIMES);
      return rows.map(({ boot, at, uptimeMs }) => ({ boot, at, uptimeMs }));
    },
    noteTime: ({ boot, at, uptimeMs }) => appendEvent(write, 'times_seen', 'boot, at, uptime', [boot, at, uptimeMs]),
  };
}
