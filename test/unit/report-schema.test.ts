import { describe, expect, test } from 'vitest';
import { CATEGORIES, Report, reportJsonSchema } from '../../schemas/report.ts';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly pattern?: string;
  readonly additionalProperties?: boolean;
  readonly [keyword: string]: unknown;
}

const schema = reportJsonSchema() as JsonSchema;
const line = schema.properties?.devices?.items as JsonSchema;

const report = {
  schema: 'rollcall.report/1',
  period: '2026-11',
  token: 'pL1xpL1xpL1xpL1xpL1xpL',
  sequence: 1,
  platform: { name: 'FreePBX', version: '17' },
  devices: [{ category: 'phone', vendor: 'Yealink', model: 'SIP-T46S', count: 12 }],
};

const accepts = (change: object) => Report.safeParse({ ...report, ...change }).success;
const acceptsLine = (change: object) => accepts({ devices: [{ ...report.devices[0], ...change }] });

describe('the JSON Schema that is served', () => {
  test('has its own address and a title', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(schema.$id).toBe('/schemas/report/1.json');
    expect(schema.title).toBe('Rollcall report, version 1');
  });

  test('closes every object to keys it does not name', () => {
    const objects: JsonSchema[] = [];
    const visit = (at: JsonSchema): void => {
      if (at.type === 'object') objects.push(at);
      for (const inner of Object.values(at.properties ?? {})) visit(inner);
      if (at.items) visit(at.items);
    };
    visit(schema);
    expect(objects).toHaveLength(3);
    for (const object of objects) expect(object.additionalProperties).toBe(false);
  });

  test('requires every field but the withdrawal, which needs neither platform nor lines', () => {
    expect(schema.required).toEqual(['schema', 'period', 'token', 'sequence']);
    expect(schema).toMatchObject({
      if: { properties: { withdraw: { const: true } }, required: ['withdraw'] },
      else: { required: ['platform', 'devices'] },
    });
    expect(schema.properties?.platform?.required).toEqual(['name', 'version']);
    expect(line.required).toEqual(['category', 'vendor', 'model', 'count']);
  });

  test('states the limits of the contract', () => {
    expect(line.properties?.category?.enum).toEqual(CATEGORIES);
    expect(line.properties?.count).toMatchObject({ type: 'integer', minimum: 0, maximum: 10_000 });
    expect(schema.properties?.sequence).toMatchObject({ type: 'integer', minimum: 1, maximum: 1_000_000 });
    expect(schema.properties?.devices).toMatchObject({ type: 'array', maxItems: 512 });
    expect(schema.properties?.schema).toMatchObject({ const: 'rollcall.report/1' });
  });

  test('has patterns that say the same as the parser', () => {
    const matches = (name: string, text: string) =>
      new RegExp(schema.properties?.[name]?.pattern ?? '(?!)', 'u').test(text);
    for (const period of ['2026-11', '2026-13', '26-11', '2026-11-01'])
      expect(accepts({ period }), period).toBe(matches('period', period));
    for (const length of [0, 21, 22, 86, 87])
      expect(accepts({ token: 'a'.repeat(length) }), `${length}`).toBe(matches('token', 'a'.repeat(length)));
  });

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
  });
});

describe('a report', () => {
  test('may name every category of the contract and no other', () => {
    const contract =
      'phone softphone mobile dect ata gateway doorphone conference headset pci nic cpu memory board virtual';
    expect(CATEGORIES).toEqual(contract.split(' '));
    for (const category of CATEGORIES) expect(acceptsLine({ category }), category).toBe(true);
    for (const category of ['', 'Phone', 'printer', 'toString', '__proto__', null, 0])
      expect(acceptsLine({ category }), String(category)).toBe(false);
  });

  test('has a token of 22 to 86 base64url characters', () => {
    expect(accepts({ token: 'a'.repeat(22) })).toBe(true);
    expect(accepts({ token: 'a'.repeat(86) })).toBe(true);
    expect(accepts({ token: 'a'.repeat(21) })).toBe(false);
    expect(accepts({ token: 'a'.repeat(87) })).toBe(false);
    for (const bad of ['+', '/', '=', ' ', '\n', '.', 'é'])
      expect(accepts({ token: bad + 'a'.repeat(22) }), bad).toBe(false);
    expect(accepts({ token: `${'a'.repeat(22)}\n` })).toBe(false);
  });

  test('has a sequence of 1 to 1000000 and counts of 0 to 10000', () => {
    for (const sequence of [1, 1_000_000]) expect(accepts({ sequence })).toBe(true);
    for (const sequence of [0, -1, 1_000_001, 1.5, Number.NaN, '1', null, 2 ** 53])
      expect(accepts({ sequence }), String(sequence)).toBe(false);
    for (const count of [0, 10_000]) expect(acceptsLine({ count })).toBe(true);
    for (const count of [-1, 10_001, 0.5, '3', null, true]) expect(acceptsLine({ count }), String(count)).toBe(false);
  });

  test('names a platform by a major version', () => {
    for (const version of ['', '1', '17', '202']) expect(accepts({ platform: { name: 'x', version } })).toBe(true);
    for (const version of ['17.0', 'v17', '-1', '2026', ' 17', '17\n', 17, null])
      expect(accepts({ platform: { name: 'x', version } }), String(version)).toBe(false);
    expect(accepts({ platform: { name: '', version: '17' } })).toBe(false);
  });

  test('may have no lines, an unknown vendor and at most 512 lines', () => {
    expect(accepts({ devices: [] })).toBe(true);
    expect(acceptsLine({ vendor: '' })).toBe(true);
    expect(accepts({ devices: Array(512).fill(report.devices[0]) })).toBe(true);
    expect(accepts({ devices: Array(513).fill(report.devices[0]) })).toBe(false);
  });

  test('may withdraw, yes or no', () => {
    expect(accepts({ withdraw: true })).toBe(true);
    expect(accepts({ withdraw: false })).toBe(true);
    for (const withdraw of ['true', 1, null]) expect(accepts({ withdraw })).toBe(false);
  });

  test('has no place for what identifies', () => {
    const personal = ['mac', 'serial', 'ip', 'hostname', 'extension', 'name', 'email', 'uuid', 'firmware', 'location'];
    for (const key of personal) {
      expect(accepts({ [key]: 'x' }), key).toBe(false);
      expect(acceptsLine({ [key]: 'x' }), key).toBe(false);
    }
  });
});
