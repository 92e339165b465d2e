/** What is run: by name of the set-up, faults alone (`kill`) and together (`kill+reset`), each with its seed. */
export interface PlannedRun {
  readonly target: 'embedded' | 'distributed';
  readonly faults: readonly string[];
  readonly seed: number;
}

const EMBEDDED = ['kill', 'restart', 'freeze', 'reset', 'silent', 'slow', 'refused'] as const;
const DISTRIBUTED = [
  ...['broker', 'brokers', 'store-frozen', 'store-kill', 'store-reset', 'store-silent', 'store-slow', 'store-refused'],
  ...[
    'redis-kill',
    'redis-silent',
    'redis-refused',
    'ingest-kill',
    'ingest-freeze',
    'aggregate-kill',
    'aggregate-freeze',
  ],
  ...['jobs-kill', 'jobs-freeze'],
] as const;
const TOGETHER = [
  ...['broker+store-frozen', 'brokers+aggregate-kill', 'store-kill+aggregate-freeze', 'store-silent+redis-kill'],
  ...['redis-silent+jobs-kill', 'ingest-kill+aggregate-kill', 'broker+ingest-freeze', 'store-refused+jobs-freeze'],
] as const;

/** In CI: what an embedded process meets most. */
const SHARE = ['kill', 'freeze+reset', 'silent', 'kill+slow'] as const;

export interface PlanSettings {
  /** `share` (CI), `embedded`, `distributed`, `all`, or names such as `kill,store-kill+broker`. */
  readonly faults: string;
  /** Of the first run; each one further has the next. */
  readonly seed: number;
  /** How often each is run. */
  readonly times: number;
}

export function planOf({ faults, seed, times }: PlanSettings): PlannedRun[] {
  const names = namesOf(faults);
  const rounds = Array.from({ length: times }, () => names).flat();
  return rounds.map((name, i) => {
    const parts = name.split('+');
    const embedded = parts.every((part) => (EMBEDDED as readonly string[]).includes(part));
    return { target: embedded ? 'embedded' : 'distributed', faults: parts, seed: seed + i };
  });
}

function namesOf(faults: string): readonly string[] {
  if (faults === 'share') return SHARE;
  if (faults === 'embedded') return ALL_EMBEDDED;
  if (faults === 'distributed') return ALL_DISTRIBUTED;
  if (faults === 'all') return [...ALL_EMBEDDED, ...ALL_DISTRIBUTED];
  return faults.split(',');
}

const ALL_EMBEDDED = [...EMBEDDED, ...pairsOf(EMBEDDED)];
const ALL_DISTRIBUTED = [...DISTRIBUTED, ...TOGETHER];

function pairsOf(names: readonly string[]): string[] {
  return names.flatMap((first, i) => names.slice(i + 1).map((second) => `${first}+${second}`));
}
