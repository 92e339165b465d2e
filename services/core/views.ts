import type { Category, Column, View } from '../../schemas/cell-names.ts';
import { UNLISTED_THRESHOLD } from '../../schemas/cube.ts';

export interface ViewDefinition {
  /** The columns that name its cells, the finest last. In all others its cells have ''. */
  readonly columns: readonly Column[];
  /**
   * What its facts are made from. report: one for each report. lines: one for each name that identification gave. A view: one
   * for each cell that the view's facts fall into when they are named by these columns; that view stands before this one.
   */
  readonly from: 'report' | 'lines' | View;
  /** The one category that it counts, where it counts one and has no column for it. */
  readonly only?: Category;
  /**
   * Where the devices of its cells come from. own: facts carry their number. models: facts carry presence (1 or 0), and
   * devices are summed from the shown model cells of the same names. none: nobody's business but the site's.
   */
  readonly devices: 'own' | 'models' | 'none';
  /** A cell is shown from this many sites on, if the installation's own threshold is not higher. */
  readonly leastSites: number;
  /** Of which coarser views' cells it is known how many of its own are held back in them; narrowest first, `site` last. */
  readonly scopes: readonly View[];
  /** Whose cell is the total of a question: the first whose finest column the question names. `site` is last. */
  readonly totals: readonly View[];
  /** Whose cells the shares of a series are of. */
  readonly shareOf: View;
  /** What counts may be filtered by. */
  readonly filters: readonly Column[];
  readonly sorts: readonly ('sites' | 'devices' | 'name')[];
}

const WITH_DEVICES = ['sites', 'devices', 'name'] as const;
const WITHOUT_DEVICES = ['sites', 'name'] as const;
/** A platform is no part of a vendor, nor the other way round: who names both asks for the platform's. */
const BY_ANY_NAME = ['platform', 'vendor', 'category', 'site'] as const;
const ANY_SITES = { leastSites: 0 } as const;

/** What a device's name is counted in, whether the catalogue knows it or not. */
const BY_NAME = {
  columns: ['category', 'vendor', 'model'],
  from: 'lines',
  devices: 'own',
  scopes: ['vendor', 'category', 'site'],
  totals: BY_ANY_NAME,
  shareOf: 'category',
  filters: ['category', 'vendor'],
  sorts: WITH_DEVICES,
} as const;

/** What each view is: the only place that says so. Another one is a name in VIEWS and a row here. */
export const VIEW_TABLE: Readonly<Record<View, ViewDefinition>> = {
  site: {
    ...ANY_SITES,
    columns: [],
    from: 'report',
    devices: 'models',
    scopes: ['site'],
    totals: BY_ANY_NAME,
    shareOf: 'site',
    filters: [],
    sorts: WITH_DEVICES,
  },
  platform: {
    ...ANY_SITES,
    columns: ['platform'],
    from: 'report',
    devices: 'none',
    scopes: ['site'],
    totals: BY_ANY_NAME,
    shareOf: 'site',
    filters: ['platform'],
    sorts: WITHOUT_DEVICES,
  },
  model: {
    ...BY_NAME,
    ...ANY_SITES,
  },
  unlisted: { ...BY_NAME, leastSites: UNLISTED_THRESHOLD },
  category: {
    ...ANY_SITES,
    columns: ['category'],
    from: 'model',
    devices: 'models',
    scopes: ['site'],
    totals: BY_ANY_NAME,
    shareOf: 'site',
    filters: ['category'],
    sorts: WITH_DEVICES,
  },
  vendor: {
    ...ANY_SITES,
    columns: ['category', 'vendor'],
    from: 'model',
    devices: 'models',
    scopes: ['category', 'site'],
    totals: BY_ANY_NAME,
    shareOf: 'category',
    filters: ['category', 'vendor'],
    sorts: WITH_DEVICES,
  },
  platform_vendor: {
    ...ANY_SITES,
    columns: ['platform', 'vendor'],
    from: 'vendor',
    only: 'phone',
    devices: 'none',
    scopes: ['platform', 'vendor', 'site'],
    totals: BY_ANY_NAME,
    shareOf: 'platform',
    filters: ['platform', 'vendor'],
    sorts: WITHOUT_DEVICES,
  },
};
