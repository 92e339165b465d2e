import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';
import { Failure } from '../../shared/failure.ts';

const FORMAT = 1;
export const HEADER_BYTES = 9;

/** A block as one value: format (1 byte), reports and facts (4 bytes each, big endian), then the lines. */
export function encodeRecord(block: Block): Buffer {
  const record = Buffer.allocUnsafe(HEADER_BYTES + block.bytes.byteLength);
  record.writeUInt8(FORMAT, 0);
  record.writeUInt32BE(block.reports, 1);
  record.writeUInt32BE(block.facts, 5);
  record.set(block.bytes, HEADER_BYTES);
  return record;
}

/** Throws `unknown-row` for a format of a newer version. Copies the bytes: what LMDB hands out is gone with the next read. */
export function decodeRecord(period: Period, record: Uint8Array): Block {
  if (record[0] !== FORMAT) throw new Failure('unknown-row');
  const copy = Buffer.from(record);
  return {
    period,
    reports: copy.readUInt32BE(1),
    facts: copy.readUInt32BE(5),
    bytes: copy.subarray(HEADER_BYTES),
  };
}
