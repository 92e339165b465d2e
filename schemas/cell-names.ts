/**
 * The names that cells are made of, wherever they travel or are stored. What a view and a category mean is said once for
 * each name, in services/core/views.ts and services/core/categories.ts: a name without its row does not compile.
 */

/**
 * The shapes a site is counted in. They are computed at ingest while the report is whole, so that
 * "how many sites have any Yealink phone" is exact although no site can be put together again.
 */
export const VIEWS = ['site', 'platform', 'category', 'vendor', 'platform_vendor', 'model', 'unlisted'] as const;
export type View = (typeof VIEWS)[number];

/** Every kind of device a line may name. `virtual` is a hypervisor kind. */
export const CATEGORIES = [
  'phone',
  'softphone',
  'mobile',
  'dect',
  'ata',
  'gateway',
  'doorphone',
  'conference',
  'headset',
  'pci',
  'nic',
  'cpu',
  'memory',
  'board',
  'virtual',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** What a cell can be named by. */
export type Column = 'platform' | 'category' | 'vendor' | 'model';
