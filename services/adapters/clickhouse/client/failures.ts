import { Failure } from '../../../shared/failure.ts';

/** Codes that mean the inserted bytes are at fault: cannot parse quoted string, cannot parse input, incorrect data, cannot parse number. */
export const REJECTED_CODES = new Set(['26', '27', '72', '117']);

/** Authentication failed and the like; a statement that the user may not make. */
const DENIED_CODES = new Set(['164', '192', '193', '194', '291', '497', '516']);

/**
 * Files that are not what the engine wrote: a block that cannot be decompressed or read to its end, a codec that is none, a
 * sum that differs, marks that do not fit, a file that is not there, files too many, too few or of another size, corrupted data.
 */
const DAMAGED_CODES = new Set(['33', '39', '40', '89', '107', '226', '227', '228', '229', '246', '271', '432']);

/** No server was found, or it hung up. */
export const NO_ANSWER = 'no-answer';
const TIMEOUT = 'timeout';

/** The failure by code and type alone. Codes in `rejected` mean that the call's own bytes are at fault. */
export async function coded<T>(call: Promise<T>, rejected: ReadonlySet<string> = NONE): Promise<T> {
  try {
    return await call;
  } catch (thrown) {
    const { code, type } = codeOf(thrown);
    const detail = { code, ...(type === undefined ? {} : { type }) };
    if (rejected.has(code)) throw new Failure('store-rejected', detail);
    if (DENIED_CODES.has(code)) throw new Failure('store-denied', detail);
    throw new Failure(DAMAGED_CODES.has(code) ? 'store-damaged' : 'store-unavailable', detail);
  }
}

const NONE: ReadonlySet<string> = new Set();

/** The engine's number for it; {@link TIMEOUT}, when the answer did not come in time; else {@link NO_ANSWER}. */
function codeOf(thrown: unknown): { code: string; type?: string } {
  // By its shape: chDB throws another copy of the client's class.
  const { code, type, message } = thrown as { code?: unknown; type?: unknown; message?: unknown };
  if (typeof code === 'string' && /^\d+$/.test(code)) return { code, ...(typeof type === 'string' ? { type } : {}) };
  return { code: message === 'Timeout error.' ? TIMEOUT : NO_ANSWER };
}
