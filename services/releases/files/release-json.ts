import { ReleaseDocument } from '../../../schemas/release-file.ts';
import { compareCells } from '../numbers/cell.ts';
import { canonicalJson } from './canonical-json.ts';
import { noticeOf } from './notice.ts';
import type { ReleaseOrder } from './release-order.ts';
import { vendorTotals } from './vendor-totals.ts';

const SOURCE =
  'Reports that phone systems sent with the consent of their owners, counted by site in one cube, frozen once.';

/** The release as one document: the only place that its other files take a number from. */
export function releaseDocument(order: ReleaseOrder): ReleaseDocument {
  const { profile, sampleSites, sampleMargin, modelsReleased } = order.slice;
  const method = methodOf(order);
  return {
    notice: noticeOf(method),
    schema: 'rollcall.release/1',
    period: order.period,
    party: order.party,
    revision: order.revision,
    profile,
    frozenAt: new Date(order.frozenAt).toISOString(),
    sample: { sites: sampleSites, sitesMargin: sampleMargin, modelsReleased },
    method,
    vendors: vendorTotals(order.slice),
    cells: [...order.slice.cells].sort(compareCells),
  };
}

/** The text of release.json. */
export function releaseJson(document: ReleaseDocument): string {
  return canonicalJson(ReleaseDocument, document);
}

function methodOf({ parameters, policyVersion, catalogue, cost }: ReleaseOrder): ReleaseDocument['method'] {
  const { rho, epsilon, delta } = cost;
  return { source: SOURCE, ...parameters, policyVersion, catalogue, rho, epsilon: epsilon ?? 'unbounded', delta };
}
