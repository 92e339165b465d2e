import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import { DEAD_LETTER_REASONS, type DeadLetterReason } from '../../../schemas/dead-letter.ts';
import type { Period } from '../../../schemas/period.ts';
import type { Block } from '../../ports/block.ts';

const VERSION = '1';
const DAY_MS = 24 * 60 * 60 * 1000;

/** A block as a record: its bytes are the value, what is said of it are the headers. It has no key. */
export function recordOf(block: Block, now: number, reason?: DeadLetterReason): Message {
  return {
    key: null,
    value: Buffer.from(block.bytes.buffer, block.bytes.byteOffset, block.bytes.byteLength),
    // To the day: the moment of a report is nobody's business.
    timestamp: String(now - (now % DAY_MS)),
    headers: {
      version: VERSION,
      period: block.period,
      facts: String(block.facts),
      reports: String(block.reports),
      ...(block.traceparent === undefined || reason !== undefined ? {} : { traceparent: block.traceparent }),
      ...(reason === undefined ? {} : { reason }),
    },
  };
}

/** A record that holds nothing, see truncate.ts. */
export function markerAt(now: number): Message {
  return { key: null, value: null, timestamp: String(now) };
}

/**
 * The block of a record, null when it is a marker. Which period it belongs to is the topic's to say. A record that
 * somebody else put there has no numbers: it is a block of no facts, and whoever scans it will refuse it.
 */
export function blockOf({ value, headers }: Pick<KafkaMessage, 'value' | 'headers'>, period: Period): Block | null {
  if (value === null) return null;
  const block = { period, facts: count(headers, 'facts'), reports: count(headers, 'reports'), bytes: value };
  const traceparent = text(headers, 'traceparent');
  return traceparent === '' ? block : { ...block, traceparent };
}

export function reasonOf({ headers }: Pick<KafkaMessage, 'headers'>): DeadLetterReason {
  const reason = text(headers, 'reason');
  return DEAD_LETTER_REASONS.find((known) => known === reason) ?? 'malformed';
}

function count(headers: IHeaders | undefined, name: string): number {
  const written = text(headers, name);
  return /^[0-9]{1,9}$/.test(written) ? Number(written) : 0;
}

function text(headers: IHeaders | undefined, name: string): string {
  const value = headers?.[name];
  return Array.isArray(value) ? '' : (value?.toString() ?? '');
}
