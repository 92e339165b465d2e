/** The shapes of what the API answers, by its own schemas. Types alone: no schema travels to the browser. */
import type { AgreementsAnswer } from '../../../../schemas/answers/agreements.ts';
import type { AuditAnswer } from '../../../../schemas/answers/audit.ts';
import type { MappingsAnswer, UnlistedAnswer } from '../../../../schemas/answers/catalog.ts';
import type { CompareAnswer } from '../../../../schemas/answers/compare.ts';
import type { CountsAnswer as PlainCounts } from '../../../../schemas/answers/counts.ts';
import type { MappingPreview } from '../../../../schemas/answers/extended.ts';
import type { FacetsAnswer } from '../../../../schemas/answers/facets.ts';
import type { GrowthAnswer, Risen } from '../../../../schemas/answers/growth.ts';
import type { HeldAnswer } from '../../../../schemas/answers/held.ts';
import type { KeyAnswer, KeysAnswer, NewKeyAnswer } from '../../../../schemas/answers/keys.ts';
import type { LedgerAnswer } from '../../../../schemas/answers/ledger.ts';
import type { MethodAnswer } from '../../../../schemas/answers/method.ts';
import type { ModelAnswer } from '../../../../schemas/answers/model.ts';
import type { MoversAnswer, MoversRow } from '../../../../schemas/answers/movers.ts';
import type { OverviewAnswer } from '../../../../schemas/answers/overview.ts';
import type { PeriodsAnswer } from '../../../../schemas/answers/periods.ts';
import type { ChoicesAnswer } from '../../../../schemas/answers/release-profile.ts';
import type { ReleasesAnswer, SigningKeyAnswer } from '../../../../schemas/answers/releases.ts';
import type { Before, Change, Row, RowPoint } from '../../../../schemas/answers/row.ts';
import type { SearchAnswer } from '../../../../schemas/answers/search.ts';
import type { SeriesAnswer } from '../../../../schemas/answers/series.ts';
import type { SessionAnswer } from '../../../../schemas/answers/session.ts';
import type { TrendAnswer } from '../../../../schemas/answers/trend.ts';
import type { VendorAnswer as PlainVendor } from '../../../../schemas/answers/vendor.ts';
import type {
  LinkedViewAnswer,
  NewViewLinkAnswer,
  PinAnswer,
  PinsAnswer,
  ViewLinksAnswer,
} from '../../../../schemas/answers/views.ts';
import type { WaitingAnswer } from '../../../../schemas/answers/waiting.ts';
import type { VIEWS } from '../../../../schemas/fact.ts';
import type { DeviceName } from '../../../../schemas/mapping.ts';
import type { Period } from '../../../../schemas/period.ts';

export type {
  AgreementsAnswer,
  AuditAnswer,
  Before,
  Change,
  ChoicesAnswer,
  CompareAnswer,
  DeviceName,
  FacetsAnswer,
  GrowthAnswer,
  HeldAnswer,
  KeysAnswer,
  LedgerAnswer,
  LinkedViewAnswer,
  MappingPreview,
  MappingsAnswer,
  MethodAnswer,
  ModelAnswer,
  MoversAnswer,
  MoversRow,
  NewKeyAnswer,
  NewViewLinkAnswer,
  OverviewAnswer,
  Period,
  PeriodsAnswer,
  PinAnswer,
  PinsAnswer,
  ReleasesAnswer,
  Risen,
  Row,
  RowPoint,
  SearchAnswer,
  SeriesAnswer,
  SessionAnswer,
  SigningKeyAnswer,
  TrendAnswer,
  UnlistedAnswer,
  ViewLinksAnswer,
  WaitingAnswer,
};

export type View = (typeof VIEWS)[number];
export type KeyRow = KeyAnswer;
export type ViewLink = ViewLinksAnswer['links'][number];
export type HeldCell = HeldAnswer['cells'][number];
export type ReleaseRow = ReleasesAnswer['releases'][number];

export interface Names {
  readonly platform?: string | undefined;
  readonly category?: string | undefined;
  readonly vendor?: string | undefined;
  readonly model?: string | undefined;
}

/** What is there because it was asked for. */
type Told<T, K extends keyof T> = { readonly [P in K]-?: Exclude<T[P], undefined> };

/** As the console asks: with `compare` or `trend`, rows are told with other months. */
export type CountsAnswer = Omit<PlainCounts, 'rows' | 'compare' | 'rowsInAll'> &
  Told<PlainCounts, 'compare' | 'rowsInAll'> & { readonly rows: readonly Row[] };

type VendorModel = PlainVendor['models'][number];
/** As the console asks: with `lineage`, models are told with their brand. */
export type VendorAnswer = Omit<PlainVendor, 'models' | OfVendor> &
  Told<PlainVendor, OfVendor> & {
    readonly models: readonly (Omit<VendorModel, OfModel> & Told<VendorModel, OfModel>)[];
  };
type OfVendor = 'owner' | 'brands' | 'compare' | 'rowsInAll';
type OfModel = 'brand' | 'sold' | 'before' | 'change';
