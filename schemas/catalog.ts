import * as z from 'zod';
import { CATEGORIES } from './report.ts';

/**
 * The identification catalogue as data (schemas/catalog/*.json). An agent in any language that applies it as described
 * here gives the same answers:
 *
 * 1. Clean the text: NFKC, no zero-width or control characters, single blanks, at most 512 characters.
 * 2. Try the rules of the scope in order; patterns ignore case and start at the beginning. The first that matches wins.
 * 3. The model is the rule's template filled with the named groups; the rest of the text is dropped.
 * 4. A name that the list of models holds is listed, in the list's spelling; any other is only proposed.
 *
 * docs/identification.md tells the whole of it; test/fixtures/identify/second.py is a second implementation.
 */
const Since = z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/, 'not-a-period');
const Name = z.string().regex(/^[\x20-\x7e]{0,64}$/, 'not-a-name');

/** What a rule's text is: `endpoint` a User-Agent or brand and model, `board` a product name under a known maker, ... */
const SCOPES = ['endpoint', 'pci', 'nic', 'cpu', 'board', 'virtual', 'platform'] as const;
export type Scope = (typeof SCOPES)[number];

export const Rule = z.strictObject({
  category: z.enum([...CATEGORIES, 'not-a-device', 'platform']),
  /** Categories a line may keep, where a device is honestly both (a conference phone). */
  also: z.array(z.enum(CATEGORIES)).optional(),
  /** A canonical vendor; `*` stands for whatever known vendor the text came under. */
  vendor: Name,
  /** `{g}` upper case, `{g:raw}`, `{g:lower}`, `{g:title}`; `{g?text}` only where g matched, `$` in text being g. */
  model: z.string().max(160),
  /** In the subset of services/identify/portable-regex.ts: the same in PCRE, Python, RE2 and JavaScript. */
  pattern: z.string().min(2).max(1500),
  since: Since,
  /** Texts with the model each must give. */
  accepts: z.array(z.tuple([z.string(), z.string()])).min(1),
  /** Texts that look alike and that this rule must not match. */
  refuses: z.array(z.string()).min(1),
});
export type Rule = z.infer<typeof Rule>;

export const RuleFile = z.strictObject({ scope: z.enum(SCOPES), rules: z.array(Rule) });

export const Vendor = z.strictObject({
  name: Name,
  /** Spellings, compared without case, blanks, punctuation and company forms (Inc., GmbH, ...). */
  aliases: z.array(z.string()),
  /** Spellings that are enough at the beginning: makers who never spell themselves the same way twice. */
  prefixes: z.array(z.string()).optional(),
  /** Who owns the brand today; a chain (Sipura, Linksys, Cisco) is followed to its end. */
  owner: Name.optional(),
  /** What an endpoint of this brand is taken for when only the brand is known; a phone when absent. */
  makes: z.enum(CATEGORIES).optional(),
});
export type Vendor = z.infer<typeof Vendor>;

const HEX4 = '[0-9a-f]{4}';
/** A card by its ids. `id` is vendor:device, vendor:device/subvendor[:subdevice], or vendor:* with a subvendor. */
export const Card = z.strictObject({
  id: z.string().regex(new RegExp(`^(?:usb )?${HEX4}:(?:${HEX4}|\\*)(?:/${HEX4}(?::${HEX4})?)?$`)),
  category: z.enum(['pci', 'nic']),
  vendor: Name,
  model: Name,
  since: Since,
});
export type Card = z.infer<typeof Card>;

export const CardFile = z.strictObject({
  /** Vendor ids whose devices are telephony cards whatever their class says. */
  telephony: z.record(z.string().regex(/^[0-9a-f]{4}$/), Name),
  cards: z.array(Card),
});

export const HostFile = z.strictObject({
  /** DMI values that name nothing, compared in lower case without blanks and punctuation. */
  junk: z.array(z.string()),
  /** Patterns of the same, on the same form. */
  junkPatterns: z.array(z.string()),
  /**
   * Taken out of a CPU's name before its rules are tried: pattern, replacement, and a text in lower case without which the
   * pattern cannot match (to save time; it changes nothing).
   */
  cpuNoise: z.array(z.tuple([z.string(), z.string(), z.string()])),
  /** ARM's Main ID Register: the maker by implementer, and by implementer and part number the core. Lower-case hex. */
  armMakers: z.record(z.string(), Name),
  armParts: z.record(z.string(), z.record(z.string(), Name)),
  /** Taken off the end of a board's name. */
  boardNoise: z.array(z.string()),
});

/** The month or day with which a maker ends something. */
const EndDate = z.string().regex(/^20[0-9]{2}-[01][0-9](?:-[0-3][0-9])?$/);

/** Names of models of one maker: the closed list. Only what stands here counts as a model. */
export const ModelGroup = z.strictObject({
  category: z.enum(CATEGORIES),
  also: z.array(z.enum(CATEGORIES)).optional(),
  vendor: Name,
  since: Since,
  /** A key of the catalogue's `sources`: where the names are published. */
  source: z.string().regex(/^[a-z0-9-]{2,40}$/),
  models: z.array(Name.min(1)).min(1),
  /** Until when the maker sold a model, the key of the source that says so, and until when it is supported where that says it too. */
  eol: z.record(Name, z.tuple([EndDate, z.string(), EndDate.optional()])).optional(),
});
export type ModelGroup = z.infer<typeof ModelGroup>;

export const ModelFile = z.strictObject({ groups: z.array(ModelGroup) });
export type ModelFile = z.infer<typeof ModelFile>;

/** How a text is read before and beside its rules, so that every implementation cuts at the same places. */
export const Reading = z.strictObject({
  /** A hardware address in front of a User-Agent. */
  address: z.string(),
  /** Where what a product calls itself ends: a version, a path, a comment, a list, an address. */
  endOfName: z.string(),
  /** Words, or ends of words, that only servers have in their name. */
  server: z.string(),
  /** What may stand between a brand and its model. */
  separator: z.string(),
  /** Brands that are words of other things too: they count at the beginning of a text only. */
  ambiguous: z.array(z.string()),
  /** Beginnings of products that do not say their brand: a rule may be tried from there on too. */
  anchors: z.array(z.string()),
  /** Words in a name that no rule and no list holds, and what a device is that is called so, whatever its maker mostly makes. */
  kinds: z.array(z.tuple([z.string(), z.enum(CATEGORIES)])),
  /** Words of product names beside those of the list. */
  words: z.array(z.string()),
});
export type Reading = z.infer<typeof Reading>;

/** The catalogue's version, its rule files in the order in which they are tried, and its lists of models. */
export const Manifest = z.strictObject({
  version: z.string().regex(/^[0-9.-]{1,20}$/),
  rules: z.array(z.string()),
  models: z.array(z.string()),
  /** Where names and dates come from: facts only, no wording. */
  sources: z.record(z.string(), z.string()),
});

export const Catalog = z.strictObject({
  version: z.string(),
  vendors: z.array(Vendor),
  rules: z.array(RuleFile),
  pci: CardFile,
  host: HostFile,
  models: z.array(ModelFile),
  reading: Reading,
  sources: z.record(z.string(), z.string()),
});
export type Catalog = z.infer<typeof Catalog>;
