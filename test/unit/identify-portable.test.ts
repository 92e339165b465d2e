import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { NotPortable, type Portable, parsePortable } from '../../services/identify/portable-regex.ts';
import { RuleIndex } from '../../services/identify/rule-index.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const catalog = loadCatalog();
const rules = catalog.rules.flatMap((file) => file.rules);
const fixtures = new URL('../fixtures/identify/', import.meta.url);
const has = (command: string, ...args: string[]) => spawnSync(command, args).status === 0;
const python = has('python3', '--version');
const go = has('go', 'version');

describe('the subset of regular expressions', () => {
  test('holds every rule of the catalogue', () => {
    for (const { pattern } of rules) expect(() => parsePortable(pattern)).not.toThrow();
    for (const pattern of catalog.host.junkPatterns) expect(() => parsePortable(pattern)).not.toThrow();
  });

  test.each([
    ['look-ahead', '^a(?=b)'],
    ['look-behind', '^(?<=a)b'],
    ['back-reference', '^(?P<a>x)\\1'],
    ['JavaScript group', '^(?<a>x)'],
    ['bare group', '^(x)'],
    ['lazy', '^a+?b'],
    ['possessive', '^a++b'],
    ['class shorthand', '^\\d+'],
    ['word boundary', '^a\\b'],
    ['not anchored', 'a'],
    ['repeated group', '^(?:ab)*c'],
    ['two overlapping repetitions', '^[a-z]*[a-z]*[a-z]*x'],
    ['nested class', '^[[a]'],
    ['unbalanced', '^(?:a'],
  ])('refuses %s', (_, pattern) => {
    expect(() => parsePortable(pattern)).toThrow(NotPortable);
  });

  // Processor time of all rules together, so that a busy machine does not matter: a rule that is not linear alone
  // takes minutes.
  test('answers in linear time, whatever follows the beginning of a rule', () => {
    const start = process.cpuUsage();
    for (const { pattern } of rules) {
      const regex = new RegExp(parsePortable(pattern).source, 'i');
      const begin = pattern.replace(/^\^/, '').match(/^[a-z ]*/)![0];
      for (const unit of ['a', '0', ' ', '-', 'a0', '0.', '_-']) regex.test(begin + unit.repeat(4096 / unit.length));
    }
    expect(process.cpuUsage(start).user / 1e6).toBeLessThan(5);
  });
});

describe('the index of rules', () => {
  const marks = ['', ' ', '-', '_', '/', '  ', ' - '];

  test('finds every rule that matches, in order, however the text is cut, spelled and separated', () => {
    let matching = 0;
    let tried = 0;
    const wrong: string[] = [];
    for (const scope of new Set(catalog.rules.map((file) => file.scope))) {
      const all = catalog.rules.filter((file) => file.scope === scope).flatMap((file) => file.rules);
      const compiled = all.map(({ pattern }) => {
        const { source, heads } = parsePortable(pattern);
        return { heads, regex: new RegExp(source, 'i') };
      });
      const index = new RuleIndex(compiled);
      const plain = all.flatMap(({ accepts, refuses }) => [...accepts.map(([text]) => text), ...refuses]);
      const texts = plain.flatMap((text, i) => [
        text,
        text.toUpperCase(),
        text.replace(/[ _/-]+/g, marks[i % marks.length]!),
        text.slice(0, 1 + (i % text.length)),
        `${text}${i}`,
      ]);
      for (const text of new Set(texts)) {
        const candidates = index.candidates(text);
        const match = compiled.filter(({ regex }) => regex.test(text));
        const found = candidates.filter((one) => match.includes(one));
        const begins = match.length === 0 || index.goesOn(text.slice(0, text.length / 2));
        if (!begins || found.length !== match.length || found.some((one, i) => one !== match[i])) wrong.push(text);
        matching += match.length;
        tried += candidates.length;
      }
    }
    expect(wrong).toEqual([]);
    expect(matching).toBeGreaterThan(2_000);
    // What is tried and does not match is what an index is there to avoid.
    expect(tried).toBeLessThan(6 * matching);
  });

  test('what no rule begins with has none to try', () => {
    const index = new RuleIndex([{ heads: ['snom'] }, { heads: ['yealink', 'sipt'] }, { heads: ['yeastar'] }]);
    expect([index.goesOn('Ye-'), index.goesOn('Dell'), index.goesOn('')]).toEqual([true, false, true]);
    expect(index.candidates('SIP-T46S')).toContainEqual({ heads: ['yealink', 'sipt'] });
    expect(index.candidates('Dell')).toEqual([]);
  });
});

describe('the same answers elsewhere', () => {
  const cases = rules.flatMap(({ pattern, accepts, refuses }) => {
    const portable = parsePortable(pattern);
    return [...accepts.map(([text]) => text), ...refuses].map((text) => ({
      pattern,
      text,
      groups: groupsOf(portable, text),
    }));
  });

  test.skipIf(!python)('Python re (skipped where there is no python3)', () => {
    const said = withFiles({ 'cases.json': JSON.stringify(cases) }, (folder) =>
      run('python3', [new URL('check.py', fixtures).pathname, join(folder, 'cases.json')]),
    );
    expect(said).toBe(`${cases.length} ok\n`);
  });

  test.skipIf(!go)('Go RE2 (skipped where there is no go)', () => {
    const program = readFileSync(new URL('check.go.txt', fixtures), 'utf8');
    const fields = cases.flatMap(({ pattern, text, groups }) => [
      pattern,
      text,
      groups === null ? '-' : listed(groups),
    ]);
    const said = withFiles({ 'check.go': program, cases: fields.map((field) => `${field}\0`).join('') }, (folder) =>
      // Without optimisation: on a machine without Go's build cache its library is compiled first, for this one run.
      run('go', ['run', '-gcflags=all=-N -l -dwarf=false', join(folder, 'check.go'), join(folder, 'cases')]),
    );
    expect(said).toBe(`${cases.length} ok\n`);
  });

  function listed(groups: Readonly<Record<string, string>>): string {
    return Object.entries(groups)
      .map(([name, value]) => `${name}\u0001${value}\u0001`)
      .join('');
  }

  function withFiles(files: Readonly<Record<string, string>>, use: (folder: string) => string): string {
    const folder = mkdtempSync(join(tmpdir(), 'rollcall-portable-'));
    try {
      for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      return use(folder);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  function run(command: string, args: readonly string[]): string {
    const env = { ...process.env, GO111MODULE: 'off', GOFLAGS: '', CGO_ENABLED: '0' };
    const done = spawnSync(command, [...args], { encoding: 'utf8', env });
    return done.stdout + done.stderr.slice(0, 2_000);
  }
});

function groupsOf({ source, groups }: Portable, text: string): Record<string, string> | null {
  const found = new RegExp(source, 'i').exec(text);
  if (!found) return null;
  return Object.fromEntries(groups.map((name, i) => [name, found[i + 1] ?? '']));
}
