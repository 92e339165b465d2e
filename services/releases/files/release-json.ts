import { ReleaseDocument } from '../../../schemas/release-file.ts';
import { compareCells } from '../numbers/cell.ts';
import { answerOf } from './answer.ts';
import { canonicalJson } from './canonical-json.ts';
import { noticeOf } from './notice.ts';
import type { ReleaseOrder } from './release-order.ts';

const SOURCE =
  'Reports that phone systems sent with the consent of their owners, counted by site, frozen once and noised once.';

/** The release as one document: the only place that its other files take a number from. */
export function releaseDocument(order: ReleaseOrder): ReleaseDocument {
  const { profile, largeEnough, cells, coverage } = order.slice;
  const method = methodOf(order);
  const document = {
    notice: noticeOf(method),
    schema: 'rollcall.release/2' as const,
    period: order.period,
    party: order.party,
    revision: order.revision,
    profile,
    frozenAt: new Date(order.frozenAt).toISOString(),
    answer: '',
    largeEnough,
    method,
    coverage: [...coverage],
    cells: [...cells].sort(compareCells),
    earlier: [...order.earlier],
  };
  return { ...document, answer: answerOf(document) };
}

/** The text of release.json. */
export function releaseJson(document: ReleaseDocument): string {
  return canonicalJson(ReleaseDocument, document);
}

function methodOf({ parameters, policyVersion, catalogue, cost }: ReleaseOrder): ReleaseDocument['method'] {
  const { rho, epsilon, delta } = cost;
  return { source: SOURCE, ...parameters, policyVersion, catalogue, rho, epsilon: epsilon ?? 'unbounded', delta };
}
