import type { CubeRow } from '../../schemas/cube.ts';
import type { Cell, View } from '../../schemas/fact.ts';
import type { Identifier, Identity } from '../identify/identity.ts';
import type { Line } from './agent.ts';
import type { Standing } from './site-month.ts';

type Names = Partial<Omit<Cell, 'view'>>;
const EMPTY = { platform: '', category: '', vendor: '', model: '' } as const;

/** A line that is counted, at a site with this platform. */
type Counted = Exclude<Identity, { readonly kind: 'refused' }> & { readonly platform: string };

/** Views with one cell for each site, and the cell's names. */
const OF_SITES: Readonly<Partial<Record<View, (platform: string) => Names>>> = {
  site: () => ({}),
  platform: (platform) => ({ platform }),
};

const named = (line: Counted): boolean => line.kind !== 'unlisted' && line.vendor !== '';

/** Which cell of each view a line is in. Said again here: what the product's table of views says is what is checked. */
const OF_LINES: Readonly<Record<View, (line: Counted) => Names | false>> = {
  site: () => false,
  platform: () => false,
  model: ({ kind, category, vendor, model }) => kind === 'listed' && { category, vendor, model },
  unlisted: ({ kind, category, vendor, model }) => kind !== 'listed' && { category, vendor, model },
  category: ({ kind, category }) => kind !== 'unlisted' && { category },
  vendor: (line) => named(line) && { category: line.category, vendor: line.vendor },
  platform_vendor: (line) =>
    named(line) && line.category === 'phone' && { platform: line.platform, vendor: line.vendor },
};
/** Devices of one name that a site counts for at most. */
const MOST_OF_A_SITE = 1_000;
/** Views whose cells have devices. */
const WITH_DEVICES: readonly View[] = ['model'];

/** The key of a cell in a map. NUL is in no name. */
export function cellKey({ view, platform, category, vendor, model }: Cell): string {
  return `${view}\0${platform}\0${category}\0${vendor}\0${model}`;
}

/**
 * What the cube of a period must say, counted from what each site wants counted of it. It shares no code with the
 * pipeline: it sees no report, no token, no sequence; only what a line is identified as is the identifier's word.
 */
export class Oracle {
  readonly #identifier: Identifier;
  readonly #identities = new WeakMap<Line, Identity>();
  readonly #rows = new Map<string, { -readonly [K in keyof CubeRow]: CubeRow[K] }>();

  constructor(identifier: Identifier) {
    this.#identifier = identifier;
  }

  /** One site. Each cell counts it once, whatever leads to the cell. */
  count({ platform: { name, version }, counts }: Standing): void {
    const platform = this.#identifier.platform(name, version);
    const cells = new Map<string, CubeRow>();
    const add = (cell: Cell, devices = 0): void => {
      const key = cellKey(cell);
      cells.set(key, { ...cell, sites: 1, devices: devices + (cells.get(key)?.devices ?? 0) });
    };
    for (const [view, namesOf] of entriesOf(OF_SITES)) add({ ...EMPTY, ...namesOf(platform), view });
    for (const [line, devices] of counts) if (devices > 0) this.#countLine(line, devices, platform, add);
    for (const [key, cell] of cells) this.#sum(key, { ...cell, devices: Math.min(MOST_OF_A_SITE, cell.devices) });
  }

  #countLine(line: Line, devices: number, platform: string, add: (cell: Cell, devices?: number) => void): void {
    const identity = this.#identify(line);
    if (identity.kind === 'refused') return;
    const counted = { ...identity, platform };
    for (const [view, namesOf] of entriesOf(OF_LINES)) {
      const names = namesOf(counted);
      if (names) add({ ...EMPTY, ...names, view }, WITH_DEVICES.includes(view) ? devices : 0);
    }
  }

  #identify(line: Line): Identity {
    const known = this.#identities.get(line);
    if (known !== undefined) return known;
    const identity = asSealed(this.#identifier.line(line));
    this.#identities.set(line, identity);
    return identity;
  }

  #sum(key: string, cell: CubeRow): void {
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, cell);
    else {
      row.sites += 1;
      row.devices += cell.devices;
    }
  }

  /** Every cell with a site in it, in the order of their names. */
  rows(): CubeRow[] {
    return [...this.#rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
  }
}

/** A name that no list has is sealed in 40 bytes, maker and all: of a longer one its known maker counts, or nothing. */
function asSealed(identity: Identity): Identity {
  if (identity.kind === 'refused' || identity.kind === 'listed') return identity;
  if (identity.vendor.length + 1 + identity.model.length <= 40) return identity;
  if (identity.kind === 'unlisted') return { kind: 'refused', reason: 'bad-name' };
  return { ...identity, kind: 'listed', model: '' };
}

function entriesOf<T>(record: Readonly<Partial<Record<View, T>>>): [View, T][] {
  return Object.entries(record) as [View, T][];
}
