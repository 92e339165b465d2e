import { CATEGORIES, type Category } from '../../schemas/report.ts';
import type { CountedModel } from '../../services/ingest/identify-lines.ts';
import { fc } from './fast-check.ts';

export interface ReportedModels {
  readonly maxLength: number;
  /** How many different models a vendor has in a category. */
  readonly names: number;
  readonly count: fc.Arbitrary<number>;
}

/** What a site may report, of few vendors: often more models than any bound lets through. */
export function reportedModels({ maxLength, names, count }: ReportedModels): fc.Arbitrary<CountedModel[]> {
  return fc.uniqueArray(
    fc.record({
      view: fc.constantFrom<('model' | 'unlisted')[]>('model', 'model', 'model', 'unlisted'),
      category: fc.oneof(
        fc.constantFrom<Category[]>('phone', 'phone', 'phone', 'dect', 'pci', 'nic'),
        fc.constantFrom(...CATEGORIES),
      ),
      vendor: fc.constantFrom('', 'Yealink', 'Snom', 'Poly', 'Cisco', 'Fanvil', 'Intel'),
      model: fc.nat(names - 1).map((n) => `M${n}`),
      count,
    }),
    // Without a size fast-check makes no more than ten, and no bound is ever reached.
    { maxLength, size: 'max', selector: (m) => `${m.view}|${m.category}|${m.vendor}|${m.model}` },
  );
}
