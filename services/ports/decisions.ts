import type { Period } from '../../schemas/period.ts';
import type { QueryName } from '../../schemas/release.ts';

/** A reviewer's word on a cell that was held. */
export interface Decision {
  readonly period: Period;
  readonly cell: {
    readonly query: QueryName;
    readonly platform: string;
    readonly vendor: string;
    readonly model: string;
    readonly category: string;
  };
  readonly decision: 'approve' | 'suppress';
  readonly at: number;
  readonly by: string;
}

export interface Decisions {
  /** Oldest first, of each cell the first that was made: it holds. */
  decisions(period: Period): Promise<Decision[]>;
}

export interface DecisionStore extends Decisions {
  addDecision(decision: Decision): Promise<void>;
}
