import type { Arrival } from '../../../core/arrivals.ts';
import { periodNumber } from '../../../core/period.ts';
import type { ArrivalStore } from '../../../ports/arrivals.ts';
import { deduplicatedBy } from '../client/deduplication.ts';
import type { Connections } from '../client/sql-client.ts';

const ARRIVALS = `
SELECT day, argMin(sites, at) AS sites
FROM arrivals
WHERE period = {period:UInt32}
GROUP BY day
ORDER BY day`;

export function arrivalStore({ write, read }: Connections): ArrivalStore {
  return {
    async arrivals(period) {
      const rows = await read.rows<Omit<Arrival, 'period'>>(ARRIVALS, { period: periodNumber(period) });
      return rows.map(({ day, sites }) => ({ period, day, sites }));
    },
    // Of two that note a day at once the engine drops the second.
    noteArrivals({ period, day, sites }) {
      const number = periodNumber(period);
      const line = Buffer.from(`${JSON.stringify([number, day, sites])}\n`);
      const token = deduplicatedBy(`arrivals-${number}-${day}`);
      return write.insertLines(`arrivals (period, day, sites) ${token}`, [line]);
    },
  };
}
