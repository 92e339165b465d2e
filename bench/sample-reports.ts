import { randomBytes } from 'node:crypto';
import { periodAt } from '../services/core/period.ts';

const PHONES = ['SIP-T46S', 'SIP-T54W', 'SIP-T42S', 'SIP-T48S', 'SIP-T21P_E2', 'SIP-T53W', 'SIP-T57W', 'SIP-T33G'];

/** Reports of one site each, 1.2 KB: fourteen lines that become about 27 facts. */
export function sampleReports(count: number): Buffer[] {
  return Array.from({ length: count }, (_, i) => sampleReport(i, randomBytes(32), 1));
}

/** What site `i` reports under its token. */
export function sampleReport(i: number, token: Buffer, sequence: number): Buffer {
  const line = (category: string, vendor: string, model: string, n: number) => ({ category, vendor, model, count: n });
  const report = {
    schema: 'rollcall.report/1',
    period: periodAt(Date.now()),
    token: token.toString('base64url'),
    sequence,
    platform: { name: 'FreePBX', version: String(15 + (i % 3)) },
    devices: [
      ...PHONES.map((model, k) => line('phone', 'Yealink', model, 1 + ((i + k) % 40))),
      line('phone', 'Grandstream', 'GXP2170', 1 + (i % 9)),
      line('dect', 'Yealink', 'W60B', 1),
      line('ata', 'Grandstream', 'HT802', 2),
      line('cpu', 'Intel', 'Xeon E3-1220', 1),
      line('memory', '', '16 GiB', 1),
      line('nic', 'Intel', 'I210', 2),
    ],
  };
  return Buffer.from(JSON.stringify(report));
}
