import * as z from 'zod';

/** A UTC calendar month, written `YYYY-MM`. */
export const Period = z
  .string()
  .regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/)
  .brand<'Period'>();
export type Period = z.infer<typeof Period>;
