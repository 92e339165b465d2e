/**
 * release.json as the console reads it: of the first form and of the second. Only what is shown is named here; the file
 * itself is what was signed, and is checked as bytes.
 */
export interface ReleasedCell {
  readonly query: string;
  readonly platform: string;
  readonly category: string;
  readonly vendor: string;
  readonly model: string;
  readonly sites: number;
  readonly sitesMargin: number;
  readonly share: number | null;
  readonly phones: number | null;
  readonly phonesMargin: number | null;
  readonly change?: {
    readonly beforeSites: number | null;
    readonly sites: 'up' | 'down' | 'not-significant' | 'new' | null;
  };
}

interface Numbered {
  readonly sites: number | null;
  readonly sitesMargin: number | null;
}

interface Written {
  readonly profile: 'noised' | 'threshold';
  /** Of the second form: the release in one sentence. */
  readonly answer?: string;
  /** Of the first form. */
  readonly sample?: Numbered;
  readonly vendors?: readonly (Numbered & { readonly vendor: string })[];
  readonly coverage?: readonly {
    readonly query: string;
    readonly listed: number;
    readonly from: number;
    readonly published: number;
  }[];
  readonly cells: readonly ReleasedCell[];
  readonly method: {
    readonly epsilon: number | 'unbounded';
    readonly delta: number | null;
    readonly sitesRounding: number;
    readonly phonesRounding: number;
    readonly mostPhonesOfASite?: number;
    readonly caps?: readonly number[];
    readonly catalogue: string;
  };
}

export interface ReleaseShown {
  readonly profile: 'noised' | 'threshold';
  readonly answer: string | undefined;
  /** Every site that the release rests on. */
  readonly fleet: Numbered;
  readonly vendors: readonly (Numbered & { readonly vendor: string; readonly share?: number | null })[];
  readonly cells: readonly ReleasedCell[];
  /** From how many sites on a phone model is published; undefined where the file does not say. */
  readonly modelsFrom: number | undefined;
  /** Phones of a model that a site counts with at most. */
  readonly mostPhones: number | undefined;
  readonly method: Written['method'];
}

const NONE: Numbered = { sites: null, sitesMargin: null };

/** Undefined for bytes that are no release. */
export function readRelease(bytes: Uint8Array | undefined): ReleaseShown | undefined {
  try {
    const read = JSON.parse(new TextDecoder().decode(bytes)) as Written;
    return Array.isArray(read.cells) ? shown(read) : undefined;
  } catch {
    return undefined;
  }
}

function shown({ profile, answer, sample, vendors, coverage, cells, method }: Written): ReleaseShown {
  const makers = cells.filter(
    ({ query, category }) => query === 'phone_vendor' && (category === '' || category === 'phone'),
  );
  return {
    profile,
    answer,
    fleet: sample ?? cells.find(({ query }) => query === 'all') ?? NONE,
    vendors: vendors ?? makers,
    cells,
    modelsFrom: coverage?.find(({ query }) => query === 'phone_model')?.from,
    mostPhones: method.mostPhonesOfASite ?? method.caps?.[0],
    method,
  };
}
