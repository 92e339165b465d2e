import { describe, expect, test } from 'vitest';
import { VIEWS } from '../../schemas/fact.ts';
import type { Period } from '../../schemas/period.ts';
import { CATEGORIES } from '../../schemas/report.ts';
import { LANES } from '../../schemas/slot.ts';
import { firstUncleanBlock, isCleanBlock, scanBlock } from '../../services/adapters/clickhouse/counts/scan-block.ts';
import { parsePeriod } from '../../services/core/period.ts';
import type { Block } from '../../services/ports/block.ts';

const NOVEMBER = parsePeriod('2026-11');
const MODEL = '[202611,"model","","phone","Yealink","SIP-T46S",4711,12,815]\n';
const LINES = [
  '[202611,"site","","","","",9007199254740991,1,281474977710656]\n',
  MODEL,
  '[202611,"platform_vendor","FreePBX 17","","Yealink","",0,0,0]\n',
];
const MODEL_LINE = MODEL.slice(0, -1);

function block(bytes: string | Uint8Array, facts: number, period: Period = NOVEMBER): Block {
  return { period, facts, reports: 1, bytes: typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes };
}
const clean = (bytes: string | Uint8Array, facts: number) => isCleanBlock(block(bytes, facts));

/** Whether the line passes as the first, a middle or the last one of a block, whatever the header says. */
function passesAnywhere(line: string): boolean {
  for (let place = 0; place <= LINES.length; place++) {
    const bytes = Buffer.from(LINES.toSpliced(place, 0, line).join(''), 'utf8');
    for (let facts = 0; facts <= LINES.length + 3; facts++) if (clean(bytes, facts)) return true;
  }
  return false;
}

/** The clean model line with one part replaced. */
function model(from: string, to: string): string {
  expect(MODEL).toContain(from);
  return MODEL.replace(from, () => to);
}

describe('a block passes', () => {
  test('when it is what the writer emits', () => {
    expect(clean(MODEL, 1)).toBe(true);
    expect(clean(LINES.join(''), LINES.length)).toBe(true);
    expect(passesAnywhere(MODEL)).toBe(true);
  });

  test('in every view and category, and with every character a name may have', () => {
    for (const view of VIEWS) expect(clean(model('"model"', `"${view}"`), 1), view).toBe(true);
    for (const category of ['', ...CATEGORIES])
      expect(clean(model('"phone"', `"${category}"`), 1), category).toBe(true);
    expect(clean(model('Yealink', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz'), 1)).toBe(true);
    expect(clean(model('SIP-T46S', '0123456789._+/()-'), 1)).toBe(true);
  });

  test('with the longest names and the largest numbers', () => {
    const name = 'x'.repeat(64);
    expect(clean(`[202611,"model","${name}","phone","${name}","${name}",1,1,1]\n`, 1)).toBe(true);
    expect(clean(model('4711,12,815', '9007199254740991,5120000,9007199254740991'), 1)).toBe(true);
    expect(clean(model('4711,12,815', '0,0,0'), 1)).toBe(true);
  });

  test('from the middle of a larger buffer', () => {
    const larger = Buffer.from(`;;${MODEL};;`);
    expect(clean(larger.subarray(2, larger.length - 2), 1)).toBe(true);
    expect(clean(larger.subarray(2, larger.length - 1), 1)).toBe(false);
  });
});

describe('a line never passes, wherever it stands in a block,', () => {
  const integers = [
    ['-1', '-0', '+1', '1.0', '1.5', '.5', '1.', '1e3', '1E3', '1e-3', '01', '00', '007', '0x10', '1_000', '１'],
    [
      'null',
      'true',
      'NaN',
      'nan',
      'inf',
      'Infinity',
      '""',
      '"1"',
      "'1'",
      '[1]',
      '{}',
      '',
      ' 1',
      '1 ',
      '1\t',
      '1;',
      '(1)',
    ],
    ['9007199254740992', '9007199254740993', '18446744073709551615', '18446744073709551617', '99999999999999999999'],
    ['4294967297000000000', '00000000000000001', '1'.repeat(400), 'toString()', 'now()', '1/1', '1+1', '1--', '1/**/'],
  ].flat();

  test.each(['4711', '815'])('with a key or version that is no such number (in place of %s)', (number) => {
    for (const odd of integers) expect(passesAnywhere(model(number, odd)), odd).toBe(false);
  });

  test('with a count that is no such number', () => {
    const past = ['5120001', '4294967295', '4294967296', '4294967297', '9007199254740991', '10000000'];
    for (const odd of [...integers, ...past]) expect(passesAnywhere(model(',12,', `,${odd},`)), odd).toBe(false);
  });

  test('with another period or another spelling of it', () => {
    const odd = [
      '202612',
      '202610',
      '0202611',
      '202611.0',
      '2.02611e5',
      '"202611"',
      '"2026-11"',
      '-202611',
      'null',
      '',
      '20261',
    ];
    for (const period of [...odd, '2026110', ' 202611', 'NaN'])
      expect(passesAnywhere(model('202611', period)), period).toBe(false);
  });

  test.each<[string, string]>([
    ['an unknown view', 'facts'],
    ['a view in capitals', 'MODEL'],
    ['a view with a blank', 'model '],
    ['the beginning of a view', 'mode'],
    ['more than a view', 'modelx'],
    ['no view', ''],
    ['a category for a view', 'phone'],
    ['a property of every object', 'constructor'],
  ])('with %s', (_what, view) => {
    expect(passesAnywhere(model('"model"', `"${view}"`))).toBe(false);
  });

  test.each<[string, string]>([
    ['an unknown category', 'printer'],
    ['a category in capitals', 'PHONE'],
    ['a category with a blank', ' phone'],
    ['the beginning of a category', 'phon'],
    ['more than a category', 'phones'],
    ['a blank category', ' '],
    ['a view for a category', 'model'],
    ['a property of every object', '__proto__'],
  ])('with %s', (_what, category) => {
    expect(passesAnywhere(model('"phone"', `"${category}"`))).toBe(false);
  });

  test.each<[string, string]>([
    ['a name of 65 bytes', 'x'.repeat(65)],
    ['a name of 10,000 bytes', 'x'.repeat(10_000)],
    ['a quote in a name', 'SIP"T46S'],
    ['an escaped quote', 'SIP\\"T46S'],
    ['two quotes', 'SIP""T46S'],
    ['an apostrophe', "SIP'T46S"],
    ['a backtick', 'SIP`T46S'],
    ['a backslash', 'SIP\\T46S'],
    ['an escaped letter', '\\u0053IP'],
    ['an escaped line end', 'SIP\\n'],
    ['a line end', 'SIP\nT46S'],
    ['a carriage return', 'SIP\r'],
    ['a tab', 'SIP\tT46S'],
    ['a NUL', 'SIP\0'],
    ['a backspace', 'SIP\b'],
    ['an escape character', 'SIP\x1b[0m'],
    ['a delete', 'SIP\x7f'],
    ['a letter past ASCII', 'SÍP'],
    ['an emoji', '😀'],
    ['a byte order mark', '\ufeffSIP'],
    ['a line separator', 'SIP\u2028'],
    ['a semicolon', 'SIP;'],
    ['brackets', 'SIP[T46S]'],
    ['braces', '{SIP}'],
    ['a colon', 'SIP:T46S'],
    ['a star', 'SIP*'],
    ['a percent sign', 'SIP%'],
    ['a number sign', 'SIP#'],
    ['an at sign', 'a@b'],
    ['SQL', "x'); drop table facts; --"],
    ['SQL on a line of its own', 'x\n\n; drop table facts\n'],
  ])('with %s', (_what, name) => {
    for (const column of ['SIP-T46S', 'Yealink']) expect(passesAnywhere(model(column, name))).toBe(false);
    expect(passesAnywhere(model('"",', `"${name}",`))).toBe(false);
  });

  test('with nothing, a number or a list where a name belongs', () => {
    for (const odd of ['null', '1', '[]', '["a"]', '{}', 'true', 'Yealink', "'Yealink'", '', '"Yealink', 'Yealink"'])
      for (const column of ['"model"', '""', '"phone"', '"Yealink"', '"SIP-T46S"'])
        expect(passesAnywhere(model(column, odd)), `${odd} for ${column}`).toBe(false);
  });

  test('with a column too few or too many', () => {
    const columns = MODEL.slice(1, -2).split(',');
    expect(columns).toHaveLength(9);
    for (let column = 0; column < 10; column++) {
      expect(passesAnywhere(`[${columns.toSpliced(column, 1).join(',')}]\n`)).toBe(false);
      // A small number more beside the count is a line of 0.1.
      for (const more of ['1', '""', 'null', '[]', ''])
        expect(passesAnywhere(`[${columns.toSpliced(column, 0, more).join(',')}]\n`), `${more} at ${column}`).toBe(
          more === '1' && column === 8,
        );
    }
    for (const more of [',1', ',', ',""', ',null', ',[]'])
      expect(passesAnywhere(model('815]', `815${more}]`)), more).toBe(false);
  });

  test('with columns in another order', () => {
    const columns = MODEL.slice(1, -2).split(',');
    for (let column = 0; column < 6; column++) {
      const swapped = columns.with(column, columns[column + 1] as string).with(column + 1, columns[column] as string);
      // The scan looks at bytes, not at meaning: vendor and model, and an empty category and a name, may trade places.
      expect(passesAnywhere(`[${swapped.join(',')}]\n`), String(column)).toBe(column === 2 || column === 4);
    }
  });

  test('that is no line', () => {
    for (const odd of [
      '\n',
      ' \n',
      '\n\n',
      '\r\n',
      ';',
      ';\n',
      '[]\n',
      '[[]]\n',
      '{}\n',
      '--\n',
      '/* */\n',
      '; drop table facts\n',
      '\n\n; drop table facts\n',
      'drop table facts\n',
      'SELECT 1\n',
      ' FORMAT CSV\n',
      'null\n',
      '\0',
      '\ufeff',
      MODEL_LINE,
      `${MODEL_LINE} \n`,
      `${MODEL_LINE}\r\n`,
      `${MODEL_LINE},\n`,
      `${MODEL_LINE};\n`,
      `${MODEL_LINE}]\n`,
      `${MODEL_LINE}\n\n`,
      `${MODEL_LINE}\n `,
      `${MODEL_LINE}\0`,
      `${MODEL_LINE}${MODEL}`,
      `${MODEL_LINE},${MODEL}`,
      `${MODEL_LINE} ${MODEL}`,
      ` ${MODEL}`,
      `\n${MODEL}`,
      `,${MODEL}`,
      `[${MODEL_LINE}]\n`,
      `[${MODEL}`,
      `(${MODEL_LINE})\n`,
      MODEL.replaceAll(',', ', '),
      MODEL.replaceAll('"', "'"),
      MODEL.replace('[', '(').replace(']', ')'),
      MODEL.replace('[', '{').replace(']', '}'),
      MODEL.replace('[', '\u005c['),
    ])
      expect(passesAnywhere(odd), JSON.stringify(odd)).toBe(false);
  });
});

describe('a block never passes', () => {
  test('with SQL after its lines', () => {
    for (const sql of [
      '; drop table facts',
      '\n\n; drop table facts',
      ' ; drop table facts',
      '--',
      ';',
      '\n',
      ' ',
      '\0',
    ])
      for (let facts = 0; facts < 8; facts++) expect(clean(`${LINES.join('')}${sql}`, facts), sql).toBe(false);
  });

  test('when it is empty', () => {
    for (const facts of [0, 1, -1, Number.NaN]) expect(clean('', facts)).toBe(false);
  });

  test('when its header counts other lines than it has', () => {
    const bytes = LINES.join('');
    for (const facts of [0, 1, 2, 4, 5, -3, 3.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 32 + 3])
      expect(clean(bytes, facts), String(facts)).toBe(false);
    expect(isCleanBlock({ ...block(bytes, 3), facts: '3' as unknown as number })).toBe(false);
  });

  test('when it is cut within a line, whatever its header says', () => {
    const bytes = Buffer.from(LINES.join(''));
    for (let length = 0; length < bytes.length; length++) {
      const whole = bytes.subarray(0, length).filter((byte) => byte === 0x0a).length;
      const atLineEnd = length > 0 && bytes[length - 1] === 0x0a;
      for (let facts = 0; facts <= 4; facts++)
        expect(clean(bytes.subarray(0, length), facts), `${length}`).toBe(atLineEnd && facts === whole);
    }
  });

  test('when it begins within a line, whatever its header says', () => {
    const bytes = Buffer.from(LINES.join(''));
    for (let start = 1; start < bytes.length; start++)
      for (let facts = 0; facts <= 4; facts++) {
        const whole = bytes.subarray(start).filter((byte) => byte === 0x0a).length;
        const atLineStart = bytes[start - 1] === 0x0a;
        expect(clean(bytes.subarray(start), facts), `${start}`).toBe(atLineStart && facts === whole);
      }
  });

  test('under a header of another period', () => {
    for (const period of ['2026-12', '2025-11', '2026-10'])
      expect(isCleanBlock(block(MODEL, 1, parsePeriod(period))), period).toBe(false);
  });

  test('under a header that is no period, although its lines say the same', () => {
    for (const [period, number] of [
      ['nonsense', 'NaN'],
      ['', 'NaN'],
      ['2026-13', '202613'],
      ['2026-00', '202600'],
      ['2026-1', '202601'],
      ['1999-12', '199912'],
      ['2026--1', '202599'],
      ['2026-1e9', '1000202600'],
      ['2026-Infinity', 'Infinity'],
    ] as const)
      expect(isCleanBlock(block(model('202611', number), 1, period as Period)), period).toBe(false);
  });
});

describe('any one byte of a block changed', () => {
  const original = Buffer.from(LINES.join(''));

  /** What the writer can have written, said with a regular expression and a parser instead of a scanner. */
  const WRITTEN = new RegExp(
    `^\\[202611,"(${VIEWS.join('|')})","[\\w .+/()!&,-]{0,64}","(${['', ...CATEGORIES].join('|')})"` +
      `(,"[\\w .+/()!&,-]{0,64}"){2}(,(0|[1-9][0-9]{0,15})){3}\\]\\n$`,
  );
  function written(bytes: Buffer): boolean {
    const lines = bytes.toString('latin1').match(/[^\n]*\n|[^\n]+$/g) ?? [];
    return (
      lines.length === LINES.length &&
      lines.every((line) => {
        if (!WRITTEN.test(line)) return false;
        const [key, count, version] = (JSON.parse(line) as number[]).slice(6) as [number, number, number];
        return key < 2 ** 53 && count <= 5_120_000 && version < 2 ** 53;
      })
    );
  }

  test('passes exactly when the writer could have written it', () => {
    const wrong: string[] = [];
    let passed = 0;
    for (let at = 0; at < original.length; at++)
      for (let byte = 0; byte < 256; byte++) {
        const changed = Buffer.from(original);
        changed[at] = byte;
        const passes = clean(changed, LINES.length);
        if (passes) passed++;
        if (passes !== written(changed)) wrong.push(`${byte} at ${at}`);
      }
    expect(wrong).toEqual([]);
    expect(passed).toBeGreaterThan(1_000);
  });

  test('taken out or doubled, the same holds', () => {
    for (let at = 0; at < original.length; at++) {
      const out = Buffer.concat([original.subarray(0, at), original.subarray(at + 1)]);
      expect(clean(out, LINES.length), `without ${at}`).toBe(written(out));
      const doubled = Buffer.concat([original.subarray(0, at + 1), original.subarray(at)]);
      expect(clean(doubled, LINES.length), `twice ${at}`).toBe(written(doubled));
    }
  });
});

describe('of several blocks', () => {
  const other = { ...block(MODEL.replace('202611', '202612'), 1, parsePeriod('2026-12')) };

  test('the first that does not pass is named', () => {
    expect(firstUncleanBlock([block(MODEL, 1), block(LINES.join(''), 3)], NOVEMBER)).toBe(-1);
    expect(firstUncleanBlock([block(MODEL, 1), block(MODEL, 2), block('', 0)], NOVEMBER)).toBe(1);
    expect(firstUncleanBlock([], NOVEMBER)).toBe(-1);
  });

  test('one of another period does not pass, clean as it may be', () => {
    expect(isCleanBlock(other)).toBe(true);
    expect(firstUncleanBlock([block(MODEL, 1), other], NOVEMBER)).toBe(1);
  });
});

describe('slots', () => {
  const SLOT = '[202611,"phones","","phone","Yealink","SIP-T46S",4711,815,12,24,99]\n';
  const EMPTY = '[202611,"boards","","","","",9007199254740991,0,0,24,281474977710656]\n';
  const slot = (from: string, to: string) => SLOT.replace(from, () => to);

  test('come behind the facts of a block, and are told apart from them', () => {
    expect(clean(MODEL + SLOT + EMPTY, 3)).toBe(true);
    expect(clean(SLOT, 1)).toBe(true);
    const scanned = scanBlock(block(MODEL + SLOT + EMPTY, 3));
    expect(Buffer.from(scanned?.facts ?? []).toString()).toBe(MODEL);
    expect(Buffer.from(scanned?.slots ?? []).toString()).toBe(SLOT + EMPTY);
  });

  test('never stand before a fact, and neither has the form of the other', () => {
    expect(clean(SLOT + MODEL, 2)).toBe(false);
    expect(clean(MODEL + SLOT + MODEL, 3)).toBe(false);
    expect(clean(slot('"phones"', '"model"'), 1)).toBe(false);
    expect(clean(model('"model"', '"phones"'), 1)).toBe(false);
  });

  test('pass in every lane, and with the largest numbers', () => {
    for (const lane of LANES) expect(clean(slot('"phones"', `"${lane}"`), 1), lane).toBe(true);
    expect(clean(slot('4711,815,12,24,99', '9007199254740991,9007199254740991,1024,1024,9007199254740991'), 1)).toBe(
      true,
    );
  });

  test.each([
    ['an unknown lane', '"phones"', '"phone"'],
    ['another period', '202611', '202612'],
    ['an unsafe name', 'SIP-T46S', 'SIP"T46S'],
    ['a key past what is safe', '4711', '9007199254740992'],
    ['an amount past every cap', ',12,', ',1025,'],
    ['a cap past every cap', ',24,', ',1025,'],
    ['one number too few', ',24,', ','],
    ['one number too many', ',24,', ',24,24,'],
    ['a number with a sign', ',12,', ',-12,'],
    ['a blank', ',12,', ', 12,'],
    ['an end that is none', ']\n', '];\n'],
  ])('never pass with %s', (_what, from, to) => {
    expect(clean(slot(from, to), 1)).toBe(false);
    expect(clean(MODEL + slot(from, to), 2)).toBe(false);
    expect(clean(MODEL + slot(from, to) + SLOT, 3)).toBe(false);
  });
});

describe('a block that 0.1 left in a log', () => {
  const OLD = '[202611,"model","","phone","Yealink","SIP-T46S",4711,12,12,815]\n[202611,"site","","","","",1,1,0,2]\n';

  test('passes without what its facts added to releases', () => {
    const scanned = scanBlock(block(OLD, 2));
    expect(Buffer.from(scanned?.facts ?? []).toString()).toBe(`${MODEL}[202611,"site","","","","",1,1,2]\n`);
    expect(scanned?.slots).toHaveLength(0);
  });

  test('is of one form or of the other, and holds no number that 0.1 did not write', () => {
    expect(clean(OLD + MODEL, 3)).toBe(false);
    expect(clean(MODEL + OLD, 3)).toBe(false);
    expect(clean(OLD.replace(',12,12,', ',12,51,'), 2)).toBe(false);
    expect(clean(OLD, 1)).toBe(false);
  });
});
