import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parsePeriod } from '../../services/core/period.ts';
import { conformanceDocument } from '../../services/identify/conformance.ts';
import { buildIdentifier } from '../../services/identify/identifier.ts';
import { loadCatalog } from '../../services/shared/load-catalog.ts';

const PERIOD = parsePeriod('2026-11');
const catalog = loadCatalog();
const document = conformanceDocument(catalog, buildIdentifier(catalog, PERIOD), PERIOD);
const script = fileURLToPath(new URL('../fixtures/identify/second.py', import.meta.url));
const python = spawnSync('python3', ['--version']).status === 0;

/** The two documents as they are served, and the script's answer. */
function checked(served: typeof document): string {
  const folder = mkdtempSync(join(tmpdir(), 'rollcall-second-'));
  const [catalogue, conformance] = [join(folder, 'catalog.json'), join(folder, 'conformance.json')];
  writeFileSync(catalogue, JSON.stringify(catalog));
  writeFileSync(conformance, JSON.stringify(served));
  const { stdout } = spawnSync('python3', [script, catalogue, conformance], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  return stdout.trimEnd();
}

test('the conformance file has five thousand strings, of every kind', () => {
  expect(document.cases.length).toBeGreaterThanOrEqual(5_000);
  for (const kind of ['user-agent', 'pci', 'cpu', 'board', 'system', 'memory'])
    expect(document.cases.some((one) => one.kind === kind)).toBe(true);
});

test.skipIf(!python)(
  'a second implementation, in Python, gives every answer (skipped where there is no python3)',
  () => {
    expect(checked(document)).toBe(`${document.cases.length} same`);
  },
);

test.skipIf(!python)('and it notices an answer that is another (skipped where there is no python3)', () => {
  const cases = document.cases
    .slice(0, 50)
    .map((one, i) => (i === 7 ? { ...one, answer: { refused: 'nothing' } } : one));
  expect(checked({ ...document, cases })).toContain('49 same');
});
