import createClient from 'openapi-fetch';
import type { paths } from './made/api.ts';

// Compiled, never run: what a program that reads counts writes, without a cast.

const client = createClient<paths>({ baseUrl: 'http://127.0.0.1:8080', headers: { authorization: 'Bearer KEY' } });

export async function mostCommonPhone(): Promise<string> {
  const { data } = await client.GET('/v1/counts', {
    params: { query: { view: 'model', category: 'phone', limit: 1 } },
  });
  const first = data?.rows[0];
  const share: number | null = first?.sitesShare ?? null;
  return `${first?.vendor} ${first?.model}: ${first?.sites} sites, ${share}, from ${data?.threshold} on`;
}

export async function changes(): Promise<readonly (number | null)[]> {
  const { data } = await client.GET('/v1/movers', { params: { query: { view: 'vendor' } } });
  return data?.rows.map((row) => row.sitesShareChange) ?? [];
}

export async function modelsOf(vendor: string): Promise<readonly string[]> {
  const { data, error } = await client.GET('/v1/vendors/{vendor}', {
    params: { path: { vendor }, query: { category: 'phone' } },
  });
  return data?.models.map(({ model }) => model) ?? [error?.detail ?? ''];
}

export async function wrong(): Promise<unknown> {
  const { data } = await client.GET('/v1/movers');
  // @ts-expect-error A column that no answer has.
  return data?.rows[0]?.serialNumber;
}
