/** Why a block was set aside. A code, never text from the block. */
export const DEAD_LETTER_REASONS = ['malformed', 'rejected-by-store'] as const;
export type DeadLetterReason = (typeof DEAD_LETTER_REASONS)[number];
