import { Failure } from '../../shared/failure.ts';
import type { Collector, RawCandidate } from '../reading.ts';
import { dmiText, readDmi } from './dmi-files.ts';

/** Makers whose boards are named by part codes ("0VYV0G", "8079"): the system's product says more. */
const BOARDS_ARE_CODES = /^(?:dell|hp\b|hpe\b|hewlett|lenovo)/i;

/** The motherboard, or the product it is in. A board without DMI is named by its device tree. */
export const board: Collector = ({ files, container }) => {
  if (container) return [];
  const own = readDmi(files, 'board');
  const system = readDmi(files, 'system');
  const candidates: RawCandidate[] = [];
  if (own) candidates.push({ kind: 'board', text: dmiText(own), unlistedAs: 'board' });
  if (system) candidates.push({ kind: 'system', text: dmiText(system), unlistedAs: 'board', only: 'board' });
  if (BOARDS_ARE_CODES.test(own?.vendor ?? '')) candidates.reverse();
  if (candidates.length === 0)
    candidates.push(fromDeviceTree(files.textIfPresent('/sys/firmware/devicetree/base/model')));
  return [{ count: 1, candidates, shown: candidates[0]!.text }];
};

function fromDeviceTree(model: string | undefined): RawCandidate {
  const name = model?.replaceAll('\u0000', '').trim();
  if (!name) throw new Failure('missing');
  return { kind: 'board', text: `board_name="${name.replaceAll('"', "'")}"`, unlistedAs: 'board' };
}
