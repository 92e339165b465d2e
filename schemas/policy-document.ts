import { fieldsOf } from './policy.ts';
import { Report } from './report.ts';

/** The version that agents consent to: it grows when more is collected. */
export const POLICY_VERSION = 1;

/** The policy document: what is collected and why, read off the report's schema itself. */
export function policyDocument(threshold: number) {
  return {
    version: POLICY_VERSION,
    collected: fieldsOf(Report).map(({ path, policy }) => ({ field: path, ...policy })),
    neverCollected: [
      'calls and call menus',
      'phone numbers and extensions',
      'names and passwords',
      'configuration',
      'IP, MAC, e-mail and postal addresses',
      'host names',
      'serial numbers, asset tags and UUIDs',
      'firmware versions',
      'location',
    ],
    kept: {
      openPeriod: 'facts that share no value with each other',
      closedPeriod: `counts of at least ${threshold} sites`,
    },
    threshold,
    off: 'One more report with "withdraw": true takes back everything that was sent in the period.',
  };
}
