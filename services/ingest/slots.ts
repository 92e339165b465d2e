import { LANES, type Lane, type Slot, type SlotCell } from '../../schemas/slot.ts';
import { capsOf } from '../core/caps.ts';
import { laneOf, SLOTS } from '../core/lanes.ts';
import type { SiteReport } from './break-apart.ts';
import { knownCell } from './known-cell.ts';
import { cellKeys, forgetSecrets, slotKeys, slotSecrets } from './slot-key.ts';

/** A cell that the site could fill a slot with. */
interface Candidate {
  readonly cell: SlotCell;
  /** By which the largest get the slots. */
  readonly devices: number;
  /** Of what is counted once: the cell, or of a maker the maker alone, whatever platform it is under. */
  readonly id: Uint8Array;
  cellKey: number;
}

/**
 * What the site adds to releases. In each lane the largest come first, ties by key, and each slot has a fixed cap. A
 * first report (sequence 1) fills the slots it needs; every later one writes all of them, with empty ones where it has
 * nothing: what an earlier report left there is gone. A site that withdraws writes empty ones only.
 *
 * The bound of a release holds whatever an agent sends: there are no other keys under a token than these.
 */
export function slotsOf(site: SiteReport, cap: number): Slot[] {
  const secrets = slotSecrets(site.token, site.period);
  const candidates = site.withdraw ? [] : candidatesOf(site);
  const keyed = cellKeys(
    secrets,
    candidates.map(({ id }) => id),
  );
  for (const [i, candidate] of candidates.entries()) candidate.cellKey = keyed[i] as number;
  const keys = slotKeys(secrets);
  forgetSecrets(secrets);
  const caps = capsOf(cap);
  const all = site.sequence > 1 || site.withdraw;
  return LANES.flatMap((lane) => {
    const chosen = largest(candidates, lane);
    return (keys.get(lane) ?? []).slice(0, all ? undefined : chosen.length).map(({ key, offset }, i): Slot => {
      const version = offset + site.sequence;
      const of = chosen[i];
      if (!of) return { ...emptyCell(lane), key, cellKey: 0, amount: 0, cap, version };
      const amount = lane === 'phones' ? Math.min(of.devices, caps[i] ?? 1) : 1;
      return { ...of.cell, key, cellKey: of.cellKey, amount, cap, version };
    });
  });
}

function largest(candidates: readonly Candidate[], lane: Lane): Candidate[] {
  const ofLane = candidates.filter(({ cell }) => cell.lane === lane);
  return ofLane.sort((a, b) => b.devices - a.devices || a.cellKey - b.cellKey).slice(0, SLOTS[lane]);
}

function candidatesOf({ platform, models }: SiteReport): Candidate[] {
  const makers = new Map<string, number>();
  const ofModels: Candidate[] = [];
  for (const { view, category, vendor, model, count, proposed } of models) {
    const lane = laneOf(category);
    if ((view !== 'model' && !proposed) || count === 0 || lane === null) continue;
    // A device of which the maker alone is known has no number in releases: it takes no slot from a model.
    if (view === 'model' && model !== '')
      ofModels.push(candidate({ lane, platform: '', category, vendor, model }, count));
    // A proposed name's maker is known.
    if (lane === 'phones' && vendor !== '') makers.set(vendor, (makers.get(vendor) ?? 0) + count);
  }
  const ofMakers = [...makers].map(([vendor, count]) =>
    candidate({ lane: 'makers', platform, category: '', vendor, model: '' }, count, {
      ...emptyCell('makers'),
      vendor,
    }),
  );
  return [candidate({ ...emptyCell('platforms'), platform }, 1), ...ofMakers, ...ofModels];
}

function candidate(cell: SlotCell, devices: number, once: SlotCell = cell): Candidate {
  return { cell, devices, id: knownCell({ ...once, view: once.lane }).id, cellKey: 0 };
}

function emptyCell(lane: Lane): SlotCell {
  return { lane, platform: '', category: '', vendor: '', model: '' };
}
