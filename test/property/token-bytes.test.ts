import { createCipheriv, hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Cell } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { FIRST_CAP } from '../../services/core/caps.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { Identifier } from '../../services/identify/identity.ts';
import { BlockLines, type Part } from '../../services/ingest/block-lines.ts';
import { factKeys } from '../../services/ingest/fact-key.ts';
import { ingestOne } from '../../services/ingest/ingest-one.ts';
import { scanJson } from '../../services/ingest/json-bytes.ts';
import type { Mixer } from '../../services/ingest/mixer.ts';
import { fc } from '../support/fast-check.ts';
import { sealedNames, TICKETS } from '../support/month-keys.ts';
import { Seeded } from '../support/re-join/seeded.ts';
import { shareOf } from '../support/share.ts';

const PERIOD = parsePeriod('2026-11');
const random = new Seeded(20_261_126);
const MODELS = ['SIP-T46S', 'SIP-T54W', 'GXP2170', 'D785', 'Kitchen Phone', 'W60B', 'VVX 411', 'x'];
const VENDORS = ['Yealink', 'Grandstream', 'snom', 'Polycom', ''];

function randomReport(token: string): Buffer {
  const devices = Array.from({ length: random.below(9) }, () => ({
    category: ['phone', 'dect', 'cpu', 'nic'][random.below(4)],
    vendor: VENDORS[random.below(VENDORS.length)],
    model: MODELS[random.below(MODELS.length)],
    count: random.below(60),
  }));
  const report = {
    ...{ schema: 'rollcall.report/1', period: PERIOD, token, sequence: 1 + random.below(999_999) },
    ...{ platform: { name: 'FreePBX', version: String(15 + random.below(3)) }, devices },
    ...(random.below(9) === 0 ? { withdraw: true } : {}),
  };
  const entries = random.shuffle(Object.entries(report));
  return Buffer.from(JSON.stringify(Object.fromEntries(entries), null, random.below(3)));
}

/** The site's key as it was made until 2026-11-26, from strings. */
const keyOfStrings = (token: string, period: Period) => hash('sha256', `${token}\0${period}`).slice(0, 32);

const ids = new Map<string, Buffer>();
function idOf(names: string): Buffer {
  const id = ids.get(names) ?? hash('sha256', names, 'buffer').subarray(0, 16);
  ids.set(names, id);
  return id;
}

const CELL: Cell = { view: 'model', platform: '', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' };

const REPORTS = shareOf(20_000);

describe(`facts of ${REPORTS} random reports`, () => {
  test('are byte for byte those that were made from strings of tokens', async () => {
    // Names are not what this is about, and finding them would take most of the time.
    const identifier: Pick<Identifier, 'line' | 'platform'> = {
      line: ({ category, vendor, model }) => ({ kind: 'listed', category, vendor: vendor || 'Nobody', model }),
      platform: (name, version) => `${name} ${version}`,
    };
    let lines = '';
    const block = new BlockLines();
    const mixer = {
      async add(period: Period, part: Part) {
        block.add(part);
        block.slots.cutTo(0);
        lines = block.write(period).toString('latin1');
        block.clear();
      },
    };
    const deps = {
      openPeriods: () => [PERIOD],
      identifierOf: () => identifier as Identifier,
      capOf: () => FIRST_CAP,
      mixer: mixer as unknown as Mixer,
      tickets: TICKETS,
      mostDevices: 1_000,
      sealOf: sealedNames,
    };
    for (let i = 0; i < REPORTS; i++) {
      const token = random.token().slice(0, 22 + random.below(22));
      const body = randomReport(token);
      const sequence = Number(/"sequence": ?(\d+)/.exec(body.toString())?.[1]);
      await ingestOne(body, deps);
      const cipher = createCipheriv('aes-128-ecb', Buffer.from(keyOfStrings(token, PERIOD), 'hex'), null);
      cipher.setAutoPadding(false);
      for (const line of lines.trimEnd().split('\n')) {
        const [, view, platform, category, vendor, model, key, , version] = JSON.parse(line) as (string | number)[];
        const id = idOf([view, platform, category, vendor, model].join('\0'));
        const block = BigInt(`0x${cipher.update(id).toString('hex')}`);
        const expected = [Number(block >> 75n), Number((block >> 16n) & 0xffff_ffff_ffffn) + sequence];
        if (key !== expected[0] || version !== expected[1]) expect([key, version], line).toEqual(expected);
      }
      // What came in is no more.
      if (body.some((byte) => byte !== 0)) expect(body.toString()).toBe('');
    }
  });

  test('and no token is kept where keys are made', () => {
    const token = Buffer.from('k'.repeat(43));
    factKeys(token, PERIOD, [CELL]);
    expect(token.toString()).toBe('k'.repeat(43));
    expect(() => factKeys(Buffer.alloc(87, 0x6b), PERIOD, [CELL])).toThrow(RangeError);
  });
});

describe('reading JSON as bytes', () => {
  const text = fc.oneof(
    fc.json({ maxDepth: 5 }),
    fc.string({ unit: fc.constantFrom(...'{}[]",:\\u0041eE+-.0123 \ntrufalsn'), maxLength: 12 }),
    fc
      .tuple(fc.json({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...'{}[]",:\\0-.eE \u0001tf'))
      .map(([json, at, put]) => {
        const place = at % (json.length + 1);
        return `${json.slice(0, place)}${put}${json.slice(place + (at % 2))}`;
      }),
  );

  test('takes and refuses what JSON.parse does', () => {
    let refused = 0;
    fc.assert(
      fc.property(text, (one) => {
        let parses = true;
        try {
          JSON.parse(one);
        } catch {
          parses = false;
          refused++;
        }
        expect(scanJson(Buffer.from(one)) !== undefined, one).toBe(parses);
      }),
      { numRuns: shareOf(20_000) },
    );
    expect(refused).toBeGreaterThan(shareOf(2_000));
  });

  test('counts every key, also one that stands twice, and finds every token', () => {
    const counted = (json: string) => scanJson(Buffer.from(json));
    expect(counted('{"a":1,"a":{"b":[{"c":"d:"},{"c":null}]}}')?.keys).toBe(5);
    const found = counted(
      '{"token":"x","a":{"t\\u006fken":"yy"},"tokens":"z","token":1,"\\u0074\\u006f\\u006b\\u0065\\u006e":"zz","b":["token"]}',
    );
    expect(found?.tokens.map(({ from, to, depth }) => [to - from, depth])).toEqual([
      [1, 1],
      [2, 2],
      [2, 1],
    ]);
  });
});
