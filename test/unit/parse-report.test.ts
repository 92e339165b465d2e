import { describe, expect, test } from 'vitest';
import { Refused } from '../../services/ingest/refused.ts';
import { readReport } from '../support/read-report.ts';

const TOKEN = 'cAnArYtOkEn0123456789ab';

const report = {
  schema: 'rollcall.report/1',
  period: '2026-11',
  token: TOKEN,
  sequence: 1,
  platform: { name: 'FreePBX', version: '17' },
  devices: [
    { category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 12 },
    { category: 'cpu', vendor: 'Intel', model: 'Xeon E3-1220', count: 1 },
  ],
};
const text = JSON.stringify(report);

/** The valid report's text with one part replaced, so that the change cannot miss. */
function changed(from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, () => to);
}

function refusal(raw: string | Uint8Array): Refused {
  try {
    readReport(typeof raw === 'string' ? Buffer.from(raw) : raw);
  } catch (thrown) {
    if (!(thrown instanceof Refused)) throw thrown;
    expect(thrown.status).toBe(400);
    return thrown;
  }
  throw new Error('the report was taken');
}

/** Everything a client or a log could get to see of a refusal. */
const said = (refused: Refused) =>
  [refused.message, refused.type, refused.detail, JSON.stringify(refused.errors), JSON.stringify(refused.extra)].join();

const reasons = (raw: string | Uint8Array) => refusal(raw).errors;

describe('a report is taken', () => {
  test('as it was sent', () => {
    expect(readReport(Buffer.from(text))).toEqual(report);
    expect(readReport(Buffer.from(changed('"devices"', '"withdraw":true,"devices"')))).toEqual({
      ...report,
      withdraw: true,
    });
  });

  test('from the middle of a larger buffer', () => {
    const padded = Buffer.from(`xxxx${text}yyyy`);
    expect(readReport(padded.subarray(4, padded.length - 4))).toEqual(report);
    expect(readReport(new Uint8Array(Buffer.from(text)))).toEqual(report);
  });

  test('with blanks, tabs and line ends between its parts', () => {
    const spaced = text.replaceAll(':', ' \t: \r\n').replaceAll(',', '\n , ');
    expect(readReport(Buffer.from(` \n${spaced}\t\r\n`))).toEqual(report);
  });

  test('with keys in any order and escaped as JSON allows', () => {
    const reversed = Object.fromEntries(Object.entries(report).reverse());
    expect(readReport(Buffer.from(JSON.stringify(reversed)))).toEqual(report);
    expect(readReport(Buffer.from(changed('"token"', '"\\u0074oke\\u006E"')))).toEqual(report);
  });

  test('when a name holds what looks like keys, quotes and colons', () => {
    for (const model of ['"a":"b"', '\\', '\\"', ':', '":', '\\":\\', '{"count":1}', 'é', '日本', '😀', '__proto__']) {
      const devices = [{ category: 'phone', vendor: model, model, count: 1 }];
      expect(readReport(Buffer.from(JSON.stringify({ ...report, devices }))).devices).toEqual(devices);
    }
  });

  test('with a whole number in any spelling JSON has for it', () => {
    for (const [spelling, count] of [
      ['12.0', 12],
      ['1e2', 100],
      ['1.2E+1', 12],
      ['120e-1', 12],
    ] as const)
      expect(readReport(Buffer.from(changed('12}', `${spelling}}`))).devices[0]?.count).toBe(count);
  });

  test('with an empty list and with 512 lines', () => {
    expect(readReport(Buffer.from(JSON.stringify({ ...report, devices: [] }))).devices).toEqual([]);
    const devices = Array(512).fill(report.devices[0]);
    expect(readReport(Buffer.from(JSON.stringify({ ...report, devices }))).devices).toHaveLength(512);
  });
});

describe('a key that the schema does not name is refused', () => {
  const strangers = [
    'mac',
    '',
    'Token',
    'token ',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
    'hasOwnProperty',
  ];

  test.each(strangers)('%j in the report', (key) => {
    expect(reasons(changed('{', `{${JSON.stringify(key)}:{"a":1},`))).toEqual([{ pointer: '', reason: 'unknown-key' }]);
  });

  test.each(strangers)('%j in the platform', (key) => {
    expect(reasons(changed('{"name"', `{${JSON.stringify(key)}:null,"name"`))).toEqual([
      { pointer: '/platform', reason: 'unknown-key' },
    ]);
  });

  test.each(strangers)('%j in a line', (key) => {
    expect(reasons(changed('{"category":"cpu"', `{${JSON.stringify(key)}:0,"category":"cpu"`))).toEqual([
      { pointer: '/devices/1', reason: 'unknown-key' },
    ]);
  });

  test('__proto__ when it would supply a missing field', () => {
    const errors = reasons(changed('"count":12', '"__proto__":{"count":12}'));
    expect(errors).toContainEqual({ pointer: '/devices/0/count', reason: 'missing' });
    expect(errors).toContainEqual({ pointer: '/devices/0', reason: 'unknown-key' });
    const whole = reasons(`{"__proto__":${text}}`);
    expect(whole).toContainEqual({ pointer: '/token', reason: 'missing' });
    expect(({} as { token?: string }).token).toBeUndefined();
  });

  test('__proto__ spelled with escapes', () => {
    expect(reasons(changed('{', '{"\\u005f_proto__":{"withdraw":true},'))).toEqual([
      { pointer: '', reason: 'unknown-key' },
    ]);
  });
});

describe('a key that is written twice is refused', () => {
  const twice: [string, string][] = [
    ...Object.entries(report).map(([key, value]): [string, string] => {
      return [`${key} in the report`, changed('{', `{"${key}":${JSON.stringify(value)},`)];
    }),
    ['name in the platform', changed('{"name"', '{"name":"FreePBX","name"')],
    ['version in the platform', changed('"version":"17"', '"version":"17","version":"17"')],
    ['category in a line', changed('"category":"cpu"', '"category":"phone","category":"cpu"')],
    ['vendor in a line', changed('"vendor":"Intel"', '"vendor":"AMD","vendor":"Intel"')],
    ['model in a line', changed('"model":"Xeon', '"model":"","model":"Xeon')],
    ['count in a line', changed('"count":12', '"count":3,"count":12')],
    ['count in the last line', changed('"count":1}', '"count":3,"count":1}')],
    ['withdraw', changed('{', '{"withdraw":false,"withdraw":true,')],
    ['a whole list of devices before the list', changed('"devices"', '"devices":[],"devices"')],
    ['a value of another type before the right one', changed('"sequence"', '"sequence":"x","sequence"')],
    ['a deep value before the right one', changed('"sequence"', '"sequence":[{"a":{"b":1}}],"sequence"')],
    ['token spelled with an escape first', changed('"token"', `"\\u0074oken":"${TOKEN}","token"`)],
    ['token spelled with an escape last', changed('"token"', `"token":"${TOKEN}","tok\\u0065n"`)],
    ['count spelled with escapes', changed('"count":12', '"count":12,"\\u0063\\u006F\\u0075\\u006e\\u0074":3')],
    ['with blanks before the colon', changed('"count":12', '"count" \t\r\n :12,"count"\n:12')],
    ['after a name that ends in a backslash', changed('"Yealink"', '"Yealink\\\\","vendor":"x\\\\"')],
    ['after a name that holds an escaped quote', changed('"Yealink"', '"a\\":\\"b","vendor":"Yealink"')],
  ];

  test.each(twice)('%s', (_where, raw) => {
    expect(() => JSON.parse(raw)).not.toThrow();
    expect(reasons(raw)).toEqual([{ pointer: '', reason: 'duplicate-key' }]);
  });
});

describe('bytes that are not one JSON text in UTF-8 are refused', () => {
  const bytesAround = (...bytes: number[]) => {
    const [before, after] = text.split('Yealink') as [string, string];
    return Buffer.concat([Buffer.from(`${before}Yea`), Buffer.from(bytes), Buffer.from(`link${after}`)]);
  };

  test.each<[string, number[]]>([
    ['a lone continuation byte', [0x80]],
    ['an overlong slash', [0xc0, 0xaf]],
    ['an overlong NUL', [0xc0, 0x80]],
    ['a cut sequence', [0xe2, 0x82]],
    ['a surrogate half', [0xed, 0xa0, 0x80]],
    ['a surrogate pair in six bytes', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
    ['a code point past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
    ['the bytes FE and FF', [0xfe, 0xff]],
    ['Latin-1', [0xe9]],
  ])('%s', (_name, bytes) => {
    expect(refusal(bytesAround(...bytes)).type).toBe('invalid-encoding');
  });

  test('UTF-16', () => {
    expect(refusal(Buffer.from(`\ufeff${text}`, 'utf16le')).type).toBe('invalid-encoding');
    expect(refusal(Buffer.from(text, 'utf16le')).type).toBe('invalid-json');
  });

  test.each<[string, string]>([
    ['nothing', ''],
    ['a blank', ' '],
    ['a byte order mark', `\ufeff${text}`],
    ['a trailing brace', `${text}}`],
    ['a trailing NUL', `${text}\0`],
    ['a second report', `${text}\n${text}`],
    ['a trailing comma', `${text.slice(0, -1)},}`],
    ['a comment', `${text}// done`],
    ['a raw NUL in a name', text.replace('Yealink', 'Yea\0link')],
    ['a raw line end in a name', text.replace('Yealink', 'Yea\nlink')],
    ['single quotes', text.replaceAll('"', "'")],
    ['NaN', text.replace('12}', 'NaN}')],
    ['Infinity', text.replace('12}', 'Infinity}')],
    ['a plus sign', text.replace('12}', '+12}')],
    ['a leading zero', text.replace('12}', '012}')],
    ['hexadecimal', text.replace('12}', '0x0c}')],
    ['a number without its fraction', text.replace('12}', '12.}')],
    ['100,000 brackets never closed', '['.repeat(100_000)],
  ])('%s', (_name, raw) => {
    expect(refusal(raw)).toMatchObject({ type: 'invalid-json', errors: undefined });
  });

  test('a report cut at any byte', () => {
    const raw = Buffer.from(text);
    for (let length = 0; length < raw.length; length++)
      expect(refusal(raw.subarray(0, length)).type, `${length} bytes`).toBe('invalid-json');
  });

  test.each(['null', 'true', '1', '"report"', '[]', `[${text}]`, JSON.stringify(text)])('%s alone', (raw) => {
    expect(reasons(raw)).toEqual([{ pointer: '', reason: 'wrong-type' }]);
  });
});

describe('names', () => {
  const fields: [string, string, string][] = [
    ['/devices/0/vendor', '"Yealink"', '"Yea~link"'],
    ['/devices/1/model', '"Xeon E3-1220"', '"Xeon~"'],
    ['/platform/name', '"FreePBX"', '"~FreePBX"'],
  ];

  test.each(fields)('with an escaped NUL are refused: %s', (pointer, from, to) => {
    expect(reasons(changed(from, to.replace('~', '\\u0000')))).toEqual([{ pointer, reason: 'nul' }]);
  });

  test.each(fields)('with half a surrogate pair are refused: %s', (pointer, from, to) => {
    for (const half of ['\\ud83d', '\\ude00', '\\ude00\\ud83d', '\\uD83Dx', '\\ud83d\\ud83d\\ude00'])
      expect(reasons(changed(from, to.replace('~', half)))).toEqual([{ pointer, reason: 'not-unicode' }]);
  });

  test('with a whole surrogate pair are taken', () => {
    expect(readReport(Buffer.from(changed('"Yealink"', '"\\ud83d\\ude00"'))).devices[0]?.vendor).toBe('😀');
  });

  test('are refused when too long, each at its own limit', () => {
    for (const [pointer, from, max] of [
      ['/devices/0/vendor', '"Yealink"', 128],
      ['/devices/0/model', '"SIP-T46S"', 256],
      ['/platform/name', '"FreePBX"', 64],
    ] as const) {
      expect(readReport(Buffer.from(changed(from, `"${'x'.repeat(max)}"`)))).toBeDefined();
      expect(reasons(changed(from, `"${'x'.repeat(max + 1)}"`))).toEqual([{ pointer, reason: 'out-of-range' }]);
    }
  });
});

describe('numbers', () => {
  test.each(['-1', '-0', '-0.0', '-1e-999', '10001', '4294967297', '9007199254740991', '-9007199254740991'])(
    'out of range: %s',
    (number) => {
      expect(reasons(changed('12}', `${number}}`))).toEqual([{ pointer: '/devices/0/count', reason: 'out-of-range' }]);
    },
  );

  test.each(['0', '1000001', '-1', '-0'])('that are no sequence: %s', (number) => {
    expect(reasons(changed('"sequence":1', `"sequence":${number}`))).toEqual([
      { pointer: '/sequence', reason: 'out-of-range' },
    ]);
  });

  test.each(['12.5', '12.000001', '1e400', '-1e400', '"12"', '""', 'true', 'null', '[12]', '{}'])(
    'that are no whole number: %s',
    (spelling) => {
      expect(reasons(changed('12}', `${spelling}}`))).toEqual([{ pointer: '/devices/0/count', reason: 'wrong-type' }]);
    },
  );

  test('past 2^53 are refused', () => {
    for (const number of ['9007199254740993', '1e300'])
      expect(refusal(changed('12}', `${number}}`)).errors?.[0]?.pointer).toBe('/devices/0/count');
  });
});

describe('what is too deep or too long is refused', () => {
  test.each<[string, string]>([
    ['100,000 lists', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    ['40,000 objects', `${'{"a":'.repeat(40_000)}1${'}'.repeat(40_000)}`],
  ])('%s, wherever they stand', (_name, deep) => {
    expect(refusal(deep).type).toBe('invalid-report');
    for (const [from, to] of [
      ['12}', `${deep}}`],
      ['"FreePBX"', deep],
      ['{"name":"FreePBX","version":"17"}', deep],
      [JSON.stringify(report.devices), deep],
      ['{', `{"more":${deep},`],
    ] as const)
      expect(refusal(changed(from, to)).type).toBe('invalid-report');
  });

  test('513 lines', () => {
    const devices = Array(513).fill(report.devices[0]);
    expect(reasons(JSON.stringify({ ...report, devices }))).toContainEqual({
      pointer: '/devices',
      reason: 'out-of-range',
    });
  });

  test('100,000 faulty lines, with at most 20 errors', () => {
    const errors = reasons(JSON.stringify({ ...report, devices: Array(100_000).fill(0) }));
    expect(errors?.length).toBeGreaterThan(0);
    expect(errors?.length).toBeLessThanOrEqual(20);
  });

  test('a body of quotes and backslashes, in no more than the time it takes to read it', () => {
    for (const piece of ['\\"', '\\\\', '\\\\\\"', '":'.replace('"', '\\"')]) {
      const name = piece.repeat(250_000 / piece.length);
      const began = process.cpuUsage();
      refusal(changed('"Yealink"', `"${name}"`));
      refusal(changed('"schema":"rollcall.report/1"', `"schema":"${name}"`));
      expect(process.cpuUsage(began).user / 1e3).toBeLessThan(2_000);
    }
  });
});

describe('a refusal', () => {
  test('names each faulty field by its pointer', () => {
    const raw = JSON.stringify({
      schema: 'rollcall.report/2',
      period: '2026-13',
      token: 'short',
      sequence: 0,
      platform: { name: '', version: '17.0.1' },
      devices: [{ category: 'printer', vendor: 7, model: 'x'.repeat(257) }, null],
      withdraw: 'yes',
    });
    expect(reasons(raw)).toEqual([
      { pointer: '/schema', reason: 'not-allowed' },
      { pointer: '/period', reason: 'not-a-period' },
      { pointer: '/token', reason: 'not-a-token' },
      { pointer: '/sequence', reason: 'out-of-range' },
      { pointer: '/platform/name', reason: 'out-of-range' },
      { pointer: '/platform/version', reason: 'not-a-major-version' },
      { pointer: '/devices/0/category', reason: 'not-allowed' },
      { pointer: '/devices/0/vendor', reason: 'wrong-type' },
      { pointer: '/devices/0/model', reason: 'out-of-range' },
      { pointer: '/devices/0/count', reason: 'missing' },
      { pointer: '/devices/1', reason: 'wrong-type' },
      { pointer: '/withdraw', reason: 'wrong-type' },
    ]);
  });

  test.each(['period', 'token', 'sequence', 'platform', 'devices'])('says that %s is missing', (key) => {
    const { [key as 'token']: _, ...rest } = report;
    expect(reasons(JSON.stringify(rest))).toEqual([{ pointer: `/${key}`, reason: 'missing' }]);
  });

  test('never repeats what was sent, whatever was wrong with it', () => {
    const canary = 'CANARY-00:04:f2:aa:bb:cc';
    const quoted = JSON.stringify(canary);
    const line = '{"category":"phone"';
    const bodies: (string | Uint8Array)[] = [
      canary,
      `{${quoted}}`,
      `${text} ${canary}`,
      Buffer.concat([Buffer.from(text), Buffer.from(canary), Buffer.from([0xff])]),
      changed('{', `{${quoted}:${quoted},`),
      changed('{', `{"__proto__":{${quoted}:${quoted}},`),
      changed('{', `{"token":${quoted},`),
      changed(line, `{${quoted}:1,"category":"phone"`),
      changed('"phone"', quoted),
      changed('"Yealink"', JSON.stringify(canary.repeat(20))),
      changed('"Yealink"', `"${canary}\\u0000"`),
      changed('"Yealink"', `"${canary}\\ud800"`),
      changed('"Yealink"', `{${quoted}:${quoted}}`),
      changed('"Yealink"', `[${quoted}]`),
      changed(`"${TOKEN}"`, quoted),
      changed('"17"', quoted),
      changed('"2026-11"', quoted),
      changed('"rollcall.report/1"', quoted),
      changed('{"name"', `{${quoted}:1,"name"`),
      changed('12}', `${quoted}}`),
      changed('"devices"', `"withdraw":${quoted},"devices"`),
    ];
    for (const body of bodies) {
      const refused = refusal(body);
      for (const secret of [canary, 'CANARY', 'canary', 'aa:bb', TOKEN])
        expect(`${said(refused)}${refused.stack}${String(refused.cause ?? '')}`).not.toContain(secret);
    }
  });

  test('has reasons that are words of our own', () => {
    for (const raw of [
      changed('"17"', '"x"'),
      changed('"phone"', '"x"'),
      changed('12}', 'null}'),
      changed('{', '{"a":1,'),
    ])
      for (const error of refusal(raw).errors ?? []) expect(error.reason).toMatch(/^[a-z-]{1,30}$/);
  });
});
