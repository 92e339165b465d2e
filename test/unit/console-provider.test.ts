import { expect, test } from 'vitest';
import { policyDocument } from '../../schemas/policy-document.ts';
import { buildApp } from '../../services/compose/http.ts';
import { serveConsole } from '../../services/console/serve/serve-console.ts';
import { silentLog } from '../../services/shared/log.ts';

const FILES = { page: '<html lang="en"><body></body></html>', assets: new Map(), style: '/a.css', icon: '/a.svg' };
const SOMEBODY = { keyId: 'k', scopes: ['reader' as const], manufacturer: undefined };

test('the page says whether an identity provider is set and whether somebody is signed in, each by itself', async () => {
  for (const hasProvider of [false, true])
    for (const caller of [undefined, SOMEBODY]) {
      const app = buildApp(silentLog);
      const owners = { policy: policyDocument(10), closesAfterHours: 72 };
      serveConsole(app, { files: FILES, access: { authenticate: async () => caller }, owners, hasProvider });
      const { body } = await app.inject({ method: 'GET', url: '/signin' });
      expect([body.includes('data-provider="yes"'), body.includes('data-session="yes"')]).toEqual([
        hasProvider,
        caller !== undefined,
      ]);
      await app.close();
    }
});
