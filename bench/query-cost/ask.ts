export const QUESTIONS = [
  '/v1/periods',
  '/v1/counts?view=model&category=phone&limit=50',
  '/v1/counts?view=vendor&q=1',
  '/v1/trend?category=phone&vendor=Vendor%201&model=Model%201',
  '/v1/movers?category=phone',
  '/v1/install-base',
  '/v1/vendors/Vendor%201?category=phone',
  '/v1/platforms',
  '/v1/compare?cell=phone:Vendor%201:Model%201&cell=phone:Vendor%202:Model%202',
  '/v1/search?q=model%2012',
  '/v1/overview?category=phone',
  '/v1/series?view=vendor&category=phone&by=devices&top=5',
  '/v1/series?view=model&category=phone&by=sites&top=5',
  '/v1/counts?view=model&category=phone&limit=25&compare=2025-12&trend=12',
  '/v1/models/phone/Vendor%201/Model%201',
  '/v1/facets',
  '/v1/growth',
  '/v1/waiting',
] as const;
export type Question = (typeof QUESTIONS)[number];

/** Milliseconds of each request, by question. */
export type Times = ReadonlyMap<Question, number[]>;

const WARMING_ROUNDS = 20;

/**
 * Asks the stores in strict turn, one request at a time, question by question: what slows one store slows the others.
 * Gives the times by store, `requests` of each question. Throws when an answer is not 200.
 */
export async function askInTurn(urls: readonly string[], requests: number): Promise<Times[]> {
  await rounds(urls, WARMING_ROUNDS);
  return rounds(urls, requests);
}

async function rounds(urls: readonly string[], count: number): Promise<Times[]> {
  const times = urls.map((): Times => new Map(QUESTIONS.map((question) => [question, []])));
  for (let round = 0; round < count; round++)
    for (const question of QUESTIONS)
      for (const store of orderOf(round, urls.length))
        times[store]?.get(question)?.push(await askOnce(`${urls[store]}${question}`));
  return times;
}

/** Another order every round: whoever is first, or follows whom, is so equally often (of two or three: every order). */
function orderOf(round: number, stores: number): number[] {
  const order = Array.from({ length: stores }, (_, i) => (i + round) % stores);
  return Math.floor(round / stores) % 2 === 0 ? order : order.reverse();
}

async function askOnce(url: string): Promise<number> {
  const began = performance.now();
  const answer = await fetch(url);
  await answer.arrayBuffer();
  const ms = performance.now() - began;
  if (answer.status !== 200) throw new Error(`${url} was answered ${answer.status}`);
  return ms;
}
