/** Parts of one table. */
export interface TableParts {
  readonly table: string;
  readonly parts: number;
}

/** What an operator is told of the store beyond whether it answers. Names of tables and numbers, never a row. */
export interface StoreExamination {
  /** The engine's version. */
  readonly engine: string;
  /** The newest migration that was applied; 0 before the first. */
  readonly migration: number;
  /** The newest migration that this version has. */
  readonly knownMigration: number;
  /** Parts that the engine has set aside: what is in them is in no count. */
  readonly detached: readonly TableParts[];
  /** Parts whose files do not hold what their checksums say. */
  readonly damaged: readonly TableParts[];
  /** Of the engine's fullest disk. */
  readonly freeBytes: number;
}

export interface StoreExaminer {
  /** Reads every part once, so it takes as long as that. Changes nothing. */
  examine(): Promise<StoreExamination>;
}
