/** A view that a key's holder wants at hand. */
export interface StoredPin {
  /** Made of the address: who pins a view twice has it once. */
  readonly id: string;
  readonly address: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** When it ends unless it is kept longer: the store deletes it by itself some time after. */
  readonly keptUntil: number;
}

/** Pins of an installation, shared by all its processes. */
export interface PinStore {
  /** Of one key, oldest first, with some that have ended. One that was added more than once is kept until its last end. */
  pins(key: string): Promise<StoredPin[]>;
  addPins(key: string, pins: readonly StoredPin[]): Promise<void>;
  /** Leaves no row of it; also when there is none. */
  deletePin(key: string, id: string): Promise<void>;
  /** Leaves no row of the key. */
  deletePinsOf(key: string): Promise<void>;
}
