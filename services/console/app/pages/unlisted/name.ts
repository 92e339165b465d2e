import type { DeviceName, UnlistedAnswer } from '../../lib/answers.ts';

export type Row = UnlistedAnswer['rows'][number];

export const keyOf = ({ category, vendor, model }: DeviceName): string => JSON.stringify([category, vendor, model]);
export const wordsFor = ({ vendor, model }: DeviceName): string =>
  [vendor, model].filter((word) => word !== '').join(' ');
