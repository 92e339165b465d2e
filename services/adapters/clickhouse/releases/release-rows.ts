import type { CloseStep, Delivery, NoisedCell, Profile } from '../../../../schemas/release.ts';
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
import type { Row } from './inserts.ts';

// How rows are read. Each row type has the columns of its query in release-sql.ts.

export interface TransitionRow extends Omit<Transition, 'period' | 'detail'> {
  readonly period: number;
  readonly step: CloseStep;
  readonly detail: string;
}

export function transitionOf({ period, detail, ...row }: TransitionRow): Transition {
  return { ...row, period: periodFromNumber(period), detail: JSON.parse(detail) as Transition['detail'] };
}

export function noisedLine(period: number, attempt: number, cell: NoisedCell): Row {
  const { query, platform, category, vendor, model, sites, phones, held } = cell;
  return [period, attempt, query, platform, category, vendor, model, sites, phones, held];
}

export type LedgerRow = Omit<LedgerEntry, 'period'> & { readonly period: number };

export function ledgerEntryOf({ period, ...row }: LedgerRow): LedgerEntry {
  return { period: periodFromNumber(period), ...row };
}

export interface ProfileRow {
  readonly since: number;
  readonly profile: Profile;
  readonly at: number;
  readonly by: string;
}

export function profileChoiceOf({ since, ...row }: ProfileRow): ProfileChoice {
  return { since: periodFromNumber(since), ...row };
}

export const AGREEMENT_COLUMNS = 'event, party, at, by, vendors, lineage, platforms, contact, delivery, url';

export type AgreementRow = Omit<StoredAgreement, 'delivery'> & { readonly delivery: string; readonly url: string };

export function agreementOf({ delivery, url, ...row }: AgreementRow): StoredAgreement {
  const way: Delivery = delivery === 'webhook' ? { kind: 'webhook', url } : { kind: 'download' };
  return { ...row, delivery: way };
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

export const DECISION_COLUMNS = 'period, query, platform, category, vendor, model, decision, at, by';

export type DecisionRow = Decision['cell'] & Pick<Decision, 'decision' | 'at' | 'by'>;

export function decisionOf(period: Decision['period'], { decision, at, by, ...cell }: DecisionRow): Decision {
  return { period, cell, decision, at, by };
}

export function decisionLine({ period, cell, decision, at, by }: Decision): Row {
  const { query, platform, category, vendor, model } = cell;
  return [periodNumber(period), query, platform, category, vendor, model, decision, at, by];
}

export const DELIVERY_COLUMNS = 'period, party, revision, event, at, way, outcome';

export type DeliveryRow = Omit<DeliveryRecord, 'period'> & { readonly period: number };

export function deliveryOf({ period, ...row }: DeliveryRow): DeliveryRecord {
  return { period: periodFromNumber(period), ...row };
}

export function deliveryLine({ period, party, revision, event, at, way, outcome }: DeliveryRecord): Row {
  return [periodNumber(period), party, revision, event, at, way, outcome];
}
