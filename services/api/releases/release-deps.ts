import * as z from 'zod';
import type { SigningKeyAnswer } from '../../../schemas/answers/releases.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Caller, Rule } from '../../http/route.ts';
import { HttpProblem } from '../../http/server.ts';
import type { AgreementStore } from '../../ports/agreements.ts';
import type { CloseProgress } from '../../ports/close-progress.ts';
import type { DecisionStore } from '../../ports/decisions.ts';
import type { DeliveryStore } from '../../ports/deliveries.ts';
import type { Ledger, LedgerEntry } from '../../ports/ledger.ts';
import type { NoisedCubes } from '../../ports/noised-cubes.ts';
import type { ReleaseProfileStore } from '../../ports/release-profiles.ts';
import type { ReleaseId, Releases } from '../../ports/releases.ts';
import type { Clock } from '../../shared/clock.ts';
import type { Audit } from '../keys/audit.ts';

export interface HeldBounds {
  readonly margin: { readonly sites: number; readonly phones: number | null };
  /** How far a number may move before it is held. */
  readonly limit: { readonly sites: number; readonly phones: number | null };
}

export interface ReleaseRoutesDeps {
  readonly releases: AgreementStore &
    CloseProgress &
    NoisedCubes &
    DecisionStore &
    Releases &
    DeliveryStore &
    Ledger &
    ReleaseProfileStore;
  /** Whether what is released to the party called public is shown to everybody. */
  readonly publishes: boolean;
  readonly audit: Pick<Audit, 'append'>;
  readonly clock: Clock;
  /** Has what was approved of a released period given to its parties, soon. */
  readonly issue: (period: Period) => Promise<void>;
  /** What the signatures of releases are checked with, oldest key first. */
  readonly signingKeys: () => SigningKeyAnswer['keys'];
  /** Where the publisher shows the fingerprint besides. */
  readonly keyPublishedAt: string;
  /** What several months can reveal together; nulls for unbounded. */
  readonly spentTogether: (entries: readonly LedgerEntry[]) => Pick<LedgerEntry, 'rho' | 'epsilon' | 'delta'>;
  /** Of each number that a month holds, by its cell. */
  readonly heldBounds: (period: Period) => Promise<ReadonlyMap<string, HeldBounds>>;
  /** In the form `whsec_…`. */
  readonly webhookSecret: (party: string, url: string) => string;
  /** Why a webhook may not be called at this URL: a reason in the form `not-https`; undefined when it may. */
  readonly webhookUrlFault: (url: string) => string | undefined;
  /** Makes the release due and has it sent. */
  readonly redeliver: (release: ReleaseId) => Promise<void>;
  /** Names of makers and platforms that can be in an agreement; without `platforms` any. */
  readonly vendors: ReadonlySet<string>;
  readonly platforms?: ReadonlySet<string>;
  readonly closes: {
    /** unknown: there are no facts of the period. already: it is closed. */
    request(period: Period, by: string): Promise<'enqueued' | 'too-early' | 'unknown' | 'already'>;
  };
}

/** Everybody of ours: who received what is no secret within the organisation. */
export const STAFF: Rule = ['reader', 'curator', 'releaser'];
export const STAFF_AND_PARTIES: Rule = ['reader', 'curator', 'releaser', 'manufacturer'];

export const NoQuery = z.strictObject({});

export const timeOf = (ms: number): string => new Date(ms).toISOString();

/** The rule of the route has made sure of it. */
export function callerOf({ caller }: { readonly caller: Caller | undefined }): Caller {
  if (!caller) throw new Error('a route for callers was reached without one');
  return caller;
}

export function notFound(type: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 404, type, detail });
}

export function conflict(type: string, detail: string): HttpProblem {
  return new HttpProblem({ status: 409, type, detail });
}
