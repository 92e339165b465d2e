import * as z from 'zod';
import { Period } from '../../schemas/period.ts';

/** Parameters are text; documents say what the text stands for. */
const documented = z.registry<Readonly<Record<string, unknown>>>();

/** The JSON Schema of what a parameter's text stands for, where it is not the text itself. */
export function documentedAs(schema: z.core.$ZodType): Readonly<Record<string, unknown>> | undefined {
  return documented.get(schema);
}

export function wholeNumber(min: number, max: number, fallback: number) {
  const schema = z
    .string()
    .regex(/^[0-9]{1,9}$/, 'not-a-number')
    .transform(Number)
    .pipe(z.number().min(min).max(max));
  const withDefault = schema.default(fallback);
  documented.add(withDefault, { type: 'integer', minimum: min, maximum: max, default: fallback });
  return withDefault;
}

/** Part of a cell's name, or all of it. No name that is stored holds a control character. */
export const name = z
  .string()
  .min(1)
  .max(64)
  .regex(/^[^\u0000-\u001f\u007f]*$/, 'not-a-name');

/** The limit of a list that is had whole. No list is longer: see {@link paging}. */
export const WHOLE_LIST = 1_000_000;

export const paging = { limit: wholeNumber(1, 1000, 50), offset: wholeNumber(0, 1_000_000, 0) };

/** Both ends belong to it. */
export const periodRange = { from: Period.optional(), to: Period.optional() };

export interface ParameterProblem {
  readonly parameter: string;
  readonly reason: string;
  /** What it may be, where that is a list. */
  readonly allowed?: readonly string[];
}

export function rangeProblems({
  from,
  to,
}: {
  from?: Period | undefined;
  to?: Period | undefined;
}): ParameterProblem[] {
  return from !== undefined && to !== undefined && from > to ? [{ parameter: 'from', reason: 'after-to' }] : [];
}

/** For `superRefine`: each problem at its parameter. */
export function refuse<Q>(problemsOf: (query: Q) => readonly ParameterProblem[]) {
  return (query: Q, context: z.RefinementCtx): void => {
    for (const { parameter, reason, allowed } of problemsOf(query))
      context.addIssue({ code: 'custom', path: [parameter], message: reason, params: { allowed } });
  };
}
