import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type AllRoutesDeps, allRoutes } from '../../services/api/all-routes.ts';
import { docsPage } from '../../services/http/docs/docs-page.ts';
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

test('the page needs nothing from anywhere, runs nothing, and writes what it says as text', () => {
  const page = docsPage(document);
  expect(page).not.toMatch(/<script|<img|<link|<iframe|https?:\/\/|\son\w+=|url\(/i);
  for (const path of Object.keys(document.paths)) expect(page).toContain(path);
  const hostile = structuredClone(document);
  hostile.info.title = '<script>alert(1)</script>';
  expect(docsPage(hostile)).not.toContain('<script');
  expect(Buffer.byteLength(page)).toBeLessThan(400_000);
});
