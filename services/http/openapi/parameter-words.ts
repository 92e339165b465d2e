/**
 * What each parameter is for, in words that stand beside its allowed values. By its name; or by its name and a part of
 * the path, where it means something else there.
 */
const WORDS: Readonly<Record<string, string>> = {
  after: 'Only entries after this number, oldest first.',
  before: 'Only entries before this number; with `order=desc`.',
  by: 'What is drawn: sites that have it, or devices.',
  category: 'The kind of device.',
  'category /v1/vendors': 'The kind of device, or all kinds.',
  cell: 'What is compared, written as in the examples.',
  compare: 'A month that rows are compared with. Months that may still change have no changes.',
  direction: 'Only what rose, or only what fell.',
  file: 'The name of one file, as `/v1/releases` lists it.',
  format: 'As JSON, or as a file for a table program. An `Accept` header says the same.',
  from: 'The first month.',
  id: "The key's public id, as `/v1/keys` lists it.",
  'id /v1/pins': 'The id of the pin, as the list has it.',
  'id /v1/view-links': 'The id of the link, as the list has it.',
  next: 'The page of the console that it leads to.',
  limit: 'At most so many rows on a page. A file without it is the whole list.',
  'limit /v1/audit': 'At most so many entries.',
  lineage: 'Whether models of the brands that the vendor owns are in the list too.',
  model: 'The name of a model, in any case.',
  months: 'How many months the trend goes back, the month itself included.',
  offset: 'So many rows are left out first.',
  order: 'Oldest or newest first.',
  party: 'Whom releases are for.',
  period: 'The month. Without it, the newest that was counted.',
  'period /v1/overview': 'The month. Without it, the newest that is final.',
  'period /v1/models': 'The month. Without it, the newest that is final.',
  'period /v1/facets': 'The month. Without it, the newest that is final.',
  'period /v1/releases': 'The month of the release.',
  'period /v1/periods': 'The month.',
  'period /v1/held': 'The month, without it the newest; `all` for every month whose deadline has not passed.',
  'period /v1/dead-letters': 'The month.',
  dryRun: 'Whether it is only said what would happen.',
  platform: 'The name of a platform, in any case.',
  q: 'Only names that hold this text, in any case.',
  'q /v1/search': 'Words, each of which the name holds, in any case.',
  revision: 'The version of the release, 0 for the first. Without it, the newest.',
  sort: 'The order; with `-` the greatest first.',
  state: 'Only what is shown in both months, what came, or what went.',
  to: 'The last month. Without it, the newest that was counted.',
  top: 'So many of the largest.',
  trend: 'How many months each row is told over.',
  vendor: 'The name of a vendor, in any case.',
  version: 'An earlier version by its number. Without it, the one in force.',
  view: 'What is counted: sites, platforms, categories, vendors, models and so on.',
};

/** Undefined for a parameter that nobody has described: a test finds it. */
export function parameterWords(name: string, path: string): string | undefined {
  const own = Object.keys(WORDS).find((key) => key.startsWith(`${name} `) && isOf(path, key.slice(name.length + 1)));
  return WORDS[own ?? name];
}

function isOf(path: string, start: string): boolean {
  return path === start || path.startsWith(`${start}/`);
}
