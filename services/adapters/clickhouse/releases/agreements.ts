import { Delivery } from '../../../../schemas/release.ts';
import type { AgreementStore, StoredAgreement } from '../../../ports/agreements.ts';
import { Failure } from '../../../shared/failure.ts';
import type { Connections } from '../client/sql-client.ts';
import { appendEvent, type Row } from './inserts.ts';

/** Of each party the newest event, and only where that is no end. */
const AGREEMENTS = `
SELECT party, at, by, vendors, lineage, platforms, contact, delivery, url FROM
  (SELECT * FROM agreements ORDER BY party, seq DESC, nonce DESC LIMIT 1 BY party)
WHERE event = 'made'
ORDER BY party`;
const COLUMNS = 'event, party, at, by, vendors, lineage, platforms, contact, delivery, url';

type AgreementRow = Omit<StoredAgreement, 'delivery'> & { readonly delivery: string; readonly url: string };

export function agreementStore({ write, read }: Connections): AgreementStore {
  const append = (row: Row) => appendEvent(write, 'agreements', COLUMNS, row);
  return {
    agreements: async () => (await read.rows<AgreementRow>(AGREEMENTS)).map(agreementOf),
    putAgreement: (agreement) => append(lineOf(agreement)),
    endAgreement: (party, at, by) => append(['ended', party, at, by, [], false, [], '', '', '']),
  };
}

function agreementOf({ delivery, url, ...row }: AgreementRow): StoredAgreement {
  // A kind that this version does not know is refused: what a newer one meant by it is not guessed.
  const way = Delivery.safeParse(url === '' ? { kind: delivery } : { kind: delivery, url });
  if (!way.success) throw new Failure('unknown-row');
  return { ...row, delivery: way.data };
}

function lineOf({ party, at, by, delivery, ...agreement }: StoredAgreement): Row {
  const { vendors, lineage, platforms, contact } = agreement;
  const url = delivery.kind === 'webhook' ? delivery.url : '';
  return ['made', party, at, by, vendors, lineage, platforms, contact, delivery.kind, url];
}
