/** The shapes of what the API answers. Types alone: no schema travels to the browser. */
import type { MappingPreview } from '../../../../schemas/answers/extended.ts';
import type { FacetsAnswer } from '../../../../schemas/answers/facets.ts';
import type { MethodAnswer } from '../../../../schemas/answers/method.ts';
import type { ModelAnswer } from '../../../../schemas/answers/model.ts';
import type { OverviewAnswer } from '../../../../schemas/answers/overview.ts';
import type { Before, Change, Row, RowPoint } from '../../../../schemas/answers/row.ts';
import type { SeriesAnswer } from '../../../../schemas/answers/series.ts';
import type { WaitingAnswer } from '../../../../schemas/answers/waiting.ts';
import type { PERIOD_STATES } from '../../../../schemas/cube.ts';
import type { VIEWS } from '../../../../schemas/fact.ts';
import type { Period } from '../../../../schemas/period.ts';
import type { CLOSE_STEPS, QUERY_NAMES } from '../../../../schemas/release.ts';

export type {
  Before,
  Change,
  FacetsAnswer,
  MappingPreview,
  MethodAnswer,
  ModelAnswer,
  OverviewAnswer,
  Row,
  RowPoint,
  SeriesAnswer,
  WaitingAnswer,
};
export type View = (typeof VIEWS)[number];
export type PeriodState = (typeof PERIOD_STATES)[number];
export type CloseStep = (typeof CLOSE_STEPS)[number];
export type QueryName = (typeof QUERY_NAMES)[number];
export type { Period };

export interface Names {
  readonly platform?: string | undefined;
  readonly category?: string | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
}

export interface CountsAnswer {
  readonly period: Period;
  readonly view: View;
  readonly compare: Period | null;
  readonly snapshotAt: string | null;
  readonly provisional: boolean;
  readonly threshold: number;
  readonly total: { readonly sites: number | null; readonly devices: number | null };
  readonly suppressed: { readonly cells: number };
  readonly rowsInAll: number;
  readonly rows: readonly Row[];
  readonly next: number | null;
}

export interface MoversRow extends Names {
  readonly fromSites: number | null;
  readonly toSites: number | null;
  /** From one share to the other: 0.05 is five percentage points more; so is the next. */
  readonly sitesShareChange: number | null;
  readonly fromDevices: number | null;
  readonly toDevices: number | null;
  readonly devicesShareChange: number | null;
  readonly clear: boolean;
  readonly few: boolean;
}

export interface MoversAnswer {
  readonly from: Period;
  readonly to: Period;
  readonly provisional: boolean;
  readonly suppressed: { readonly from: number; readonly to: number };
  readonly total: { readonly from: number | null; readonly to: number | null };
  readonly rowsInAll: number;
  readonly rows: readonly MoversRow[];
}

export interface VendorAnswer {
  readonly vendor: string;
  readonly owner: string | null;
  readonly brands: readonly string[];
  readonly period: Period;
  readonly compare: Period | null;
  readonly snapshotAt: string | null;
  readonly provisional: boolean;
  readonly threshold: number;
  readonly suppressed: { readonly cells: number };
  readonly rowsInAll: number;
  readonly categories: readonly {
    readonly category: string;
    readonly sites: number;
    readonly devices: number | null;
    readonly sitesShare: number | null;
    readonly devicesShare: number | null;
  }[];
  readonly models: readonly {
    readonly category: string;
    readonly brand: string;
    readonly model: string;
    readonly sites: number;
    readonly devices: number | null;
    readonly sitesShare: number | null;
    readonly devicesShare: number | null;
    readonly before: Before;
    readonly change: Change;
    readonly trend: readonly RowPoint[];
  }[];
  readonly next: number | null;
}

export interface PlatformsAnswer {
  readonly period: Period;
  readonly provisional: boolean;
  readonly threshold: number;
  readonly total: { readonly sites: number | null };
  readonly suppressed: { readonly cells: number };
  readonly platforms: readonly {
    readonly platform: string;
    readonly sites: number;
    readonly sitesShare: number | null;
    readonly vendors: readonly {
      readonly vendor: string;
      readonly sites: number;
      readonly sitesShare: number | null;
    }[];
  }[];
}

export interface TrendAnswer {
  readonly view: View;
  readonly points: readonly RowPoint[];
}

export interface CompareAnswer {
  readonly view: View;
  readonly cells: readonly (Names & { readonly points: readonly RowPoint[] })[];
}

export interface SearchAnswer {
  readonly period: Period;
  readonly results: readonly (Names & { readonly kind: 'vendor' | 'platform' | 'model'; readonly sites: number })[];
}

export interface PeriodsAnswer {
  readonly periods: readonly {
    readonly period: Period;
    readonly state: PeriodState;
    readonly sites: number | null;
    readonly snapshotAt: string | null;
    readonly step: CloseStep | null;
    readonly failure: string | null;
  }[];
}

export interface SessionAnswer {
  readonly scopes: readonly string[];
  readonly manufacturer: string | null;
  readonly csrfToken: string | null;
  readonly expiresAt: string | null;
  readonly keyId: string;
  readonly owner: string;
}

export interface DeviceName {
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
}

export interface UnlistedAnswer {
  readonly period: Period;
  readonly snapshotAt: string | null;
  readonly threshold: number;
  readonly rows: readonly (DeviceName & {
    readonly sites: number;
    readonly mappedTo: DeviceName | null;
  })[];
  readonly next: number | null;
}

export interface MappingsAnswer {
  readonly catalogue: string;
  readonly mappings: readonly {
    readonly id?: string | number;
    readonly from: DeviceName;
    readonly to: DeviceName | null;
    readonly since: Period;
    readonly addedAt: number;
    readonly addedBy: string;
  }[];
  readonly next: number | null;
}

export interface ReleaseRow {
  readonly period: Period;
  readonly party: string;
  readonly revision: number;
  readonly profile: 'noised' | 'threshold';
  readonly at: string;
  readonly cells: number;
  readonly sample: { readonly sites: number | null; readonly sitesMargin: number | null };
  readonly fetchedAt: string | null;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}
export interface ReleasesAnswer {
  readonly releases: readonly ReleaseRow[];
  readonly next: number | null;
}

export interface LedgerAnswer {
  readonly entries: readonly {
    readonly period: Period;
    readonly at: string;
    readonly profile: 'noised' | 'threshold';
    readonly rho: number | null;
    readonly epsilon: number | null;
    readonly delta: number | null;
  }[];
  readonly lastYear: { readonly rho: number | null; readonly epsilon: number | null; readonly delta: number | null };
}

export interface HeldCell {
  readonly cell: { readonly query: QueryName } & Required<Record<'platform' | 'vendor' | 'model' | 'category', string>>;
  /** Why somebody has to look at it first. */
  readonly why?: 'growth' | 'equal-steps' | 'new-name';
  readonly now: { readonly sites: number; readonly phones: number | null };
  readonly earlier: { readonly sites: number; readonly phones: number | null } | null;
  readonly margin?: { readonly sites: number; readonly phones: number | null };
  readonly decision: 'approve' | 'suppress' | null;
}
export interface HeldAnswer {
  readonly period: Period | null;
  readonly deadline: string | null;
  readonly cells: readonly HeldCell[];
}

export interface AgreementsAnswer {
  readonly agreements: readonly {
    readonly party: string;
    readonly vendors: readonly string[];
    readonly lineage: boolean;
    readonly platforms: readonly string[];
    readonly contact: string;
    readonly delivery: { readonly kind: 'download' } | { readonly kind: 'webhook'; readonly url: string };
    readonly at: string;
    readonly by: string;
  }[];
}

export interface ProfilesAnswer {
  readonly choices: readonly {
    readonly since: Period;
    readonly profile: 'noised' | 'threshold';
    readonly at: string;
    readonly by: string;
  }[];
}

export interface KeyRow {
  readonly id: string;
  readonly owner: string;
  readonly scopes: readonly string[];
  readonly state: 'live' | 'expired' | 'revoked';
  readonly createdAt: string;
  readonly createdBy: string;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
  readonly lastUsedDay: string | null;
}
export interface KeysAnswer {
  readonly keys: readonly KeyRow[];
}

export interface AuditAnswer {
  readonly entries: readonly {
    readonly seq: number;
    readonly at: string;
    readonly actor: string;
    readonly action: string;
    readonly object: string;
    readonly nonce: string;
    readonly previous: string;
    readonly hash: string;
  }[];
  readonly next: number | null;
}

export interface SigningKeyAnswer {
  readonly keyId: string;
  readonly pem: string;
}
