import { describe, expect, test } from 'vitest';
import { FACT_COLUMNS, type Fact, MAX_FACT_COUNT } from '../../schemas/fact.ts';
import { SLOT_COLUMNS, type Slot } from '../../schemas/slot.ts';
import { parsePeriod } from '../../services/core/period.ts';
import { Failure } from '../../services/shared/failure.ts';
import { factLine, slotLines } from '../support/fact-line.ts';

const NOVEMBER = parsePeriod('2026-11');
const fact: Fact = {
  view: 'model',
  platform: '',
  category: 'phone',
  vendor: 'Yealink',
  model: 'SIP-T46S',
  key: 4711,
  count: 12,
  version: 815,
};

describe('a line', () => {
  test('is what the facts table reads, and one line end', () => {
    expect(factLine(NOVEMBER, fact)).toBe('[202611,"model","","phone","Yealink","SIP-T46S",4711,12,815]\n');
  });

  test('has the columns of the table in their order', () => {
    const values = { period: 202611, ...fact };
    expect(JSON.parse(factLine(NOVEMBER, fact))).toEqual(FACT_COLUMNS.map((column) => values[column]));
  });

  test('of the site view names nothing', () => {
    const site: Fact = { ...fact, view: 'site', category: '', vendor: '', model: '', count: 1 };
    expect(factLine(NOVEMBER, site)).toBe('[202611,"site","","","","",4711,1,815]\n');
  });

  test('writes the largest numbers out in full', () => {
    const most = { ...fact, key: 2 ** 53 - 1, count: MAX_FACT_COUNT, version: 2 ** 48 + 1_000_000 };
    expect(factLine(NOVEMBER, most)).toMatch(/,9007199254740991,5120000,281474977710656\]\n$/);
  });

  test('keeps to its own period and names when the same cell comes again', () => {
    const december = parsePeriod('2026-12');
    expect(factLine(december, fact)).toMatch(/^\[202612,"model","","phone","Yealink","SIP-T46S",4711,/);
    expect(factLine(NOVEMBER, { ...fact, key: 1, count: 2, version: 4 })).toBe(
      '[202611,"model","","phone","Yealink","SIP-T46S",1,2,4]\n',
    );
    expect(factLine(NOVEMBER, { ...fact, vendor: 'Yealink SIP-T46S', model: '' })).toMatch(/"Yealink SIP-T46S","",/);
    expect(factLine(NOVEMBER, { ...fact, view: 'unlisted' })).toMatch(/^\[202611,"unlisted"/);
  });

  test('takes names of up to 64 safe characters', () => {
    const name = 'AZaz09 ._+/()-'.padEnd(64, 'x');
    expect(factLine(NOVEMBER, { ...fact, model: name })).toContain(`"${name}"`);
  });

  test('is right for more cells than are remembered', () => {
    for (let n = 0; n < 50_100; n++) {
      const line = factLine(NOVEMBER, { ...fact, model: `M${n}` });
      if (n % 500 === 0 || n > 49_980) expect(line).toContain(`"Yealink","M${n}",4711,`);
    }
    expect(factLine(NOVEMBER, fact)).toContain('"SIP-T46S"');
  });
});

describe('a name that would need escaping is refused', () => {
  const unsafe = [
    ['a quote', 'SIP"T46S'],
    ['a backslash', 'SIP\\T46S'],
    ['a line end', 'SIP\nT46S'],
    ['a line end at its end', 'SIP-T46S\n'],
    ['a NUL', 'SIP\0'],
    ['a tab', 'SIP\t'],
    ['a delete', 'SIP\x7f'],
    ['a letter past ASCII', 'Télé'],
    ['a full-width letter', 'ＳＩＰ'],
    ['a character that Latin-1 would cut to a line end', 'SIP\u010a'],
    ['a character that Latin-1 would cut to a quote', 'SIP\u0122'],
    ['an emoji', '😀'],
    ['a semicolon', 'x; drop table facts'],
    ['a bar', 'a|b'],
    ['a bracket', 'a]b'],
    ['65 characters', 'x'.repeat(65)],
  ] as const;

  test.each(unsafe)('%s', (_what, name) => {
    // Twice: what is refused is not remembered as harmless.
    for (const column of ['platform', 'vendor', 'model'] as const)
      for (const _time of [1, 2]) {
        const thrown = failureOf({ ...fact, [column]: name });
        expect(thrown).toMatchObject({ code: 'unsafe-name', retryable: false });
        expect(`${thrown.message}${JSON.stringify(thrown.detail)}`).not.toContain(name);
      }
  });

  test('even when its parts, laid together, read like a cell seen before', () => {
    factLine(NOVEMBER, { ...fact, vendor: 'A', model: 'B' });
    for (const odd of [
      { vendor: 'A|B', model: '' },
      { vendor: '', model: 'A|B' },
      { platform: '|phone|A|B', vendor: '', model: '' },
    ])
      expect(failureOf({ ...fact, ...odd }).code).toBe('unsafe-name');
  });
});

function failureOf(bad: Fact): Failure {
  try {
    factLine(NOVEMBER, bad);
  } catch (thrown) {
    if (thrown instanceof Failure) return thrown;
    throw thrown;
  }
  throw new Error('the name was taken');
}

describe('a line of a slot', () => {
  const slot: Slot = {
    ...{ lane: 'phones', platform: '', category: 'phone', vendor: 'Yealink', model: 'SIP-T46S' },
    ...{ key: 4711, cellKey: 915, amount: 12, cap: 24, version: 815 },
  };
  const line = (one: Slot) => slotLines(NOVEMBER, [one]);

  test('is what the slots table reads, in the order of its columns', () => {
    expect(line(slot)).toBe('[202611,"phones","","phone","Yealink","SIP-T46S",4711,915,12,24,815]\n');
    const { cellKey, ...others } = slot;
    const values: Record<string, unknown> = { period: 202611, ...others, cell_key: cellKey };
    expect(JSON.parse(line(slot))).toEqual(SLOT_COLUMNS.map((column) => values[column]));
  });

  test('that is empty names nothing', () => {
    const empty = { lane: 'boards', platform: '', category: '', vendor: '', model: '', cellKey: 0, amount: 0 } as const;
    expect(line({ ...slot, ...empty })).toBe('[202611,"boards","","","","",4711,0,0,24,815]\n');
  });
});
