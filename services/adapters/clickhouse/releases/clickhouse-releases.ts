import type { AgreementStore } from '../../../ports/agreements.ts';
import type { CapStore } from '../../../ports/caps.ts';
import type { CloseProgressStore } from '../../../ports/close-progress.ts';
import type { DecisionStore } from '../../../ports/decisions.ts';
import type { DeliveryStore } from '../../../ports/deliveries.ts';
import type { LedgerStore } from '../../../ports/ledger.ts';
import type { NoiseKeys } from '../../../ports/noise-keys.ts';
import type { NoisedCubeStore } from '../../../ports/noised-cubes.ts';
import type { ReleaseProfileStore } from '../../../ports/release-profiles.ts';
import type { ReleaseStore } from '../../../ports/releases.ts';
import type { TimesSeen } from '../../../ports/times-seen.ts';
import type { Connections } from '../client/sql-client.ts';
import { agreementStore } from './agreements.ts';
import { capStore } from './caps.ts';
import { closeProgressStore } from './close-progress.ts';
import { decisionStore } from './decisions.ts';
import { deliveryStore } from './deliveries.ts';
import { ledgerStore } from './ledger.ts';
import { noiseKeys } from './noise-keys.ts';
import { noisedCubeStore } from './noised-cubes.ts';
import { releaseProfileStore } from './release-profiles.ts';
import { releaseStore } from './releases.ts';
import { timesSeen } from './times-seen.ts';

/** What closes and releases leave behind, whole, in the tables of `0005_releases.sql`: for whoever hands out its ports. */
export type ClickHouseReleases = AgreementStore &
  CapStore &
  CloseProgressStore &
  DecisionStore &
  DeliveryStore &
  LedgerStore &
  NoiseKeys &
  NoisedCubeStore &
  ReleaseProfileStore &
  ReleaseStore &
  TimesSeen;

/** In the process or on a server. */
export function clickhouseReleases(connections: Connections): ClickHouseReleases {
  return {
    ...agreementStore(connections),
    ...capStore(connections),
    ...closeProgressStore(connections),
    ...decisionStore(connections),
    ...deliveryStore(connections),
    ...ledgerStore(connections),
    ...noiseKeys(connections),
    ...noisedCubeStore(connections),
    ...releaseProfileStore(connections),
    ...releaseStore(connections),
    ...timesSeen(connections),
  };
}
