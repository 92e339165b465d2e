import type { Profile } from '../../../schemas/release.ts';
import type { Trend } from '../../../schemas/release-file.ts';
import { varianceIn } from './noise.ts';
import type { Published, PublishedCell } from './published.ts';
import { isOfModels, type Measure, queryNamed } from './queries.ts';
import { isSignificant } from './rounding.ts';

export type Change = PublishedCell['change'];

interface Comparison {
  readonly profile: Profile;
  readonly before?: Published | undefined;
}

/**
 * What became of a cell since the period before; `earlier` is the cell as it was published then. All null where the
 * periods cannot be compared: there is none before, or its sample was too small for models.
 */
export function changeOf(
  now: Omit<PublishedCell, 'change'>,
  earlier: PublishedCell | undefined,
  { profile, before }: Comparison,
): Change {
  if (before === undefined || (isOfModels(now.query) && !before.modelsReleased))
    return { beforeSites: null, sites: null, beforePhones: null, phones: null };
  const { sites, phones } = queryNamed(now.query);
  const variances = (measure: Measure) => [varianceIn(profile, measure), varianceIn(before.profile, measure)] as const;
  return {
    beforeSites: earlier?.sites ?? null,
    sites: trendOf(now.sites, earlier?.sites ?? null, sites, variances(sites)),
    beforePhones: earlier?.phones ?? null,
    phones: phones && trendOf(now.phones, earlier?.phones ?? null, phones, variances(phones)),
  };
}

function trendOf(
  now: number | null,
  before: number | null,
  measure: Measure,
  variances: readonly [number, number],
): Trend {
  if (now === null) return null;
  if (before === null) return 'new';
  if (!isSignificant(now - before, measure, variances)) return 'not-significant';
  return now > before ? 'up' : 'down';
}
