import { hash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { FieldPolicy, field, fieldsOf } from '../../schemas/policy.ts';
import { NOT_THERE, policyDocument, policyVersions } from '../../schemas/policy-document.ts';
import { Report, reportJsonSchema } from '../../schemas/report.ts';

interface JsonSchema {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}

/** The check itself: what is wrong with the policy of a schema's fields, in words. */
function policyFaults(schema: z.ZodType): string[] {
  return fieldsOf(schema).flatMap(({ path, policy }) => {
    if (!policy) return [`${path}: no policy`];
    const parsed = FieldPolicy.safeParse(policy);
    return (parsed.error?.issues ?? []).map((issue) => `${path}: ${issue.path.join('.') || issue.message}`);
  });
}

/** Leaf fields of a JSON Schema, found without looking at the zod schema. */
function leavesOf(schema: JsonSchema, path = ''): string[] {
  if (schema.properties)
    return Object.entries(schema.properties).flatMap(([name, inner]) => leavesOf(inner, `${path}/${name}`));
  if (schema.items) return leavesOf(schema.items, `${path}/*`);
  return [path];
}

/** Fields and how long each is kept, as version 1 served them. */
const COLLECTED_BY_VERSION_1 = '7093315ba222d34ae144015e6f094d087b1bce38500ae38c0cddbd5f40621ef4';

const told = {
  purpose: 'to test the check',
  category: 'device',
  retention: 'until the test ends',
  public: false,
} as const;

describe('the policy', () => {
  test('tells purpose, category, retention and public of every field of a report', () => {
    expect(policyFaults(Report)).toEqual([]);
    for (const { path, policy } of fieldsOf(Report)) {
      expect(policy, path).toMatchObject({
        purpose: expect.any(String),
        category: expect.any(String),
        retention: expect.any(String),
        public: expect.any(Boolean),
      });
    }
  });

  test('misses no field that a report can hold', () => {
    const served = leavesOf(reportJsonSchema() as JsonSchema);
    expect(served.length).toBeGreaterThan(10);
    expect(
      fieldsOf(Report)
        .map((told) => told.path)
        .sort(),
    ).toEqual([...served].sort());
  });

  test('never calls the token or the sequence public, and says they are not kept', () => {
    const of = (path: string) => fieldsOf(Report).find((entry) => entry.path === path)?.policy;
    expect(of('/token')).toMatchObject({ public: false, retention: expect.stringContaining('memory only') });
    expect(of('/sequence')).toMatchObject({ public: false });
  });
});

describe('the policy document', () => {
  const document = policyDocument(10);

  test('shows what its version says otherwise than the one before', () => {
    expect(document.version).toBe(4);
    expect(document.changes.map(({ version }) => version)).toEqual([2, 3, 4]);
    for (const { changes } of document.changes)
      for (const { at } of changes) expect(document).toHaveProperty(at.slice(1).split('/'));
  });

  test('shows the difference to version 1 as it was: put back, the document collects what that one did', () => {
    // The oldest that was said of a field is what version 1 said.
    const before = new Map<string, string>(
      [...document.changes]
        .reverse()
        .flatMap(({ changes }) => changes.flatMap((one) => ('field' in one ? [[one.field, one.was] as const] : []))),
    );
    const version1 = document.collected
      .filter(({ field }) => before.get(field) !== NOT_THERE)
      .map(({ field, retention }) => [field, before.get(field) ?? retention]);
    expect(hash('sha256', JSON.stringify(version1))).toBe(COLLECTED_BY_VERSION_1);
  });
});

describe('versions of the policy', () => {
  const document = policyDocument(10);
  const versions = policyVersions(10) as ReadonlyMap<string, typeof document>;

  test('are listed with the day they came into force and what each says otherwise', () => {
    expect(document.since).toBe(document.versions.at(-1)?.since);
    expect(document.versions.map(({ version, since }) => [version, since])).toEqual([
      [1, '2026-11-23'],
      [2, '2026-11-26'],
      [3, '2026-11-26'],
      [4, '2026-11-27'],
    ]);
    expect(document.versions.slice(1)).toMatchObject([
      { added: [], removed: [], changed: ['/token', '/memory', '/seenBy'] },
      {
        ...{ added: ['/ticket'], removed: [] },
        changed: ['/devices/*/vendor', '/devices/*/model', '/devices/*/count', '/unlisted', '/limits'],
      },
      { added: [], removed: [], changed: ['/unlisted/names'] },
    ]);
  });

  test('can each be read as it was', () => {
    expect([...versions.keys()]).toEqual(document.versions.map(({ version }) => String(version)));
    expect(versions.get('4')).toEqual(document);
    const third = versions.get('3');
    expect(third).toMatchObject({
      version: 3,
      unlisted: { ...document.unlisted, names: expect.stringContaining('in memory alone: ') },
    });
    expect(document.unlisted.names).toContain('unless the operator has set a secret');
    const second = versions.get('2');
    expect(second?.collected.map(({ field }) => field)).not.toContain('/ticket');
    expect([second?.version, second?.changes.length, 'limits' in (second ?? {}), 'unlisted' in (second ?? {})]).toEqual(
      [...[2, 1], ...[false, false]],
    );
    const first = versions.get('1');
    expect(first).toMatchObject({ version: 1, since: '2026-11-23', changes: [] });
    for (const name of ['memory', 'seenBy', 'unlisted', 'limits']) expect(first).not.toHaveProperty([name]);
    const told = first?.collected.map(({ field, retention }) => [field, retention]);
    expect(hash('sha256', JSON.stringify(told))).toBe(COLLECTED_BY_VERSION_1);
  });
});

describe('the check of the policy fails on', () => {
  test('a field without a policy', () => {
    const schema = z.strictObject({ told: field(z.string(), told), extension: z.string() });
    expect(policyFaults(schema)).toEqual(['/extension: no policy']);
  });

  test('a field without a policy inside a list', () => {
    const schema = z.strictObject({ phones: z.array(z.strictObject({ serial: z.string() })) });
    expect(policyFaults(schema)).toEqual(['/phones/*/serial: no policy']);
  });

  test('a field inside an object that has a policy of its own', () => {
    const schema = z.strictObject({ site: field(z.strictObject({ address: z.string() }), told) });
    expect(policyFaults(schema)).toEqual(['/site/address: no policy']);
  });

  test('a field that was made optional after it had been given a policy', () => {
    const schema = z.strictObject({ note: field(z.string(), told).optional() });
    expect(policyFaults(schema)).toEqual(['/note: no policy']);
  });

  test.each(['purpose', 'category', 'retention', 'public'] as const)('a field whose policy has no %s', (missing) => {
    const { [missing]: _, ...rest } = told;
    const schema = z.strictObject({ model: field(z.string(), rest as FieldPolicy) });
    expect(policyFaults(schema)).toEqual([`/model: ${missing}`]);
  });

  test('a purpose of no words', () => {
    const schema = z.strictObject({ model: field(z.string(), { ...told, purpose: '-' }) });
    expect(policyFaults(schema)).toEqual(['/model: purpose']);
  });
});
