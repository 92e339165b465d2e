import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../services/shared/config.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

interface Service {
  readonly command?: readonly string[];
  readonly environment?: Record<string, string>;
  readonly ports?: readonly string[];
  readonly profiles?: readonly string[];
  readonly healthcheck?: unknown;
  readonly image?: string;
  readonly depends_on?: Record<string, unknown>;
  readonly volumes?: readonly string[];
}

const text = readFileSync(join(packageRoot(), 'docker-compose.yml'), 'utf8');
const { services, volumes } = parse(text, { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const ours = Object.entries(services).filter(([, service]) => service.image?.startsWith('rollcall:'));

/** `${NAME:-default}` as docker compose reads it when nothing is set. */
const withDefaults = (environment: Record<string, string> = {}) =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, String(value).replace(/\$\{\w+:-([^}]*)\}/g, '$1')]),
  );

test.each(ours)('the environment of %s loads as a configuration', (_name, service) => {
  expect(() => loadConfig(withDefaults(service.environment))).not.toThrow();
});

test('only ingest, api and the embedded container are published', () => {
  const published = Object.entries(services).filter(([, service]) => service.ports !== undefined);
  expect(published.map(([name]) => name).sort()).toEqual(['api', 'embedded', 'ingest']);
});

test('every service has a health check, a restart or a profile, and volumes that are declared', () => {
  for (const [name, service] of Object.entries(services)) {
    expect(service.healthcheck, name).toBeDefined();
    for (const volume of service.volumes ?? []) expect(volumes).toHaveProperty([volume.split(':')[0] as string]);
    for (const dependency of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty([dependency]);
  }
});

test('each role of the product has a service', () => {
  const commands = ours.map(([, service]) => service.command?.[0]);
  expect(commands.sort()).toEqual(['aggregate', 'api', 'ingest', 'jobs', 'start']);
});
