import { count, margin, percent } from '../../lib/format.ts';
import type { ReleaseShown } from '../../lib/release.ts';

export function InShort({ document, own }: { document: ReleaseShown; own: boolean }) {
  const { fleet, vendors, cells, answer } = document;
  const main = vendors.find(({ sites }) => sites !== null) ?? vendors[0];
  const models = cells.filter(({ model }) => model !== '');
  // As the release says it: worked out of rounded numbers it would be another.
  const share = main?.share ?? (main?.sites && fleet.sites ? main.sites / fleet.sites : null);
  return (
    <section class="panel say" aria-label="In short">
      <div>
        <h2>Sites with phones of {own && vendors.length === 1 ? 'yours' : (main?.vendor ?? 'the maker')}</h2>
        <b>{count(main?.sites)}</b>
        {main?.sitesMargin != null && <small>{margin(main.sitesMargin)}</small>}
        <p>{share === null ? 'Too few to stand out from the noise.' : `${percent(share)} of all sites.`}</p>
      </div>
      <div>
        <h2>All sites</h2>
        <b>{count(fleet.sites)}</b>
        {fleet.sitesMargin != null && <small>{margin(fleet.sitesMargin)} sites</small>}
        <p>{answer === undefined ? 'On the platforms that are published.' : 'Every one that reports.'}</p>
      </div>
      <div>
        <h2>Models that are published</h2>
        <b>{count(models.length)}</b>
        <small>{own ? 'of yours' : 'of theirs'}</small>
        <p>The others have too few sites to be told apart from noise.</p>
      </div>
    </section>
  );
}
