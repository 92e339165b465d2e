import { CLOSE_STEPS, DELIVERY_EVENTS, Delivery, type NoisedCell, PROFILES } from '../../../../schemas/release.ts';
import { periodFromNumber, periodNumber } from '../../../core/period.ts';
import type {
  Decision,
  DeliveryRecord,
  LedgerEntry,
  ProfileChoice,
  ReleaseEntry,
  StoredAgreement,
  Transition,
} from '../../../ports/release-store.ts';
import { Failure } from '../../../shared/failure.ts';
import { known } from '../client/known.ts';
import type { Row } from './inserts.ts';

// How rows are read. Each row type has the columns of its query in release-sql.ts. A word that this version does not know
// is refused (`unknown-row`): a newer one wrote it, and what it means is not guessed.

export interface TransitionRow extends Omit<Transition, 'period' | 'step' | 'detail'> {
  readonly period: number;
  readonly step: string;
  readonly detail: string;
}

export function transitionOf({ period, step, detail, ...row }: TransitionRow): Transition {
  const read = { period: periodFromNumber(period), step: known(CLOSE_STEPS, step) };
  return { ...row, ...read, detail: JSON.parse(detail) as Transition['detail'] };
}

export function noisedLine(period: number, attempt: number, cell: NoisedCell): Row {
  const { query, platform, category, vendor, model, sites, phones, held } = cell;
  return [period, attempt, query, platform, category, vendor, model, sites, phones, held];
}

export type LedgerRow = Omit<LedgerEntry, 'period' | 'profile'> & {
  readonly period: number;
  readonly profile: string;
};

export function ledgerEntryOf({ period, profile, ...row }: LedgerRow): LedgerEntry {
  return { period: periodFromNumber(period), profile: known(PROFILES, profile), ...row };
}

export interface ProfileRow {
  readonly since: number;
  readonly profile: string;
  readonly at: number;
  readonly by: string;
}

export function profileChoiceOf({ since, profile, ...row }: ProfileRow): ProfileChoice {
  return { since: periodFromNumber(since), profile: known(PROFILES, profile), ...row };
}

export const AGREEMENT_COLUMNS = 'event, party, at, by, vendors, lineage, platforms, contact, delivery, url';

export type AgreementRow = Omit<StoredAgreement, 'delivery'> & { readonly delivery: string; readonly url: string };

export function agreementOf({ delivery, url, ...row }: AgreementRow): StoredAgreement {
  const way = Delivery.safeParse(url === '' ? { kind: delivery } : { kind: delivery, url });
  if (!way.success) throw new Failure('unknown-row');
  return { ...row, delivery: way.data };
}

export function agreementLine({ party, at, by, delivery, ...agreement }: StoredAgreement): Row {
  const { vendors, lineage, platforms, contact } = agreement;
  const url = delivery.kind === 'webhook' ? delivery.url : '';
  return ['made', party, at, by, vendors, lineage, platforms, contact, delivery.kind, url];
}

export function agreementEnd(party: string, at: number, by: string): Row {
  return ['ended', party, at, by, [], false, [], '', '', ''];
}

export interface ReleaseRow {
  readonly period: number;
  readonly party: string;
  readonly revision: number;
  readonly names: readonly string[];
  readonly sizes: readonly number[];
}

export function releaseEntryOf({ period, party, revision, names, sizes }: ReleaseRow): ReleaseEntry {
  const files = names.map((name, i) => ({ name, bytes: sizes[i] ?? 0 }));
  return { period: periodFromNumber(period), party, revision, files };
}

const DECISIONS = ['approve', 'suppress'] as const;
export const DECISION_COLUMNS = 'period, query, platform, category, vendor, model, decision, at, by';

export type DecisionRow = Decision['cell'] & Pick<Decision, 'at' | 'by'> & { readonly decision: string };

export function decisionOf(period: Decision['period'], { decision, at, by, ...cell }: DecisionRow): Decision {
  return { period, cell, decision: known(DECISIONS, decision), at, by };
}

export function decisionLine({ period, cell, decision, at, by }: Decision): Row {
  const { query, platform, category, vendor, model } = cell;
  return [periodNumber(period), query, platform, category, vendor, model, decision, at, by];
}

export const DELIVERY_COLUMNS = 'period, party, revision, event, at, way, outcome';

export type DeliveryRow = Omit<DeliveryRecord, 'period' | 'event'> & {
  readonly period: number;
  readonly event: string;
};

export function deliveryOf({ period, event, ...row }: DeliveryRow): DeliveryRecord {
  return { period: periodFromNumber(period), event: known(DELIVERY_EVENTS, event), ...row };
}

export function deliveryLine({ period, party, revision, event, at, way, outcome }: DeliveryRecord): Row {
  return [periodNumber(period), party, revision, event, at, way, outcome];
}
