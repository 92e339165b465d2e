import { LANES, type Lane, type Slot, type SlotCell } from '../../schemas/slot.ts';
import { capsOf } from '../core/caps.ts';
import { laneOf, SLOTS } from '../core/lanes.ts';
import type { Site, SiteReport } from './break-apart.ts';
import { encrypted, idsOf, keyIn, offsetIn } from './cell-cipher.ts';
import { type KnownCell, knownCell } from './known-cell.ts';
import { LooseLines, SLOT_NUMBERS } from './loose-lines.ts';
import { forgetSecrets, type SiteSecrets, secretsOf } from './site-secrets.ts';
import { FIRST_SLOT, SLOT_IDS } from './slot-ids.ts';

/** A cell that the site could fill a slot with. */
interface Candidate {
  readonly cell: KnownCell;
  /** Of what is counted once: the cell, or of a maker the maker alone, whatever platform it is under. */
  readonly once: KnownCell;
  /** By which the largest get the slots. */
  readonly devices: number;
  cellKey: number;
}

const NOWHERE = { platform: '', category: '', vendor: '', model: '' } as const;

/**
 * Adds what the site adds to releases. In each lane the largest come first, ties by key, and each slot has a fixed cap. A
 * first report (sequence 1) fills the slots it needs; every later one writes all of them, with empty ones where it has
 * nothing: what an earlier report left there is gone. A site that withdraws writes empty ones only.
 *
 * The bound of a release holds whatever an agent sends: there are no other keys under a token than these.
 */
export function addSlots(site: Site, cap: number, secrets: SiteSecrets, lines: LooseLines): void {
  const candidates = keyed(site.withdraw ? [] : candidatesOf(site), secrets.ofCells);
  const blocks = encrypted(SLOT_IDS, secrets.ofSlots);
  const caps = capsOf(cap);
  const all = site.sequence > 1 || site.withdraw;
  for (const lane of LANES) {
    const chosen = largest(candidates, lane);
    const filled = all ? SLOTS[lane] : chosen.length;
    for (let i = 0; i < filled; i++) {
      const of = chosen[i];
      const at = lines.add(of ? of.cell : knownCell({ ...NOWHERE, view: lane }));
      const { numbers } = lines;
      const block = FIRST_SLOT[lane] + i;
      numbers[at] = keyIn(blocks, block);
      numbers[at + 1] = of ? of.cellKey : 0;
      numbers[at + 2] = of ? amountOf(of, caps[i]) : 0;
      numbers[at + 3] = cap;
      numbers[at + 4] = offsetIn(blocks, block) + site.sequence;
    }
  }
}

function amountOf({ cell, devices }: Candidate, cap = 1): number {
  return cell.view === 'phones' ? Math.min(devices, cap) : 1;
}

/** What tells a site's cells apart in the slots is worked out for all of them at once. */
function keyed(candidates: Candidate[], secret: Uint8Array): readonly Candidate[] {
  const blocks = encrypted(idsOf(candidates.map(({ once }) => once)), secret);
  for (const [i, candidate] of candidates.entries()) candidate.cellKey = keyIn(blocks, i);
  return candidates;
}

function largest(candidates: readonly Candidate[], lane: Lane): Candidate[] {
  const ofLane = candidates.filter(({ cell }) => cell.view === lane);
  if (ofLane.length > 1) ofLane.sort((a, b) => b.devices - a.devices || a.cellKey - b.cellKey);
  if (ofLane.length > SLOTS[lane]) ofLane.length = SLOTS[lane];
  return ofLane;
}

function candidatesOf({ platform, models }: Site): Candidate[] {
  const site = knownCell({ ...NOWHERE, view: 'platforms', platform });
  const candidates: Candidate[] = [{ cell: site, once: site, devices: 1, cellKey: 0 }];
  const makers = new Map<string, number>();
  for (const { view, category, vendor, model, count, proposed } of models) {
    if ((view !== 'model' && !proposed) || count === 0) continue;
    // A proposed name's maker is known.
    if (vendor !== '' && laneOf(category) === 'phones') makers.set(vendor, (makers.get(vendor) ?? 0) + count);
    // A device of which the maker alone is known has no number in releases: it takes no slot from a model.
    const cell =
      view === 'model' && model !== '' ? slotOf(knownCell({ view, platform: '', category, vendor, model })) : null;
    if (cell) candidates.push({ cell, once: cell, devices: count, cellKey: 0 });
  }
  for (const [vendor, devices] of makers) {
    const cell = knownCell({ ...NOWHERE, view: 'makers', platform, vendor });
    candidates.push({ cell, once: knownCell({ ...NOWHERE, view: 'makers', vendor }), devices, cellKey: 0 });
  }
  return candidates;
}

/** The cell in its lane; null for what is in no release. */
function slotOf(model: KnownCell): KnownCell | null {
  if (model.slot !== undefined) return model.slot;
  const { category, vendor, model: name } = model;
  const lane = category === '' ? null : laneOf(category);
  model.slot = lane && knownCell({ view: lane, platform: '', category, vendor, model: name });
  return model.slot;
}

/** The slots of one site by their names. */
export function slotsOf(site: SiteReport, cap: number): Slot[] {
  const lines = new LooseLines(SLOT_NUMBERS);
  const secrets = secretsOf(site.token, site.period);
  try {
    addSlots(site, cap, secrets, lines);
  } finally {
    forgetSecrets(secrets);
  }
  const { cells, numbers } = lines;
  return cells.map(({ view, platform, category, vendor, model }, i): Slot => {
    const of = (n: number) => numbers[i * SLOT_NUMBERS + n] as number;
    const cell: SlotCell = { lane: view as Lane, platform, category, vendor, model };
    return { ...cell, key: of(0), cellKey: of(1), amount: of(2), cap: of(3), version: of(4) };
  });
}
