import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AllRoutesDeps, allRoutes } from '../../services/api/all-routes.ts';
import { docsPage } from '../../services/http/docs/docs-page.ts';
import { TRY_IT } from '../../services/http/docs/try-it.ts';
import { apiDocument } from '../../services/http/openapi/documentation.ts';
import { packageRoot } from '../../services/shared/package-root.ts';

// To write the document anew: ROLLCALL_UPDATE_OPENAPI=1 npx vitest run test/unit/api-openapi.test.ts
// and then: npx biome format --write schemas/openapi.json
const COMMITTED = join(packageRoot(), 'schemas', 'openapi.json');

// A document is made of the routes alone: no handler is called, so nothing stands behind them.
const routes = allRoutes({} as AllRoutesDeps);
const document = JSON.parse(JSON.stringify(apiDocument(routes)));

test('the committed document is the one that the routes make', () => {
  if (process.env.ROLLCALL_UPDATE_OPENAPI) writeFileSync(COMMITTED, `${JSON.stringify(document, null, 2)}\n`);
  expect(JSON.parse(readFileSync(COMMITTED, 'utf8'))).toEqual(document);
});

test('every route is in it, with its parameters, its answer and who may ask', () => {
  for (const route of routes) {
    const operation = document.paths[route.path.replace(/:(\w+)/g, '{$1}')][route.method.toLowerCase()];
    expect(operation.summary).toBe(route.summary);
    expect(operation.security).toEqual(route.allow === 'public' ? [] : [{ key: [] }, { session: [] }]);
    const names = operation.parameters.map((parameter: { name: string }) => parameter.name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.includes('format')).toBe(route.formats !== undefined);
  }
  const counts = document.paths['/v1/counts'].get;
  expect(counts.parameters.find((parameter: { name: string }) => parameter.name === 'limit').schema).toEqual({
    type: 'integer',
    minimum: 1,
    maximum: 1000,
    default: 50,
  });
  expect(document.paths['/v1/vendors/{vendor}'].get.parameters[0]).toMatchObject({ in: 'path', required: true });
  expect(document.paths['/v1/reports'].post.requestBody.content['application/json'].schema.required).toContain('token');
});

test('operation ids are unique', () => {
  const ids = Object.values(document.paths as Record<string, Record<string, { operationId: string }>>).flatMap(
    (methods) => Object.values(methods).map((operation) => operation.operationId),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('the page needs nothing from anywhere, runs one script of its own, and writes what it is told as text', () => {
  const page = docsPage(document);
  expect(page.split('<script type="module">')[1]?.split('</script>')[0]).toBe(TRY_IT);
  expect(page.replace(TRY_IT, '').match(/<script/g)).toHaveLength(1);
  expect(page.replace(TRY_IT, '')).not.toMatch(/<img|<link|<iframe|https?:\/\/|\son\w+=|style="/);
  for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  const hostile = structuredClone(document);
  hostile.info.title = '<script>alert(1)</script>';
  hostile.paths['/v1/counts'].get.summary = '<script>alert(1)</script>';
  expect(
    docsPage(hostile)
      .replace(TRY_IT, '')
      .match(/<script/g),
  ).toHaveLength(1);
});

test('the page describes every parameter, has a command for every endpoint, and a form for every question', () => {
  const page = docsPage(document);
  const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  for (const { path, method, operation } of operations) {
    const section = page.split(`<section id="${operation.operationId}">`)[1]?.split('</section>')[0] ?? '';
    const command = /<pre>(curl [^<]*)<\/pre>/.exec(section)?.[1] ?? '';
    expect(command, path).toContain(method === 'get' ? '$ROLLCALL/' : `-X ${method.toUpperCase()} `);
    expect(command.replace(/ -d .*/s, ''), path).not.toMatch(/[{}]/);
    expect(section.includes('<form class="try"'), path).toBe(method === 'get');
    for (const { name, description } of operation.parameters) {
      expect(description, `${path} ${name}`).toMatch(/\.$/);
      expect(section, `${path} ${name}`).toContain(`<code>${name}</code>`);
    }
  }
});

interface Operation {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly description?: string }[];
}
