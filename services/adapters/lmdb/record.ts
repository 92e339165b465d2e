import { crc32 } from 'node:zlib';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import { Failure } from '../../shared/failure.ts';

/** What version 0.1.0 wrote: a byte, reports and facts, no checksum. */
const FIRST_FORM = 1;
const FIRST_HEADER_BYTES = 9;
/** A record says by itself where it begins: whoever salvages a file that no tree leads through finds it by that. */
const MAGIC = Buffer.from('RCB2', 'latin1');
const HEADER_BYTES = 20;
const SUM_AT = 16;

/**
 * A block as one value: `RCB2`, reports, facts, bytes and the CRC-32 of those three and of the lines (4 bytes each, big
 * endian), then the lines.
 */
export function encodeRecord({ bytes, reports, facts }: Block): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + bytes.byteLength);
  MAGIC.copy(record);
  record.writeUInt32BE(reports, 4);
  record.writeUInt32BE(facts, 8);
  record.writeUInt32BE(bytes.byteLength, 12);
  record.set(bytes, HEADER_BYTES);
  record.writeUInt32BE(sumOf(record), SUM_AT);
  return record;
}

/** What a record says of itself. */
export interface RecordHead {
  readonly reports: number;
  readonly facts: number;
  /** Of its lines. */
  readonly bytes: number;
  readonly headerBytes: number;
}

/** Throws `log-damaged` for what is no record. One of a newer version lies in a directory that says so: see data-format.ts. */
export function headOf(record: Uint8Array): RecordHead {
  const view = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
  if (view[0] === FIRST_FORM && view.length >= FIRST_HEADER_BYTES) {
    const bytes = view.length - FIRST_HEADER_BYTES;
    return { reports: view.readUInt32BE(1), facts: view.readUInt32BE(5), bytes, headerBytes: FIRST_HEADER_BYTES };
  }
  if (view.length < HEADER_BYTES || !view.subarray(0, MAGIC.length).equals(MAGIC)) throw new Failure('log-damaged');
  const bytes = view.readUInt32BE(12);
  return { reports: view.readUInt32BE(4), facts: view.readUInt32BE(8), bytes, headerBytes: HEADER_BYTES };
}

/** Whether it is, byte for byte, what was written; of the first form nobody can tell. */
export function isWhole(record: Uint8Array): boolean {
  try {
    const head = headOf(record);
    if (head.headerBytes + head.bytes !== record.byteLength) return false;
    if (head.headerBytes === FIRST_HEADER_BYTES) return true;
    const view = Buffer.from(record.buffer, record.byteOffset, record.byteLength);
    return view.readUInt32BE(SUM_AT) === sumOf(view);
  } catch {
    return false;
  }
}

/** Throws as {@link headOf} does. Copies the bytes: what LMDB hands out is gone with the next read. */
export function decodeRecord(period: Period, record: Uint8Array): Block {
  const { reports, facts, headerBytes } = headOf(record);
  if (!isWhole(record)) throw new Failure('log-damaged');
  return { period, reports, facts, bytes: Buffer.from(record).subarray(headerBytes) };
}

function sumOf(record: Buffer): number {
  return crc32(record.subarray(HEADER_BYTES), crc32(record.subarray(MAGIC.length, SUM_AT)));
}

/** No block of ours is longer: see the limit of Kafka's records. */
const MOST_BYTES = 64 * 1024 * 1024;

/** Every whole record of the second form that stands anywhere in the bytes, in their order; each once. */
export function recordsIn(file: Buffer): Buffer[] {
  const found: Buffer[] = [];
  for (let at = file.indexOf(MAGIC); at >= 0; ) {
    const record = recordAt(file, at);
    if (record) found.push(record);
    at = file.indexOf(MAGIC, at + (record?.length ?? 1));
  }
  return found;
}

function recordAt(file: Buffer, at: number): Buffer | undefined {
  if (at + HEADER_BYTES > file.length) return undefined;
  const bytes = file.readUInt32BE(at + 12);
  if (bytes > MOST_BYTES || at + HEADER_BYTES + bytes > file.length) return undefined;
  const record = file.subarray(at, at + HEADER_BYTES + bytes);
  return isWhole(record) ? record : undefined;
}
