import type { CubeRow } from '../../schemas/cube.ts';
import type { Cell } from '../../schemas/fact.ts';
import type { Identifier, Identity } from '../identify/identity.ts';
import type { Line } from './agent.ts';
import type { Standing } from './site-month.ts';

const EMPTY = { platform: '', category: '', vendor: '', model: '' } as const;

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
    add({ ...EMPTY, view: 'site' });
    add({ ...EMPTY, view: 'platform', platform });
    for (const [line, devices] of counts) if (devices > 0) this.#countLine(line, devices, platform, add);
    for (const [key, cell] of cells) this.#sum(key, cell);
  }

  #countLine(line: Line, devices: number, platform: string, add: (cell: Cell, devices?: number) => void): void {
    const identity = this.#identify(line);
    if (identity.kind === 'refused') return;
    const { kind, category, vendor, model } = identity;
    add({ ...EMPTY, view: kind === 'listed' ? 'model' : 'unlisted', category, vendor, model }, devices);
    if (kind === 'unlisted') return;
    add({ ...EMPTY, view: 'category', category });
    if (vendor === '') return;
    add({ ...EMPTY, view: 'vendor', category, vendor });
    if (category === 'phone') add({ ...EMPTY, view: 'platform_vendor', platform, vendor });
  }

  #identify(line: Line): Identity {
    const known = this.#identities.get(line);
    if (known !== undefined) return known;
    const identity = this.#identifier.line(line);
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
