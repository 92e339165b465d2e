import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { packageRoot } from '../../services/shared/package-root.ts';

const PACKAGING = join(packageRoot(), 'services/cli/packaging');
const RULES = join(PACKAGING, 'prometheus');

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}
const { groups } = parse(readFileSync(join(RULES, 'rollcall.rules.yml'), 'utf8')) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);

interface Panel {
  readonly id: number;
  readonly title: string;
  readonly datasource: { readonly uid: string };
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string }[];
}
const dashboard = JSON.parse(readFileSync(join(PACKAGING, 'grafana', 'rollcall.json'), 'utf8')) as {
  readonly title: string;
  readonly panels: readonly Panel[];
};

const promtool = (...args: string[]) => spawnSync('promtool', args, { cwd: RULES, encoding: 'utf8' });
const missing = promtool('--version').status === 0 ? null : 'no promtool: apt-get install -y prometheus';

test.skipIf(missing !== null)(
  missing ?? 'Prometheus takes the rules, and they ring when they should and not before',
  () => {
    const checked = promtool('check', 'rules', 'rollcall.rules.yml');
    expect([checked.stdout + checked.stderr, checked.status]).toEqual([expect.stringContaining('SUCCESS'), 0]);
    const tested = promtool('test', 'rules', 'rollcall.tests.yml');
    expect([tested.stdout + tested.stderr, tested.status]).toEqual([expect.stringContaining('SUCCESS'), 0]);
  },
);

test.skipIf(missing !== null)('Prometheus can read every question of the dashboard', () => {
  const asked = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const recorded = asked.map((expr, i) => ({ record: `asked:${i}`, expr }));
  const directory = mkdtempSync(join(tmpdir(), 'rollcall-dashboard-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const check = (rules: readonly object[]) => {
    // JSON is YAML.
    writeFileSync(join(directory, 'rules.yml'), JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
    return promtool('check', 'rules', join(directory, 'rules.yml')).status;
  };
  expect(check(recorded)).toBe(0);
  expect(check([{ record: 'asked:0', expr: 'sum by (' }])).not.toBe(0);
});

test('every alert has a page that names it, and every page an alert', () => {
  const pages = readdirSync(join(packageRoot(), 'docs', 'runbook')).filter((name) => name !== 'README.md');
  for (const { alert, annotations, labels } of rules) {
    const path = join(packageRoot(), annotations.runbook);
    expect([alert, existsSync(path)]).toEqual([alert, true]);
    expect(readFileSync(path, 'utf8')).toContain(`\`${alert}\` (${labels.severity})`);
    expect(readFileSync(path, 'utf8')).toContain('**What to do.**');
  }
  const named = rules.map(({ annotations }) => annotations.runbook.replace('docs/runbook/', ''));
  expect([...named, 'log-damaged.md', 'store-parts.md'].sort()).toEqual(pages.sort());
});

test('every metric that a rule or a panel names is one of ours', () => {
  const ours = ownMetrics();
  const asked = [
    ...rules.map(({ expr }) => expr),
    ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
  ];
  const named = new Set(asked.flatMap((expr) => expr.match(/\b(?:rollcall|nodejs|process)_[a-z0-9_]+/g) ?? []));
  expect(named.size).toBeGreaterThan(12);
  for (const name of named) expect([name, ours.has(name)]).toEqual([name, true]);
});

/** What the services register by name, with what a last-known gauge adds, and what every Node process has. */
function ownMetrics(): ReadonlySet<string> {
  const folder = join(packageRoot(), 'services');
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const names = new Set<string>();
  for (const source of sources) {
    const text = readFileSync(join(folder, source), 'utf8');
    for (const [, name = ''] of text.matchAll(/name: '(rollcall_[a-z_]+)'/g)) names.add(name);
    for (const [, name = ''] of text.matchAll(/lastKnownGauge\(\w+, \{\s*name: '(rollcall_[a-z_]+)'/g))
      for (const suffix of ['_age_seconds', '_read_failures_total']) names.add(name + suffix);
  }
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const metric of registry.getMetricsAsArray()) names.add(metric.name);
  return names;
}

test('the dashboard is one that Grafana opens: panels apart, each with a question to the chosen source', () => {
  const places = dashboard.panels.map(({ gridPos: { x, y } }) => `${x}/${y}`);
  expect(new Set(places).size).toBe(places.length);
  expect(new Set(dashboard.panels.map(({ id }) => id)).size).toBe(places.length);
  for (const { targets, datasource } of dashboard.panels)
    expect([targets.length, datasource.uid]).toEqual([1, ['$', '{source}'].join('')]);
});
