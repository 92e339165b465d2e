import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { ingestOne } from '../../services/ingest/ingest-one.ts';
import { Mixer } from '../../services/ingest/mixer.ts';
import type { Block } from '../../services/ports/block.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';
import { sealedNames, TICKETS } from '../support/month-keys.ts';
import { Seeded } from '../support/re-join/seeded.ts';

const PERIOD = parsePeriod('2026-11');
const REPORTS = 20_000;
const IN_A_BLOCK = 50;

/** Names that the catalogue has had from the beginning, in spellings of agents, and some that it does not have. */
const NAMES = [
  ...['SIP-T46S', 'sip_t54w', 'SIP-T42S', 'Yealink SIP-T48S', 'SIP-T21P_E2', 'SIP-T99Z'].map(
    (model) => ['phone', 'Yealink', model] as const,
  ),
  ['phone', 'Polycom', 'VVX 450'],
  ['phone', 'Grandstream', 'GXP2170'],
  ['phone', 'Snom', 'D785'],
  ['phone', 'Fanvil', 'X5U'],
  ['phone', 'Cisco', 'CP-8841'],
  ['phone', 'Acme', 'K-3000'],
  ['phone', 'Yealink', '001565123456'],
  ['dect', 'Yealink', 'W60B'],
  ['ata', 'Grandstream', 'HT802'],
  ['gateway', 'Patton', 'SN4112'],
  ['softphone', 'Zoiper', 'Zoiper'],
  ['headset', 'Jabra', 'Evolve2 65'],
  ['pci', 'Digium', 'TE410P'],
  ['nic', 'Intel', 'I210'],
  ['cpu', 'Intel', 'Xeon E3-1220'],
  ['memory', '', '16 GiB'],
  ['memory', '', '12 GB'],
  ['board', 'Supermicro', 'X11SSL-F'],
  ['virtual', 'VMware', 'Virtual Platform'],
] as const;
const PLATFORMS = ['FreePBX', 'Asterisk', '3CX', 'My own PBX'] as const;

const random = new Seeded(20_261_126, 18);

function randomReport(): Buffer {
  const devices = Array.from({ length: random.below(20) }, () => {
    const [category, vendor, model] = NAMES[random.below(NAMES.length)] as (typeof NAMES)[number];
    return { category, vendor, model, count: random.below(4) === 0 ? random.below(1_000) : random.below(12) };
  });
  const report = {
    ...{ schema: 'rollcall.report/1', period: PERIOD, token: random.token() },
    sequence: random.below(2) === 0 ? 1 : 1 + random.below(999_999),
    platform: { name: PLATFORMS[random.below(PLATFORMS.length)], version: String(15 + random.below(3)) },
    devices,
    ...(random.below(9) === 0 ? { withdraw: true } : {}),
  };
  return Buffer.from(JSON.stringify(report));
}

/**
 * What ingest made of these reports at commit fff4ab6, before anything of it was made faster, but for two things since: names that no
 * list has are sealed and carry presence, and a site counts for 1,000 devices of a model at most. Whoever changes on purpose
 * what a fact or a slot is, or what one of the names above is called, writes the new digest here and says so.
 */
const DIGEST = '74e6d67746fae23d4f207f91624406c09926d0195e9fc63b1c9de0a90a414a4d';

test('facts and slots of 20,000 random reports are byte for byte those of before ingest was made faster', async () => {
  const identifier = buildIdentifier(loadCatalog(), PERIOD);
  const digest = createHash('sha256');
  // The order within a block is drawn anew each time: lines are compared in their own.
  const log = {
    append: async ({ bytes, facts, reports }: Block) => {
      const lines = Buffer.from(bytes).toString('latin1').split('\n').sort();
      digest.update(`${facts} of ${reports}\n${lines.join('\n')}`);
    },
  };
  const mixer = new Mixer(log, { flushMs: 60_000, maxReports: IN_A_BLOCK, maxPending: IN_A_BLOCK });
  const ofPeriod = { openPeriods: () => [PERIOD], identifierOf: () => identifier, capOf: () => FIRST_CAP };
  const deps = { ...ofPeriod, mixer, tickets: TICKETS, mostDevices: 1_000, sealOf: sealedNames };
  for (let sent = 0; sent < REPORTS; sent += IN_A_BLOCK) {
    const reports = Array.from({ length: IN_A_BLOCK }, randomReport);
    await Promise.all(reports.map((report) => ingestOne(report, deps)));
  }
  expect(digest.digest('hex')).toBe(DIGEST);
});
