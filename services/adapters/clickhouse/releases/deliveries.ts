import { DELIVERY_EVENTS } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type { DeliveryRecord, DeliveryStore } from '../../../ports/deliveries.ts';
import { known } from '../client/known.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent, type Row } from './inserts.ts';

const DELIVERIES = `
SELECT period, party, revision, event, at, way, outcome FROM deliveries ORDER BY seq, nonce`;
const COLUMNS = 'period, party, revision, event, at, way, outcome';

type DeliveryRow = Omit<DeliveryRecord, 'period' | 'event'> & { readonly period: number; readonly event: string };

export function deliveryStore({ write, read }: Connections): DeliveryStore {
  return {
    async deliveries() {
      const rows = await read.rows<DeliveryRow>(DELIVERIES);
      return rows.map(({ period, event, ...row }) => ({
        ...row,
        period: periodFromNumber(period),
        event: known(DELIVERY_EVENTS, event),
      }));
    },
    addDelivery: async (record) => appendEvent(write, 'deliveries', COLUMNS, lineOf(record)),
  };
}

function lineOf({ period, party, revision, event, at, way, outcome }: DeliveryRecord): Row {
  return [periodNumber(period), party, revision, event, at, way, outcome];
}
