/** Periods, numbers and names of parties: never facts. */
export type JobPayload = Readonly<Record<string, string | number>>;
