import type { HeldAnswer } from '../../../schemas/answers/held.ts';
import type { LinkAnswer, NewKeyAnswer } from '../../../schemas/answers/keys.ts';
import type { ReleasesAnswer } from '../../../schemas/answers/releases.ts';
import { ApiClient, signInLink } from '../client.ts';

/** Somebody who can sign in to the demo. */
export interface Desk {
  readonly role: string;
  readonly key: string;
  /** Signs in once. */
  readonly link: string;
}

const ROLES = ['reader', 'curator', 'releaser', 'manufacturer:Yealink'] as const;
const KEY_OF_ADMIN = 'admin';

/** A key and a link for each role, one number left to decide on, and one release that its party fetched. */
export async function furnishOffice(client: ApiClient, url: string): Promise<Desk[]> {
  const made: NewKeyAnswer[] = [];
  for (const role of ROLES) {
    const order = { owner: `Demo ${role.replace(':', ' ')}`, scopes: [role] };
    made.push((await (await client.demand('POST', '/v1/keys', { body: order })).json()) as NewKeyAnswer);
  }
  await decideAllButOne(client);
  const manufacturer = made.at(-1);
  if (manufacturer) await fetchNewest(new ApiClient(url, manufacturer.key));
  const desks = made.map(({ id, key, scopes }) => ({ id, key, role: scopes.join(' ') }));
  const all = [...desks, { id: KEY_OF_ADMIN, key: '', role: 'admin' }];
  const linked: Desk[] = [];
  for (const { id, key, role } of all) {
    const link = (await (await client.demand('POST', `/v1/keys/${id}/link`)).json()) as LinkAnswer;
    linked.push({ role, key, link: signInLink(url, link) });
  }
  return linked;
}

/** Leaves the number that grew most for whoever looks at the demo, and lets the others pass as a releaser would. */
async function decideAllButOne(client: ApiClient): Promise<void> {
  const { period, cells } = (await (await client.demand('GET', '/v1/held')).json()) as HeldAnswer;
  const byGrowth = cells.toSorted((a, b) => growthOf(b) - growthOf(a));
  for (const { cell } of byGrowth.slice(1))
    await client.demand('POST', '/v1/held/decisions', { body: { period, cell, decision: 'approve' } });
}

function growthOf({ now, earlier }: HeldAnswer['cells'][number]): number {
  return now.sites - (earlier?.sites ?? 0);
}

/** As a manufacturer's program would: that it did is in the ledger. */
async function fetchNewest(manufacturer: ApiClient): Promise<void> {
  const { releases } = (await (await manufacturer.demand('GET', '/v1/releases')).json()) as ReleasesAnswer;
  const [newest] = releases;
  for (const { name } of newest?.files ?? [])
    await manufacturer.demand('GET', `/v1/releases/${newest?.period}/${newest?.party}/${name}`);
}
