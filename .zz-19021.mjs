import { createCipheriv, createHmac, hash } from "node:crypto";
import * as z from "zod";
// services/core/release-cell.ts
/** One string for one cell: lists of strings in JSON are never the same text unless they are the same lists. */
function cellKey({ query, platform, category, vendor, model }) {
	return JSON.stringify([
		query,
		platform,
		category,
		vendor,
		model
	]);
}
/** The nearest multiple, halves up. */
function roundTo(value, step) {
	return Math.round(value / step) * step;
}
// services/releases/numbers/gaussian-tail.ts
/**
* P(X >= least) of the discrete Gaussian of `variance`: the sum of its weights exp(-x^2 / (2 variance)) from `least` up,
* over the sum of all. For accounting and for tests; noise itself is drawn without floating point.
*/
function tailAtLeast(variance, least) {
	const end = Math.ceil(39 * Math.sqrt(variance));
	return weightBetween(least, end, variance) / weightBetween(-end, end, variance);
}
/** From the last, smallest weight to the first, so that small ones are not lost in the sum. */
function weightBetween(first, last, variance) {
	let sum = 0;
	for (let x = last; x >= Math.max(first, -last); x--) sum += Math.exp(-x * x / (2 * variance));
	return sum;
}
/** k is a multiple of a tenth. */
const STEP = .1;
/** Queries whose one number is shown whatever it is: there is nothing to choose. */
const ALWAYS_SHOWN = ["all", "at_cap"];
/**
* What part of that one false cell each query may take. They add up to 1; most is for phone models, which releases are
* read for, and a query with a long list and few readers pays for its length itself.
*/
const PART = {
	platform: .05,
	platform_vendor: .15,
	phone_vendor: .05,
	phone_model: .4,
	endpoint_model: .1,
	pci_model: .05,
	nic_model: .05,
	cpu: .05,
	memory: .05,
	board: .05
};
/**
* How many standard deviations of its noise a number of sites must reach to be published: the least k, in tenths, for
* which the query's part of a false cell is not passed, by the whole-number noise that is drawn. It depends on the
* length of the public list and on nothing else.
*/
function sigmasFor({ name, sites: { variance } }, listed) {
	if (name === "all" || name === "at_cap") return 0;
	const most = PART[name] / 20;
	for (let tenths = 10;; tenths++) if (listed * tailAtLeast(variance, gateOf(Math.round(tenths) * STEP, variance)) < most) return tenths / 10;
}
/** Cells of each query in the list that was noised. */
function lengths(cells) {
	const found = /* @__PURE__ */ new Map();
	for (const { query } of cells) found.set(query, (found.get(query) ?? 0) + 1);
	return found;
}
/** The smallest number that is published. */
function gateOf(sigmas, variance) {
	return Math.ceil(sigmas * Math.sqrt(variance) - 1e-9);
}
/** The fewest sites of a published cell: in the threshold profile exact ones, else noised ones. */
function leastPublished(query, { profile, listed, threshold }) {
	if (ALWAYS_SHOWN.includes(query.name)) return 0;
	if (profile === "threshold") return Math.max(10, threshold);
	return gateOf(sigmasFor(query, listed), query.sites.variance);
}
// services/releases/numbers/estimate.ts
/**
* Phones of models, makers and the fleet made to agree: a maker's are the sum of its listed models', the fleet's the sum
* of its makers'. Weighted least squares on that tree (Hay, Rastogi, Miklau, Suciu 2010, with a weight for each number):
* up from the leaves, then down from the root. It reads noised numbers alone, and the variances depend on no number.
*/
function agreeingPhones(total, makers, models) {
	const found = /* @__PURE__ */ new Map();
	const branches = makers.map((maker) => branchOf(maker, models));
	const sum = plus(branches.map(({ known }) => known));
	const whole = together(total, sum);
	found.set(cellKey(total.cell), whole);
	for (const { maker, known, below, leaves } of branches) {
		const ofMaker = share(known, sum, whole);
		found.set(cellKey(maker.cell), ofMaker);
		for (const leaf of leaves) found.set(cellKey(leaf.cell), share({
			value: leaf.phones,
			variance: leaf.variance
		}, below, ofMaker));
	}
	return found;
}
function branchOf(maker, models) {
	const leaves = models.filter(({ cell }) => cell.vendor === maker.cell.vendor);
	const below = plus(leaves.map(({ phones, variance }) => ({
		value: phones,
		variance
	})));
	return {
		maker,
		leaves,
		below,
		known: leaves.length === 0 ? ownOf(maker) : together(maker, below)
	};
}
function ownOf({ phones, variance }) {
	return {
		value: phones,
		variance
	};
}
function plus(parts) {
	return parts.reduce((sum, part) => ({
		value: sum.value + part.value,
		variance: sum.variance + part.variance
	}), {
		value: 0,
		variance: 0
	});
}
/** Two independent numbers of the same thing, each by what it is worth. */
function together(own, below) {
	const weight = below.variance / (own.variance + below.variance);
	return {
		value: own.phones * weight + below.value * (1 - weight),
		variance: own.variance * weight
	};
}
/** A part, once more is known of the sum of all parts: each takes of the correction what its variance is of the sum's. */
function share(part, sum, known) {
	const weight = part.variance / sum.variance;
	return {
		value: part.value + weight * (known.value - sum.value),
		variance: part.variance - weight ** 2 * (sum.variance - known.variance)
	};
}
// schemas/release.ts
/** Named in the order in which a release shows them. The table with lanes, bounds and variances is services/releases/numbers/queries.ts. */
const QUERY_NAMES = [
	"all",
	"at_cap",
	"platform",
	"platform_vendor",
	"phone_vendor",
	"phone_model",
	"endpoint_model",
	"pci_model",
	"nic_model",
	"cpu",
	"memory",
	"board"
];
/** A party's name: the NAME of the scope `manufacturer:NAME` that reads its releases. */
const PartyName = z.string().regex(/^[A-Za-z0-9](?:[A-Za-z0-9 ._+/()!&,-]{0,62}[A-Za-z0-9.)+!])?$/, "not-a-name");
const CatalogueName = z.string().regex(/^[A-Za-z0-9 ._+/()!&,-]{1,64}$/, "not-a-name");
/** How a party gets its releases: it may always download them with its key; a webhook is called besides. */
const Delivery = z.discriminatedUnion("kind", [z.strictObject({ kind: z.literal("download") }), z.strictObject({
	kind: z.literal("webhook"),
	url: z.string().max(2e3)
})]);
z.strictObject({
	party: PartyName,
	/** Brands whose own numbers it may see; with `lineage` also those of brands that belong to them (Polycom, for Poly). */
	vendors: z.array(CatalogueName).max(50),
	lineage: z.boolean().default(true),
	/** Platforms whose numbers it may see. */
	platforms: z.array(CatalogueName).max(50),
	/** Whom to write to. Shown to releasers and admins only. */
	contact: z.string().min(1).max(200),
	delivery: Delivery
});
// services/releases/numbers/cell.ts
/** The order of a release: by query, then by name, compared by code unit so that no locale changes a file. */
function compareCells(a, b) {
	return QUERY_NAMES.indexOf(a.query) - QUERY_NAMES.indexOf(b.query) || compareText(a.platform, b.platform) || compareText(a.category, b.category) || compareText(a.vendor, b.vendor) || compareText(a.model, b.model);
}
function compareText(a, b) {
	return a < b ? -1 : a > b ? 1 : 0;
}
// services/shared/failure-codes.ts
/**
* Every failure there is. Whether one may be tried again belongs to its code, so that a caller of a port need not know
* which adapter is behind it. Codes travel: in problem details, failed jobs, metrics and the store.
*/
const FAILURES = {
	closed: {
		retryable: true,
		explanation: "This process is ending; another one, or the next start, takes the call."
	},
	closing: {
		retryable: true,
		explanation: "This server is ending: another one, or the next start, answers."
	},
	defect: {
		retryable: false,
		explanation: "Something was thrown that the program does not know: report it."
	},
	"directory-in-use": {
		retryable: false,
		explanation: "Another process has the data directory. Stop it, or choose another with ROLLCALL_DATA_DIR."
	},
	"data-from-newer-version": {
		retryable: false,
		explanation: "A newer version of Rollcall wrote this data: start that version again, or put back a copy from before its upgrade."
	},
	"data-format-unreadable": {
		retryable: false,
		explanation: "installation.json in the data directory does not say which version wrote it: put it back from a copy."
	},
	busy: {
		retryable: true,
		explanation: "More reports wait for the log than may: it is slow, or there are too many."
	},
	"log-full": {
		retryable: true,
		explanation: "As much waits in the log as may: look whether the aggregator runs."
	},
	"log-unavailable": {
		retryable: true,
		explanation: "The log did not answer. What waits for it goes on by itself when it does."
	},
	"consuming-ended": {
		retryable: false,
		explanation: "The aggregator has stopped: start this process again."
	},
	"malformed-block": {
		retryable: false,
		explanation: "A block holds what no fact holds: it is among the dead letters."
	},
	"no-such-block": {
		retryable: false,
		explanation: "The store named a block that it was not given: report it."
	},
	"unsafe-name": {
		retryable: false,
		explanation: "A name of the catalogue may not stand in a fact: mend the catalogue."
	},
	"catalog-unavailable": {
		retryable: true,
		explanation: "The curators' mappings of this month could not be read yet: look at the store."
	},
	"chdb-not-installed": {
		retryable: false,
		explanation: "The embedded store is not installed: npm install chdb, or set ROLLCALL_STORE_URL to a server."
	},
	"store-locked": {
		retryable: false,
		explanation: "The embedded store cannot be opened. One process at a time has its directory."
	},
	"store-unavailable": {
		retryable: true,
		explanation: "The store did not answer. What waits for it goes on by itself when it does."
	},
	"store-denied": {
		retryable: false,
		explanation: "The store refuses the user of ROLLCALL_STORE_URL, or what it asks: see its name, password and rights."
	},
	"store-rejected": {
		retryable: false,
		explanation: "The store cannot read what it was given for rows."
	},
	"unknown-row": {
		retryable: false,
		explanation: "The store holds a row that this version does not know: a newer one wrote it. Run that one."
	},
	"place-taken-twice": {
		retryable: false,
		explanation: "Two rows have one place in the store: somebody else wrote there. Nothing is done until one is gone."
	},
	"audit-busy": {
		retryable: true,
		explanation: "Too many wrote into the audit at once."
	},
	"audit-forked": {
		retryable: false,
		explanation: "Two entries of the audit have one place: somebody else wrote there. See rollcall audit verify."
	},
	"job-not-handled": {
		retryable: false,
		explanation: "No part of this process does a job of that name: report it."
	},
	"jobs-unavailable": {
		retryable: true,
		explanation: "Redis did not answer. Jobs go on by themselves when it does."
	},
	"clock-skew": {
		retryable: false,
		explanation: "This machine's clock and the store's differ by more than five minutes: set them."
	},
	"no-facts": {
		retryable: false,
		explanation: "The store has no facts of the month, so it is not counted a last time: was it restored without them?"
	},
	"facts-changed": {
		retryable: true,
		explanation: "Facts arrived while they were counted a last time. The close is tried again by itself."
	},
	"not-conserved": {
		retryable: false,
		explanation: "The final counts contradict themselves. Nothing was destroyed; this is a defect to report."
	},
	"snapshot-changed": {
		retryable: false,
		explanation: "The final counts are not those that were frozen. Nothing was destroyed: look into the table cube."
	},
	"noised-cube-changed": {
		retryable: true,
		explanation: "The noised numbers read back are not those that were written. Nothing was destroyed."
	},
	"noise-key-gone": {
		retryable: true,
		explanation: "Another worker closed the month meanwhile. It is looked at again."
	},
	overtaken: {
		retryable: true,
		explanation: "Another worker went on with the close meanwhile. It is looked at again."
	},
	"released-before": {
		retryable: false,
		explanation: "The ledger has a release of this month whose noise is gone. A second one would cost privacy."
	},
	"budget-exceeded": {
		retryable: false,
		explanation: "The release would cost more privacy than a month may."
	},
	"noise-key-malformed": {
		retryable: false,
		explanation: "The noise key in the store is none: somebody else wrote it."
	},
	"signing-key-unreadable": {
		retryable: false,
		explanation: "ROLLCALL_SIGNING_KEY_FILE (or DATA_DIR/signing-key.pem) is no Ed25519 key in PKCS8 PEM."
	},
	"not-an-ed25519-key": {
		retryable: false,
		explanation: "A signature was to be checked with another kind of key."
	},
	"document-malformed": {
		retryable: false,
		explanation: "A document to be signed is not in its form: report it."
	},
	"no-such-release": {
		retryable: false,
		explanation: "There is no such release."
	},
	"release-incomplete": {
		retryable: true,
		explanation: "A file of the release cannot be read yet."
	},
	"webhook-not-a-url": {
		retryable: false,
		explanation: "The agreement's webhook is no URL."
	},
	"webhook-not-https": {
		retryable: false,
		explanation: "The agreement's webhook is not https."
	},
	"webhook-has-credentials": {
		retryable: false,
		explanation: "The agreement's webhook has a name or password in it."
	},
	"webhook-not-public": {
		retryable: true,
		explanation: "The webhook's host has an address that is not public."
	},
	"webhook-unresolved": {
		retryable: true,
		explanation: "The webhook's host has no address."
	},
	"webhook-timeout": {
		retryable: true,
		explanation: "The webhook did not answer within ten seconds."
	},
	"webhook-unreachable": {
		retryable: true,
		explanation: "There was no connection to the webhook, or it broke."
	},
	"webhook-failed": {
		retryable: true,
		explanation: "The webhook was called in vain: rollcall ledger says how."
	},
	"webhook-dead": {
		retryable: false,
		explanation: "The webhook was called in vain for the last time. Then: rollcall release redeliver PERIOD PARTY."
	},
	"not-allowed": {
		retryable: false,
		explanation: "The agent may not open this file."
	},
	missing: {
		retryable: false,
		explanation: "The machine has no such file."
	},
	unreadable: {
		retryable: false,
		explanation: "The file cannot be read with the rights that the agent has."
	},
	"too-large": {
		retryable: false,
		explanation: "The file is larger than such a file is."
	},
	malformed: {
		retryable: false,
		explanation: "The file is not in the form that it has elsewhere."
	},
	"no-model": {
		retryable: false,
		explanation: "The machine does not say what processor it has."
	},
	"report-invalid": {
		retryable: false,
		explanation: "The inventory does not fit into a report."
	},
	"not-a-url": {
		retryable: false,
		explanation: "The report has to go to an http or https URL."
	},
	"not-a-receipt": {
		retryable: false,
		explanation: "What answered is no Rollcall: the report may not have been taken."
	},
	redirected: {
		retryable: false,
		explanation: "The service is at another address. Nothing is sent there unasked."
	},
	refused: {
		retryable: false,
		explanation: "The service does not take the report as it is."
	},
	"try-later": {
		retryable: true,
		explanation: "The service is busy, or its log does not answer."
	},
	unreachable: {
		retryable: true,
		explanation: "No service answered."
	}
};
// services/shared/failure.ts
/**
* A failure with a code that says what happened and whether to try again. Its message is its code: no text from a
* report, a fact, a store or a client ever goes into one.
*/
var Failure = class extends Error {
	code;
	retryable;
	detail;
	constructor(code, detail = {}, options) {
		super(code, options);
		this.name = "Failure";
		this.code = code;
		this.retryable = FAILURES[code].retryable;
		this.detail = detail;
	}
};
// services/releases/numbers/noise-stream.ts
/**
* The bits that noise is made from: HMAC-SHA-256(key, label | counter), block after block. Whoever has neither the key
* nor broken HMAC cannot tell them from chance, and the same key and label give the same bits again. The counter has 8
* bytes and ends the input, so that no label continues another.
* @param keyHex 32 bytes, hexadecimal; anything else is the failure `noise-key-malformed`.
*/
function noiseStream(keyHex, label) {
	if (!/^[0-9a-f]{64}$/.test(keyHex)) throw new Failure("noise-key-malformed");
	const key = Buffer.from(keyHex, "hex");
	const counter = Buffer.alloc(8);
	let blocks = 0n;
	let block = Buffer.alloc(0);
	let at = 0;
	const nextByte = () => {
		if (at === block.length) {
			counter.writeBigUInt64BE(blocks++);
			block = createHmac("sha256", key).update(label, "utf8").update(counter).digest();
			at = 0;
		}
		return block[at++];
	};
	return { take(bytes) {
		let value = 0n;
		for (let i = 0; i < bytes; i++) value = value << 8n | BigInt(nextByte());
		return value;
	} };
}
/** A number from 0 to `n` - 1, each as likely as any other: what would favour the small ones is drawn again. */
function uniformBelow(n, source) {
	if (n === 1n) return 0n;
	const bits = (n - 1n).toString(2).length;
	const bytes = Math.ceil(bits / 8);
	const unused = BigInt(bytes * 8 - bits);
	for (;;) {
		const drawn = source.take(bytes) >> unused;
		if (drawn < n) return drawn;
	}
}
// services/releases/numbers/discrete-gaussian.ts
/** An integer x with probability proportional to exp(-x^2 / (2 variance)), exactly. `variance` is 1 or more. */
function discreteGaussian(variance, source) {
	if (variance < 1n) throw new RangeError("a variance is 1 or more");
	const scale = floorRoot(variance) + 1n;
	for (;;) {
		const drawn = discreteLaplace(scale, source);
		const off = (drawn < 0n ? -drawn : drawn) * scale - variance;
		if (bernoulliExp(off * off, 2n * variance * scale * scale, source)) return drawn;
	}
}
/** An integer x with probability proportional to exp(-|x| / scale). */
function discreteLaplace(scale, source) {
	for (;;) {
		const rest = uniformBelow(scale, source);
		if (!bernoulliExp(rest, scale, source)) continue;
		let whole = 0n;
		while (bernoulliExp(1n, 1n, source)) whole++;
		const size = rest + scale * whole;
		const negative = uniformBelow(2n, source) === 1n;
		if (negative && size === 0n) continue;
		return negative ? -size : size;
	}
}
/** True with probability exp(-numerator / denominator). */
function bernoulliExp(numerator, denominator, source) {
	for (let whole = numerator / denominator; whole > 0n; whole--) if (!bernoulliExpOfFraction(1n, 1n, source)) return false;
	return bernoulliExpOfFraction(numerator % denominator, denominator, source);
}
/** The same for a fraction from 0 to 1: the length of a run of successes of chances f/1, f/2, f/3 ... is even. */
function bernoulliExpOfFraction(numerator, denominator, source) {
	let tries = 1n;
	while (uniformBelow(denominator * tries, source) < numerator) tries++;
	return tries % 2n === 1n;
}
/** The largest integer whose square is at most `n`, by Newton's method. */
function floorRoot(n) {
	let root = n;
	for (let next = (root + 1n) / 2n; next < root; next = (root + n / root) / 2n) root = next;
	return root;
}
// schemas/slot.ts
/**
* The lanes of a site's contribution to releases. A lane has a fixed number of slots (services/core/lanes.ts): a token
* fills no more of them, whatever its agent sends and however often. No lane has the name of a view: by its first word a
* line of a block is known for a fact or a slot.
*/
const LANES = [
	"platforms",
	"makers",
	"phones",
	"endpoints",
	"cards",
	"nics",
	"cpus",
	"memories",
	"boards"
];
/** No cap is larger: phones of the largest fleet (services/core/caps.ts). */
const MAX_CAP = 1024;
// services/core/categories.ts
/** "endpoint" is every kind of endpoint but phones together. */
const GROUPS = {
	phone: {
		lane: "phones",
		query: "phone_model"
	},
	endpoint: {
		lane: "endpoints",
		query: "endpoint_model"
	},
	pci: {
		lane: "cards",
		query: "pci_model"
	},
	nic: {
		lane: "nics",
		query: "nic_model"
	},
	cpu: {
		lane: "cpus",
		query: "cpu"
	},
	memory: {
		lane: "memories",
		query: "memory"
	},
	board: {
		lane: "boards",
		query: "board"
	},
	virtual: {
		lane: null,
		query: null
	}
};
/** What each category is: the only place that says so. */
const CATEGORY_TABLE = {
	phone: {
		group: "phone",
		recognisedAs: "endpoint"
	},
	softphone: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	mobile: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	dect: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	ata: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	gateway: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	doorphone: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	conference: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	headset: {
		group: "endpoint",
		recognisedAs: "endpoint"
	},
	pci: {
		group: "pci",
		recognisedAs: "card"
	},
	nic: {
		group: "nic",
		recognisedAs: "card"
	},
	cpu: {
		group: "cpu",
		recognisedAs: "cpu"
	},
	memory: {
		group: "memory",
		recognisedAs: "memory"
	},
	board: {
		group: "board",
		recognisedAs: "machine"
	},
	virtual: {
		group: "virtual",
		recognisedAs: "machine"
	}
};
// services/core/lanes.ts
/**
* How many slots a site has in each lane: what it can add to a release at most (PRIVACY.md section 3). Ingest fills no
* more, and the noise of a release rests on it. 24 together.
*/
const SLOTS = {
	platforms: 1,
	makers: 3,
	phones: 6,
	endpoints: 6,
	cards: 3,
	nics: 2,
	cpus: 1,
	memories: 1,
	boards: 1
};
const LANE_OF = new Map(Object.entries(CATEGORY_TABLE).map(([name, { group }]) => [name, GROUPS[group].lane]));
/** The lane that models of the category are in; null for those that are in no release. */
function laneOf(category) {
	return LANE_OF.get(category) ?? null;
}
/** What each phone slot counts at most, as a divisor of the cap: by rank and never a remainder, which would tell of the other slots. */
const DIVISORS = [
	1,
	2,
	4,
	8,
	16,
	16
];
/** `24, 12, 6, 3, 1, 1`: the most phones of a site's most frequent model that count, of its second, and so on. */
function capsOf(cap) {
	return DIVISORS.slice(0, SLOTS.phones).map((divisor) => Math.max(1, Math.floor(cap / divisor)));
}
/** Fleet and cap between which hiding large sites and hiding all of them in noise cost about the same (bench/release-coverage.ts). */
const MEASURED = [
	[600, 24],
	[1e3, 32],
	[2e3, 32],
	[5e3, 48],
	[2e4, 160],
	[1e5, 640]
];
const STEPS = [
	24,
	32,
	48,
	80,
	160,
	320,
	640,
	MAX_CAP
];
/** How much nearer to the best one another cap must be to be chosen: phones of two caps cannot be compared. */
const NEARER = Math.log(1.15);
/**
* The cap of months to come, for a fleet of about `sites`: the noised number of a release, which is public. The one that
* holds now stays while no other is much better.
*/
function nextCap(current, sites) {
	const best = bestCap(sites);
	const off = (step) => Math.abs(Math.log(step / best));
	const nearest = STEPS.reduce((found, step) => off(step) < off(found) ? step : found);
	return off(current) - off(nearest) > NEARER ? nearest : current;
}
/** Straight between the measured points on logarithmic scales, and flat before the first. */
function bestCap(sites) {
	const next = MEASURED.findIndex(([fleet]) => fleet >= sites);
	if (next === 0) return 24;
	const [from, to] = next < 0 ? MEASURED.slice(-2) : MEASURED.slice(next - 1, next + 1);
	const along = Math.log(sites / from[0]) / Math.log(to[0] / from[0]);
	return Math.min(MAX_CAP, from[1] * (to[1] / from[1]) ** along);
}
// services/releases/numbers/queries.ts
/** What phones cost: their noise follows from it and from the month's cap. */
const PHONES_RHO = {
	models: .03,
	makers: .0365,
	total: .012
};
/** The table of queries, in the order of a release, for a month whose first phone slot counts `cap` phones at most. */
function queriesAt(cap) {
	const caps = capsOf(cap);
	const squares = caps.reduce((sum, most) => sum + most ** 2, 0);
	const together = caps.reduce((sum, most) => sum + most, 0) ** 2;
	return [
		{
			...query("all", "platforms", "all sites", 200),
			phones: phones("all phones", together, PHONES_RHO.total)
		},
		{
			...query("at_cap", "phones", "sites that stand at the cap", 400),
			sites: sites("sites that stand at the cap", 1, 400)
		},
		query("platform", "platforms", "sites by platform", 64),
		query("platform_vendor", "makers", "sites by platform and phone vendor", 100),
		{
			...query("phone_vendor", "makers", "sites by phone vendor", 150),
			phones: phones("phones by vendor", together, PHONES_RHO.makers)
		},
		{
			...query("phone_model", "phones", "sites by phone model", 40),
			phones: phones("phones by model", squares, PHONES_RHO.models)
		},
		query("endpoint_model", "endpoints", "sites by model of other endpoints", 120),
		query("pci_model", "cards", "sites by telephony card (PCI) model", 144),
		query("nic_model", "nics", "sites by network card model", 108),
		query("cpu", "cpus", "sites by CPU", 100),
		query("memory", "memories", "sites by memory size", 100),
		query("board", "boards", "sites by motherboard", 100)
	];
}
/** A token adds 1 to at most as many cells as its lane has slots. */
function query(name, lane, title, variance) {
	return {
		name,
		lane,
		sites: sites(title, SLOTS[lane], variance),
		phones: null
	};
}
function sites(title, boundSquared, variance) {
	return {
		title,
		boundSquared,
		variance
	};
}
/** Up to a whole variance: never more privacy than it is to cost. */
function phones(title, boundSquared, rho) {
	return {
		title,
		boundSquared,
		variance: Math.ceil(boundSquared / (2 * rho))
	};
}
// services/releases/numbers/noise.ts
/**
* Every listed cell with noise, once: same order, same result. A cell that nobody has is a 0 with noise like any other,
* so that nothing exact decides what there is to see. In the threshold profile nothing is added.
*/
function noiseListed(order) {
	const sums = new Map(order.sums.map((sum) => [cellKey(sum), sum]));
	const queries = new Map(queriesAt(order.cap).map((query) => [query.name, query]));
	return order.listed.toSorted(compareCells).map((cell) => {
		const query = queries.get(cell.query);
		const sum = sums.get(cellKey(cell));
		return {
			...cell,
			sites: (sum?.sites ?? 0) + noiseOf(cell, "sites", query.sites, order),
			phones: query.phones && (sum?.phones ?? 0) + noiseOf(cell, "phones", query.phones, order)
		};
	});
}
/** The variance of the noise that a profile really adds. */
function varianceIn(profile, measure) {
	return profile === "noised" ? measure.variance : 0;
}
function noiseOf(cell, measureName, measure, order) {
	if (order.profile === "threshold") return 0;
	const { key, digest } = order.key;
	const stream = noiseStream(key, noiseLabel(order.period, cell, measureName, digest));
	return Number(discreteGaussian(BigInt(measure.variance), stream));
}
/** Two numbers of any release have two labels: a list in JSON says where each of its words ends. */
function noiseLabel(period, cell, measure, digest) {
	const { query, platform, category, vendor, model } = cell;
	return JSON.stringify([
		"rollcall.noise/2",
		period,
		query,
		measure,
		platform,
		category,
		vendor,
		model,
		digest
	]);
}
// services/releases/numbers/shown.ts
/** What stands in for the last release in an installation's first month. */
const FIRST_PHONES_PER_SITE = {
	all: 12,
	phone_vendor: 8,
	phone_model: 5
};
/** How a period's numbers are read: variances, gates, and phones that agree. */
var Reading = class {
	period;
	queries;
	listed;
	#phones;
	#least;
	constructor(period) {
		const queries = queriesAt(period.cap);
		this.period = period;
		this.queries = new Map(queries.map((query) => [query.name, query]));
		this.listed = lengths(period.cells);
		this.#least = new Map(queries.map((query) => [query.name, leastPublished(query, {
			...period,
			listed: this.listed.get(query.name) ?? 0
		})]));
		this.#phones = this.#agreeing();
	}
	query(name) {
		return this.queries.get(name);
	}
	siteVariance(name) {
		return varianceIn(this.period.profile, this.query(name).sites);
	}
	phones(cell) {
		return this.#phones.get(cellKey(cell));
	}
	/** The least number of sites that a cell of the query is published from; 0 where its one number is always shown. */
	least(name) {
		return this.#least.get(name) ?? 0;
	}
	/** The cells that pass their gates, held ones included. */
	shown(perSite) {
		return this.period.cells.filter((cell) => ALWAYS_SHOWN.includes(cell.query) || cell.sites >= this.least(cell.query)).map((cell) => ({
			...cell,
			siteVariance: this.siteVariance(cell.query),
			phonesFound: this.#phonesShown(cell, perSite[cell.query] ?? 0)
		}));
	}
	/** By the cell's sites and last month's phones for a site: chosen by themselves, numbers of phones would come out too high. */
	#phonesShown(cell, perSite) {
		const found = this.phones(cell);
		if (found === void 0) return null;
		return cell.sites * perSite >= 3 * Math.sqrt(found.variance) ? found : null;
	}
	#agreeing() {
		const { cells, profile } = this.period;
		const of = (name) => {
			const variance = this.query(name).phones?.variance ?? 0;
			return cells.flatMap((cell) => cell.query === name && cell.phones !== null ? [{
				cell,
				phones: cell.phones,
				variance
			}] : []);
		};
		const [total] = of("all");
		const [makers, models] = [of("phone_vendor"), of("phone_model")];
		if (profile === "noised" && total) return agreeingPhones(total, makers, models);
		const exact = [
			...total ? [total] : [],
			...makers,
			...models
		];
		return new Map(exact.map(({ cell, phones }) => [cellKey(cell), {
			value: phones,
			variance: 0
		}]));
	}
};
// services/releases/numbers/change.ts
/** At most this share of a release's arrows is false by expectation, and a still month has any with this chance at most. */
const FALSE_ARROWS = .05;
/**
* The numbers that moved, by Benjamini and Hochberg's procedure (1995) over the whole release, once: what a party is
* told does not depend on how it was cut. A number is tested where both months together reach twice its gate, because
* the sum of two numbers of the same noise says nothing of their difference; chosen by this month alone, those that came
* out high would seem to have risen.
*/
function arrowsBetween(before, now) {
	const [earlier, later] = [new Reading(before), new Reading(now)];
	const samePhones = before.cap === now.cap && before.profile === now.profile;
	const beforeOf = new Map(before.cells.map((cell) => [cellKey(cell), cell]));
	const moved = rejected(now.cells.flatMap((cell) => {
		const was = beforeOf.get(cellKey(cell));
		return was && isTested(cell, was, later) ? testsOf(cell, was, {
			earlier,
			later,
			samePhones
		}) : [];
	}));
	const of = (which) => new Map(moved.filter((test) => test.of === which).map(({ key, direction }) => [key, direction]));
	return {
		sites: of("sites"),
		phones: of("phones"),
		samePhones
	};
}
/** What is said of a published cell; all null without a month to compare with. */
function changeOf(now, earlier, arrows) {
	const none = {
		beforeSites: null,
		sites: null,
		beforePhones: null,
		phones: null
	};
	if (arrows === void 0) return none;
	if (earlier === void 0) return {
		...none,
		sites: "new",
		phones: now.phones === null ? null : "new"
	};
	const key = cellKey(now);
	const phones = !arrows.samePhones || now.phones === null || earlier.phones === null ? null : earlier.phones;
	return {
		beforeSites: earlier.sites,
		sites: trendOf(arrows.sites.get(key)),
		beforePhones: phones,
		phones: phones === null || now.query === "phone_model" ? null : trendOf(arrows.phones.get(key))
	};
}
function trendOf(direction) {
	return direction ?? "not-significant";
}
function isTested(cell, was, reading) {
	if (ALWAYS_SHOWN.includes(cell.query)) return true;
	return cell.sites + was.sites >= 2 * reading.least(cell.query);
}
/** Phones are tested where they are large enough to say anything: by sites, which their noise has no part in. */
function testsOf(cell, was, { earlier, later, samePhones }) {
	const key = cellKey(cell);
	const sites = tested(key, "sites", cell.sites - was.sites, variancesOf(cell.query, earlier, later));
	const [now, then] = [later.phones(cell), earlier.phones(cell)];
	if (!samePhones || cell.query === "phone_model" || now === void 0 || then === void 0) return [sites];
	return [sites, tested(key, "phones", now.value - then.value, now.variance + then.variance)];
}
function variancesOf(query, earlier, later) {
	return earlier.siteVariance(query) + later.siteVariance(query);
}
/** Without noise every difference is one. */
function tested(key, of, difference, variance) {
	const direction = difference > 0 ? "up" : "down";
	if (variance === 0) return {
		key,
		of,
		direction,
		p: difference === 0 ? 1 : 0
	};
	return {
		key,
		of,
		direction,
		p: twoSided(Math.abs(difference) / Math.sqrt(variance))
	};
}
function rejected(tests) {
	const sorted = tests.toSorted((a, b) => a.p - b.p);
	const last = sorted.findLastIndex(({ p }, i) => p <= FALSE_ARROWS * (i + 1) / sorted.length);
	return sorted.slice(0, last + 1);
}
/** P(|Z| >= z) of a standard normal: the complementary error function by a Chebyshev fit, relative error under 1.2e-7 (W. H. Press and others, Numerical Recipes, `erfcc`). */
function twoSided(z) {
	const x = z / Math.SQRT2;
	const t = 1 / (1 + x / 2);
	const series = [
		.17087277,
		-.82215223,
		1.48851587,
		-1.13520398,
		.27886807,
		-.18628806,
		.09678418,
		.37409196,
		1.00002368,
		-1.26551223
	].reduce((sum, c) => sum * t + c, 0);
	return t * Math.exp(-x * x + series);
}
// services/simulator/random.ts
const UINT32 = 4294967296;
/**
* A repeatable stream of numbers: sfc32 (Chris Doty-Humphrey, PractRand), 128 bits of state. The seed and two stream
* numbers ARE the state, so different streams never begin alike: tokens made from them do not collide.
*/
var Random = class {
	#a;
	#b;
	#c;
	#counter = 1;
	constructor(seed, stream = 0, substream = 0) {
		this.#a = seed | 0;
		this.#b = stream | 0;
		this.#c = substream | 0;
		for (let i = 0; i < 16; i++) this.uint32();
	}
	uint32() {
		const out = this.#a + this.#b + this.#counter++ | 0;
		this.#a = this.#b ^ this.#b >>> 9;
		this.#b = this.#c + (this.#c << 3) | 0;
		this.#c = (this.#c << 21 | this.#c >>> 11) + out | 0;
		return out >>> 0;
	}
	/** In [0, 1). */
	unit() {
		return this.uint32() / UINT32;
	}
	/** A whole number from `least` to `most`, both possible. */
	int(least, most) {
		return least + Math.floor(this.unit() * (most - least + 1));
	}
	chance(probability) {
		return this.unit() < probability;
	}
	pick(items) {
		return items[this.int(0, items.length - 1)];
	}
	/** Each item as likely as its weight says. */
	weighted(items, weightOf) {
		let rest = this.unit() * items.reduce((sum, item) => sum + weightOf(item), 0);
		for (const item of items) {
			rest -= weightOf(item);
			if (rest < 0) return item;
		}
		return items.at(-1);
	}
	/** Log-normal with this median; `sigma` is the standard deviation of the logarithm. */
	logNormal(median, sigma) {
		const radius = Math.sqrt(-2 * Math.log(1 - this.unit()));
		return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * this.unit()));
	}
	/** `total` things in at most `parts` heaps of at least one, in random proportions. */
	split(total, parts) {
		const heaps = [];
		for (let left = total; left > 0;) {
			const heap = heaps.length === parts - 1 ? left : Math.min(left, Math.max(1, Math.round(left * (.35 + .5 * this.unit()))));
			heaps.push(heap);
			left -= heap;
		}
		return heaps;
	}
	hex(digits) {
		let text = "";
		while (text.length < digits) text += this.uint32().toString(16).padStart(8, "0");
		return text.slice(0, digits);
	}
	/** 32 bytes in base64url: what a site uses as its token for a month. */
	token() {
		return Buffer.from(this.hex(64), "hex").toString("base64url");
	}
};
// bench/compare.ts
/** The middle value. */
function median(values) {
	const sorted = values.toSorted((a, b) => a - b);
	const middle = sorted.length >> 1;
	return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
function print(line) {
	process.stdout.write(`${line}\n`);
}
// schemas/period.ts
/** A UTC calendar month, written `YYYY-MM`. */
const Period = z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/).brand();
// services/core/period.ts
/** Thrown when a string is no period. */
var NotAPeriod = class extends Error {
	constructor() {
		super("not a period: expected YYYY-MM");
		this.name = "NotAPeriod";
	}
};
function parsePeriod(text) {
	const parsed = Period.safeParse(text);
	if (!parsed.success) throw new NotAPeriod();
	return parsed.data;
}
// services/core/slot-sums.ts
const QUERY_OF = new Map([
	["platforms", "platform"],
	["makers", "platform_vendor"],
	...Object.values(GROUPS).flatMap(({ lane, query }) => lane && query ? [[lane, query]] : [])
]);
/**
* The exact numbers behind a release, for the cells of its list. Phones of a maker and of the fleet are sums of listed
* models: there are no slots for them, which would join a site's models again.
*/
function sumsOf({ all, atCap, cells, makers }, listed) {
	const known = new Set(listed.map(cellKey));
	const ofCells = cells.map(({ lane, platform, category, vendor, model, sites, amount }) => {
		const query = QUERY_OF.get(lane);
		return {
			query,
			platform,
			category,
			vendor,
			model,
			sites,
			phones: query === "phone_model" ? amount : 0
		};
	}).filter((sum) => known.has(cellKey(sum)));
	const phonesOf = (vendor) => ofCells.reduce((sum, cell) => sum + (vendor === void 0 || cell.vendor === vendor ? cell.phones : 0), 0);
	const one = (query, sites, phones, vendor = "") => {
		return {
			query,
			platform: "",
			category: vendor === "" ? "" : "phone",
			vendor,
			model: "",
			sites,
			phones
		};
	};
	return [
		one("all", all, phonesOf()),
		one("at_cap", atCap, 0),
		...makers.map(({ vendor, sites }) => one("phone_vendor", sites, phonesOf(vendor), vendor)),
		...ofCells
	];
}
// schemas/cell-names.ts
/** Every kind of device a line may name. `virtual` is a hypervisor kind. */
const CATEGORIES = [
	"phone",
	"softphone",
	"mobile",
	"dect",
	"ata",
	"gateway",
	"doorphone",
	"conference",
	"headset",
	"pci",
	"nic",
	"cpu",
	"memory",
	"board",
	"virtual"
];
// schemas/fact.ts
/** The characters a name may hold wherever it is stored: what the writer emits and the byte scan accepts. */
const NAME_PATTERN = /^[A-Za-z0-9 ._+/()!&,-]{0,64}$/;
/** Cells that are remembered; past this many the memory is emptied. The catalogue has a few thousand. */
const MOST_CELLS = 5e4;
const known = /* @__PURE__ */ new Map();
let size = 0;
/** Throws `unsafe-name` for a name that would need escaping in a line: identification lets none through. */
function knownCell(cell) {
	const last = below(below(below(below(known, cell.view), cell.platform), cell.category), cell.vendor);
	const found = last.get(cell.model);
	if (found) return found;
	const made = make(cell);
	if (++size > MOST_CELLS) {
		known.clear();
		size = 0;
	}
	last.set(cell.model, made);
	return made;
}
function below(level, name) {
	let next = level.get(name);
	if (!next) level.set(name, next = /* @__PURE__ */ new Map());
	return next;
}
function make({ view, platform, category, vendor, model }) {
	const names = [
		view,
		platform,
		category,
		vendor,
		model
	];
	if (!names.every((name) => NAME_PATTERN.test(name))) throw new Failure("unsafe-name");
	return {
		id: hash("sha256", names.join("\0"), "buffer").subarray(0, 16),
		columns: Buffer.from(names.map((name) => `"${name}",`).join(""), "latin1")
	};
}
// services/ingest/slot-key.ts
const SECRET_BYTES = 16;
/** SHA-512(token, period, a word that no fact's key is made with), in two. NUL is in no token. */
function slotSecrets(token, period) {
	const bits = hash("sha512", `${token}\0${period}\0slots`, "buffer");
	return {
		ofSlots: bits.subarray(0, SECRET_BYTES),
		ofCells: bits.subarray(SECRET_BYTES, 32)
	};
}
/** A name for each slot of each lane, in the order of the lanes: one block each. */
const SLOT_IDS = Buffer.concat(LANES.flatMap((lane) => Array.from({ length: SLOTS[lane] }, (_, i) => hash("sha256", `slot\0${lane}\0${i}`, "buffer").subarray(0, 16))));
/** The keys of all 24 slots of a site, by lane: AES-128 of each slot's name, as {@link ./fact-key.ts} of each cell's. */
function slotKeys({ ofSlots }) {
	const blocks = encrypted(SLOT_IDS, ofSlots);
	let at = 0;
	const next = () => {
		const [key, offset] = [first53(blocks, at), blocks.readUInt32BE(at + 8) * 2 ** 16 + blocks.readUInt16BE(at + 12)];
		at += 16;
		return {
			key,
			offset
		};
	};
	return new Map(LANES.map((lane) => [lane, Array.from({ length: SLOTS[lane] }, next)]));
}
/** What tells a site's cells apart in the slots: 53 bits for each cell's id. */
function cellKeys({ ofCells }, ids) {
	const blocks = encrypted(Buffer.concat(ids), ofCells);
	return ids.map((_, i) => first53(blocks, i * 16));
}
/** No id is encrypted twice under one secret: ECB is the plain permutation that is wanted. */
function encrypted(ids, secret) {
	return createCipheriv("aes-128-ecb", secret, null).setAutoPadding(false).update(ids);
}
function first53(blocks, at) {
	return blocks.readUInt32BE(at) * 2 ** 21 + (blocks.readUInt32BE(at + 4) >>> 11);
}
// services/ingest/slots.ts
/**
* What the site adds to releases. In each lane the largest come first, ties by key, and each slot has a fixed cap. A
* first report (sequence 1) fills the slots it needs; every later one writes all of them, with empty ones where it has
* nothing: what an earlier report left there is gone. A site that withdraws writes empty ones only.
*
* The bound of a release holds whatever an agent sends: there are no other keys under a token than these.
*/
function slotsOf(site, cap) {
	const secrets = slotSecrets(site.token, site.period);
	const candidates = site.withdraw ? [] : candidatesOf(site);
	const keyed = cellKeys(secrets, candidates.map(({ id }) => id));
	for (const [i, candidate] of candidates.entries()) candidate.cellKey = keyed[i];
	const keys = slotKeys(secrets);
	const caps = capsOf(cap);
	const all = site.sequence > 1 || site.withdraw;
	return LANES.flatMap((lane) => {
		const chosen = largest(candidates, lane);
		return (keys.get(lane) ?? []).slice(0, all ? void 0 : chosen.length).map(({ key, offset }, i) => {
			const version = offset + site.sequence;
			const of = chosen[i];
			if (!of) return {
				...emptyCell(lane),
				key,
				cellKey: 0,
				amount: 0,
				cap,
				version
			};
			const amount = lane === "phones" ? Math.min(of.devices, caps[i] ?? 1) : 1;
			return {
				...of.cell,
				key,
				cellKey: of.cellKey,
				amount,
				cap,
				version
			};
		});
	});
}
function largest(candidates, lane) {
	return candidates.filter(({ cell }) => cell.lane === lane).sort((a, b) => b.devices - a.devices || a.cellKey - b.cellKey).slice(0, SLOTS[lane]);
}
function candidatesOf({ platform, models }) {
	const makers = /* @__PURE__ */ new Map();
	const ofModels = [];
	for (const { view, category, vendor, model, count } of models) {
		const lane = laneOf(category);
		if (view !== "model" || count === 0 || lane === null) continue;
		ofModels.push(candidate({
			lane,
			platform: "",
			category,
			vendor,
			model
		}, count));
		if (lane === "phones" && vendor !== "") makers.set(vendor, (makers.get(vendor) ?? 0) + count);
	}
	const ofMakers = [...makers].map(([vendor, count]) => candidate({
		lane: "makers",
		platform,
		category: "",
		vendor,
		model: ""
	}, count, {
		...emptyCell("makers"),
		vendor
	}));
	return [
		candidate({
			...emptyCell("platforms"),
			platform
		}, 1),
		...ofMakers,
		...ofModels
	];
}
function candidate(cell, devices, once = cell) {
	return {
		cell,
		devices,
		id: knownCell({
			...once,
			view: once.lane
		}).id,
		cellKey: 0
	};
}
function emptyCell(lane) {
	return {
		lane,
		platform: "",
		category: "",
		vendor: "",
		model: ""
	};
}
// services/releases/numbers/listed-cells.ts
/** Every cell that a release of the period may have: each gets noise, whether any site has it or not. */
function listedCells({ platforms, models }) {
	const ofModels = models.flatMap(({ category, vendor, model }) => {
		const { query } = GROUPS[CATEGORY_TABLE[category].group];
		return query === null || query === "phone_model" && vendor === "" ? [] : [cell(query, {
			category,
			vendor,
			model
		})];
	});
	const makers = new Set(ofModels.flatMap(({ query, vendor }) => query === "phone_model" ? [vendor] : []));
	return [
		cell("all"),
		cell("at_cap"),
		...platforms.map((platform) => cell("platform", { platform })),
		...platforms.flatMap((platform) => [...makers].map((vendor) => cell("platform_vendor", {
			platform,
			vendor
		}))),
		...[...makers].map((vendor) => cell("phone_vendor", {
			category: "phone",
			vendor
		})),
		...ofModels
	].sort(compareCells).filter((one, i, sorted) => i === 0 || compareCells(one, sorted[i - 1]) !== 0);
}
function cell(query, names = {}) {
	return {
		platform: "",
		category: "",
		vendor: "",
		model: "",
		...names,
		query
	};
}
// services/releases/numbers/rounding.ts
/** 95 % of a normal distribution lie within so many standard deviations. */
const TWO_SIDED_95 = 1.96;
/**
* The same for numbers of sites that are shown because they came out high enough: those just above their gate are high
* rather than low, and this width still holds 94 % of them (bench/release-coverage.ts).
*/
const CHOSEN_95 = 2.1;
/** Published numbers are multiples of these. */
function roundingIn(profile) {
	return profile === "noised" ? {
		sites: 5,
		phones: 10
	} : {
		sites: 5,
		phones: 50
	};
}
/**
* Half the width of a 95 % interval: noise of this variance, and rounding, which moves a number by at most half a step.
* It covers noise and rounding, not who takes part. `chosen`: the number was shown for being high enough itself.
*/
function marginOf$1(step, variance, chosen) {
	return Math.ceil((chosen ? CHOSEN_95 : TWO_SIDED_95) * Math.sqrt(variance) + step / 2);
}
/**
* The published numbers of a period. Gates, shares, agreement and changes are worked out from noised numbers only, so
* that they say nothing which those do not say.
*/
function publish(order) {
	const { period, before } = order;
	const reading = new Reading(period);
	const perSite = before?.published.perSite ?? FIRST_PHONES_PER_SITE;
	const passed = reading.shown(perSite).filter((cell) => cell.held === null || order.approved(cell));
	const largeEnough = period.profile === "threshold" || isLargeEnough(period, reading);
	const open = passed.filter(({ query }) => largeEnough || query === "all").sort(compareCells);
	const arrows = before && arrowsBetween(before.period, period);
	const numbers = open.map((cell) => publishedNumbers(cell, period));
	return {
		profile: period.profile,
		cap: period.cap,
		largeEnough,
		coverage: [...reading.listed.keys()].map((query) => ({
			query,
			from: reading.least(query),
			listed: period.cells.filter((cell) => cell.query === query)
		})),
		cells: withShares(numbers).map((cell) => ({
			...cell,
			change: changeBetween(cell, arrows, order)
		})),
		perSite: perSiteOf(open, perSite)
	};
}
/** Unless the number of all sites, noised, says for certain that there are fewer: a fleet of {@link LEAST_FLEET} has its release. */
function isLargeEnough({ cells }, reading) {
	return (cells.find(({ query }) => query === "all")?.sites ?? 0) + 3 * Math.sqrt(reading.siteVariance("all")) >= 300;
}
function publishedNumbers(cell, { profile }) {
	const { query, platform, category, vendor, model, phonesFound } = cell;
	const step = roundingIn(profile);
	return {
		query,
		platform,
		category,
		vendor,
		model,
		sites: Math.max(0, roundTo(cell.sites, step.sites)),
		sitesMargin: marginOf$1(step.sites, cell.siteVariance, !ALWAYS_SHOWN.includes(query)),
		phones: phonesFound && Math.max(0, roundTo(phonesFound.value, step.phones)),
		phonesMargin: phonesFound && marginOf$1(step.phones, phonesFound.variance, false)
	};
}
/** Of a maker on a platform the share of that platform's sites; of everything else the share of all sites. */
function withShares(cells) {
	const all = cells.find(({ query }) => query === "all")?.sites;
	const platforms = new Map(cells.flatMap((c) => c.query === "platform" ? [[c.platform, c.sites]] : []));
	return cells.map((cell) => {
		const whole = cell.query === "platform_vendor" ? platforms.get(cell.platform) : all;
		return {
			...cell,
			share: cell.query === "all" || !whole ? null : roundShare(Math.min(1, cell.sites / whole))
		};
	});
}
/** To hundredths of a percent: more digits would only look exact. */
function roundShare(share) {
	return Math.round(share * 1e4) / 1e4;
}
function changeBetween(cell, arrows, { before }) {
	const earlier = before?.published.cells.find((one) => cellKey(one) === cellKey(cell));
	return changeOf(cell, earlier, arrows);
}
/** Of the published cells of each query that has phones, all together; where none is published, as before. */
function perSiteOf(open, before) {
	const of = (name) => {
		const cells = open.filter((cell) => cell.query === name && cell.phonesFound !== null);
		const sites = cells.reduce((sum, cell) => sum + cell.sites, 0);
		const phones = cells.reduce((sum, cell) => sum + (cell.phonesFound?.value ?? 0), 0);
		return sites > 0 && phones > 0 ? phones / sites : before[name];
	};
	const found = {
		all: of("all"),
		phone_vendor: of("phone_vendor"),
		phone_model: of("phone_model")
	};
	return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== void 0));
}
z.strictObject({
	purpose: z.string().min(8),
	category: z.enum([
		"device",
		"platform",
		"protocol"
	]),
	retention: z.string().min(8),
	/** Whether counts of this field are shown to anybody. */
	public: z.boolean()
});
const policies = /* @__PURE__ */ new WeakMap();
/** Gives a schema field its entry in the policy. A field without one fails the policy's test. */
function field(schema, policy) {
	policies.set(schema, policy);
	return schema;
}
const MAX_COUNT = 1e4;
const MAX_SEQUENCE = 1e6;
/** No NUL and no lone surrogate: everything else in a name is judged line by line. */
const text = (max) => z.string().max(max).regex(/^[^\u0000]*$/, "nul").refine((s) => s.isWellFormed(), "not-unicode");
const Line = z.strictObject({
	category: field(z.enum(CATEGORIES), {
		purpose: "to tell phones from cards and servers",
		category: "device",
		retention: "fact until close, then counts of ten or more sites",
		public: true
	}),
	vendor: field(text(128), {
		purpose: "to count devices by maker",
		category: "device",
		retention: "catalogue name only; fact until close, then counts of ten or more sites",
		public: true
	}),
	model: field(text(256), {
		purpose: "to count devices by model",
		category: "device",
		retention: "catalogue name only; fact until close, then counts of ten or more sites",
		public: true
	}),
	count: field(z.int().min(0).max(MAX_COUNT), {
		purpose: "to count devices; 0 takes a line back",
		category: "device",
		retention: "fact until close, then part of a sum over ten or more sites",
		public: true
	})
});
const Platform = z.strictObject({
	name: field(text(64).min(1), {
		purpose: "to count sites by phone system",
		category: "platform",
		retention: "catalogue name only; fact until close, then counts of ten or more sites",
		public: true
	}),
	version: field(z.string().regex(/^[0-9]{0,3}$/, "not-a-major-version"), {
		purpose: "to count sites by major version of their phone system",
		category: "platform",
		retention: "fact until close, then counts of ten or more sites",
		public: true
	})
});
z.strictObject({
	schema: field(z.literal("rollcall.report/1"), {
		purpose: "to read the report correctly",
		category: "protocol",
		retention: "not stored",
		public: false
	}),
	period: field(z.string().regex(/^20[0-9]{2}-(0[1-9]|1[0-2])$/, "not-a-period"), {
		purpose: "to count the report in the right month",
		category: "protocol",
		retention: "part of each fact; destroyed with it",
		public: true
	}),
	token: field(z.string().regex(/^[A-Za-z0-9_-]{22,86}$/, "not-a-token"), {
		purpose: "to let a repeated or corrected report replace the earlier one",
		category: "protocol",
		retention: "memory only, for the time of one request; made anew by the site each month",
		public: false
	}),
	sequence: field(z.int().min(1).max(MAX_SEQUENCE), {
		purpose: "to let the newest of several reports win, whatever order they arrive in",
		category: "protocol",
		retention: "hidden inside a keyed offset in each fact; destroyed with it",
		public: false
	}),
	platform: Platform,
	devices: z.array(Line).max(512),
	withdraw: field(z.boolean().optional(), {
		purpose: "to take back everything sent this month",
		category: "protocol",
		retention: "not stored",
		public: false
	})
});
// services/simulator/heavy-fleet.ts
/** Phones of a site: half have fewer than the median, and four in a thousand have hundreds or thousands. */
const MEDIAN_PHONES = 12;
const PHONES_SIGMA = 1.25;
const LARGE_SITES = .004;
const LARGE_FROM = 500;
const LARGE_TO = 3e3;
const PHONE_MODELS = 300;
const MAKERS = 24;
/** Listed beside what anybody has: names that only noise could publish. */
const UNUSED_MODELS = 200;
const UNUSED_MAKERS = 58;
const PLATFORMS = 110;
const USED_PLATFORMS = 18;
const OTHER_KINDS = [
	{
		category: "dect",
		names: 56,
		zipf: 1,
		share: .25,
		most: 3
	},
	{
		category: "ata",
		names: 51,
		zipf: 1,
		share: .3,
		most: 2
	},
	{
		category: "gateway",
		names: 167,
		zipf: .9,
		share: .25,
		most: 2
	},
	{
		category: "headset",
		names: 20,
		zipf: 1,
		share: .15,
		most: 3
	},
	{
		category: "softphone",
		names: 74,
		zipf: 1.1,
		share: .3,
		most: 3
	},
	{
		category: "doorphone",
		names: 83,
		zipf: .9,
		share: .15,
		most: 2
	},
	{
		category: "pci",
		names: 225,
		zipf: 1,
		share: .2,
		most: 2
	},
	{
		category: "nic",
		names: 60,
		zipf: 1,
		share: .95,
		most: 2
	},
	{
		category: "cpu",
		names: 78,
		zipf: .8,
		share: .95,
		most: 1
	},
	{
		category: "memory",
		names: 16,
		zipf: .7,
		share: .95,
		most: 1
	},
	{
		category: "board",
		names: 40,
		zipf: .9,
		share: .5,
		most: 1
	}
];
const makerName = (i) => `Maker ${i + 1}`;
const platformName = (i) => `System ${i + 1}`;
const otherName = (category, i) => ({
	category,
	vendor: `Vendor ${i % 17 + 1}`,
	model: `${category} ${i + 1}`
});
/** The leading makers have most models, popular and rare ones. */
function phoneModels() {
	const random = new Random(7, 7);
	const makers = new Shares(MAKERS, 1);
	return Array.from({ length: PHONE_MODELS }, (_, i) => ({
		vendor: makerName(i < MAKERS ? i : makers.draw(random)),
		model: `Phone ${i + 1}`
	}));
}
/** The public list of the fleet's period. */
function heavyNames() {
	const phones = phoneModels().map((phone) => ({
		category: "phone",
		...phone
	}));
	const unused = Array.from({ length: UNUSED_MODELS }, (_, i) => ({
		category: "phone",
		vendor: makerName(MAKERS + i % UNUSED_MAKERS),
		model: `Unused ${i + 1}`
	}));
	const others = OTHER_KINDS.flatMap(({ category, names }) => Array.from({ length: names }, (_, i) => otherName(category, i)));
	return {
		platforms: Array.from({ length: PLATFORMS }, (_, i) => platformName(i)),
		models: [
			...phones,
			...unused,
			...others
		].filter(({ category }) => CATEGORIES.includes(category))
	};
}
/** The sites of a fleet with heavy tails, one after the other: the same options give the same sites. */
function* heavyFleet({ sites, seed, zipf, period }) {
	const phones = phoneModels();
	const shares = {
		phones: new Shares(PHONE_MODELS, zipf),
		platforms: new Shares(USED_PLATFORMS, 1)
	};
	const otherKinds = OTHER_KINDS.map((kind) => ({
		kind,
		shares: new Shares(kind.names, kind.zipf)
	}));
	for (let id = 0; id < sites; id++) {
		const random = new Random(seed, id, 99);
		const count = phonesOf(random);
		const kinds = Math.min(random.int(1, 2) + Math.floor(Math.log10(count + 1)), count);
		const owned = /* @__PURE__ */ new Map();
		const others = random.chance(.55) ? [] : random.split(Math.floor(count * .4 * random.unit()), random.int(1, 3));
		const most = count - others.reduce((sum, part) => sum + part, 0);
		for (const part of [...random.split(most, kinds), ...others]) {
			const which = shares.phones.draw(random);
			owned.set(which, (owned.get(which) ?? 0) + part);
		}
		const models = [...owned].map(([which, n]) => {
			return {
				view: "model",
				category: "phone",
				...phones[which],
				count: n
			};
		});
		for (const { kind, shares: own } of otherKinds) {
			if (!random.chance(kind.share)) continue;
			const chosen = new Set(Array.from({ length: random.int(1, kind.most) }, () => own.draw(random)));
			for (const i of chosen) models.push({
				view: "model",
				...otherName(kind.category, i),
				count: random.int(1, 4)
			});
		}
		const platform = platformName(shares.platforms.draw(random));
		yield {
			token: random.token(),
			period,
			sequence: 1,
			platform,
			models,
			withdraw: false
		};
	}
}
function phonesOf(random) {
	if (random.chance(LARGE_SITES)) return Math.round(LARGE_FROM * (LARGE_TO / LARGE_FROM) ** random.unit());
	return Math.min(LARGE_FROM, Math.max(1, Math.round(random.logNormal(MEDIAN_PHONES, PHONES_SIGMA))));
}
/** Numbers from 0, the lower the likelier: Zipf's law. */
var Shares = class {
	#upTo;
	constructor(names, exponent) {
		this.#upTo = new Float64Array(names);
		let sum = 0;
		for (let i = 0; i < names; i++) this.#upTo[i] = sum += (i + 1) ** -exponent;
	}
	draw(random) {
		const at = random.unit() * (this.#upTo.at(-1) ?? 0);
		let [low, high] = [0, this.#upTo.length - 1];
		while (low < high) {
			const middle = low + high >> 1;
			if (this.#upTo[middle] < at) low = middle + 1;
			else high = middle;
		}
		return low;
	}
};
// bench/old-releases.ts
const MOST_MODELS = 8;
const MOST_PHONES = 50;
const SITES_VARIANCE = 64;
const PHONES_VARIANCE = 16e4;
var OldSums = class {
	#cells = /* @__PURE__ */ new Map();
	#sites = 0;
	add({ models }) {
		this.#sites++;
		const phones = models.filter(({ category }) => category === "phone");
		for (const { vendor, model, count } of phones.toSorted((a, b) => b.count - a.count).slice(0, MOST_MODELS)) {
			const key = `${vendor}|${model}`;
			const known = this.#cells.get(key) ?? {
				sites: 0,
				phones: 0
			};
			this.#cells.set(key, {
				sites: known.sites + 1,
				phones: known.phones + Math.min(count, MOST_PHONES)
			});
		}
	}
	release(random) {
		const sites = /* @__PURE__ */ new Map();
		const phones = /* @__PURE__ */ new Map();
		const makers = /* @__PURE__ */ new Map();
		for (const [key, exact] of this.#sites < 1e3 ? [] : this.#cells) {
			const noised = exact.sites + gaussian(SITES_VARIANCE, random);
			const noisedPhones = exact.phones + gaussian(PHONES_VARIANCE, random);
			if (exact.sites < 10 || noised < 10 + 6 * Math.sqrt(SITES_VARIANCE)) continue;
			sites.set(key, {
				value: 5 * Math.round(noised / 5),
				margin: marginOf(SITES_VARIANCE, 5, 1)
			});
			if (noisedPhones < 4 * Math.sqrt(PHONES_VARIANCE)) continue;
			const number = {
				value: 50 * Math.round(noisedPhones / 50),
				margin: marginOf(PHONES_VARIANCE, 50, 1)
			};
			phones.set(key, number);
			const vendor = key.slice(0, key.indexOf("|"));
			makers.set(vendor, [...makers.get(vendor) ?? [], number]);
		}
		const sum = (numbers) => ({
			value: numbers.reduce((total, { value }) => total + value, 0),
			margin: marginOf(PHONES_VARIANCE, 50, numbers.length)
		});
		return {
			sites,
			phones,
			vendors: new Map([...makers].map(([vendor, numbers]) => [vendor, sum(numbers)])),
			total: phones.size === 0 ? null : sum([...phones.values()])
		};
	}
};
function marginOf(variance, step, terms) {
	return Math.ceil(1.96 * Math.sqrt(variance * terms) + terms * step / 2);
}
/** Continuous: what the whole-number sampler does is tested elsewhere, and this is only to compare with. */
function gaussian(variance, random) {
	const radius = Math.sqrt(-2 * Math.log(1 - random.unit()));
	return Math.round(Math.sqrt(variance) * radius * Math.cos(2 * Math.PI * random.unit()));
}
// bench/release-fleets.ts
const PERIOD = parsePeriod("2026-11");
const LISTED = listedCells(heavyNames());
/** Every site reports once, so that nothing has to be told apart by keys: each slot is one more. */
function countFleet(sites, zipf, seed) {
	const cap = nextCap(24, sites);
	const cells = /* @__PURE__ */ new Map();
	const makers = /* @__PURE__ */ new Map();
	const phones = /* @__PURE__ */ new Map();
	const haveIt = /* @__PURE__ */ new Map();
	const old = new OldSums();
	let atCap = 0;
	const add = (map, key, n) => map.set(key, (map.get(key) ?? 0) + n);
	for (const site of heavyFleet({
		sites,
		seed,
		zipf,
		period: PERIOD
	})) {
		old.add(site);
		for (const { category, vendor, model, count } of site.models) {
			if (category !== "phone") continue;
			for (const key of [
				`${vendor}|${model}`,
				vendor,
				""
			]) add(phones, key, count);
			add(haveIt, `${vendor}|${model}`, 1);
		}
		for (const slot of slotsOf(site, cap)) {
			const key = [
				slot.lane,
				slot.platform,
				slot.category,
				slot.vendor,
				slot.model
			].join("|");
			const known = cells.get(key);
			if (known) {
				known.sites++;
				known.amount += slot.amount;
			} else cells.set(key, {
				slot,
				sites: 1,
				amount: slot.amount
			});
			if (slot.lane === "makers") add(makers, slot.vendor, 1);
			if (slot.lane === "phones" && slot.amount === cap) atCap++;
		}
	}
	return {
		sites,
		cap,
		sums: sumsOf({
			all: sites,
			atCap,
			cells: [...cells.values()].map(({ slot, sites, amount }) => ({
				...slot,
				sites,
				amount
			})),
			makers: [...makers].map(([vendor, sites]) => ({
				vendor,
				sites
			}))
		}, LISTED),
		old,
		phones,
		haveIt
	};
}
/** One draw of a fleet's noise. */
function drawNoise({ cap }, sums, word) {
	const key = {
		key: hash("sha256", `key ${word}`),
		digest: hash("sha256", `digest ${word}`)
	};
	return {
		profile: "noised",
		cap,
		threshold: 10,
		cells: noiseListed({
			period: PERIOD,
			profile: "noised",
			key,
			cap,
			listed: LISTED,
			sums
		}).map((cell) => ({
			...cell,
			held: null
		}))
	};
}
/** As the month after the one whose phones for a site are given. */
function publishDraw(period, before) {
	return publish({
		period,
		approved: () => true,
		before
	});
}
// bench/release-coverage.ts
const SEED = Number(process.argv[2] ?? 4711);
const DRAWS = Number(process.argv[3] ?? 12);
const FLEETS = process.argv.length > 4 ? process.argv.slice(4).map(Number) : [
	300,
	1e3,
	2e3,
	5e3,
	2e4,
	1e5
];
const TAILS = [
	.8,
	1,
	1.2
];
/** Errors of printed numbers, each with whether its margin holds the truth. */
var Errors = class {
	#of = [];
	add(value, margin, truth) {
		this.#of.push({
			off: Math.abs(value - truth),
			truth,
			held: Math.abs(value - truth) <= margin
		});
	}
	get count() {
		return this.#of.length;
	}
	get within() {
		return this.#of.filter(({ held }) => held).length / this.#of.length;
	}
	toString() {
		if (this.#of.length === 0) return "-";
		return `${(median(this.#of.map(({ off, truth }) => off / Math.max(1, truth))) * 100).toFixed(1)} %, ${(this.within * 100).toFixed(1)} %`;
	}
};
const nothing = () => ({
	models: [],
	covered: [],
	sites: new Errors(),
	phones: new Errors(),
	vendors: new Errors(),
	total: new Errors()
});
/** Within margin by query, over every fleet: what the issue asks 94 % of. */
const pooled = /* @__PURE__ */ new Map();
function measureNew(fleet, draws) {
	const found = nothing();
	const truth = new Map(fleet.sums.map((sum) => [cellKey(sum), sum]));
	let before;
	for (const period of draws) {
		const published = publishDraw(period, before);
		before = {
			period,
			published
		};
		const models = published.cells.filter(({ query }) => query === "phone_model");
		found.models.push(models.length);
		found.covered.push(coveredBy(models.map(({ vendor, model }) => `${vendor}|${model}`), fleet));
		for (const cell of published.cells) {
			const exact = truth.get(cellKey(cell)) ?? {
				sites: 0,
				phones: 0
			};
			errorsOf(`${fleet.sites} ${cell.query}`).add(cell.sites, cell.sitesMargin, exact.sites);
			if (cell.query !== "all" && cell.query !== "at_cap") found.sites.add(cell.sites, cell.sitesMargin, exact.sites);
			if (cell.phones === null || cell.phonesMargin === null) continue;
			errorsOf(`${fleet.sites} ${cell.query} phones`).add(cell.phones, cell.phonesMargin, exact.phones);
			byQuery(found, cell.query).add(cell.phones, cell.phonesMargin, exact.phones);
		}
	}
	return found;
}
function errorsOf(name) {
	const errors = pooled.get(name) ?? new Errors();
	pooled.set(name, errors);
	return errors;
}
function byQuery({ phones, vendors, total }, query) {
	return query === "all" ? total : query === "phone_vendor" ? vendors : phones;
}
function coveredBy(models, { haveIt }) {
	const sum = (keys) => [...keys].reduce((total, key) => total + (haveIt.get(key) ?? 0), 0);
	return sum(models) / sum(haveIt.keys());
}
function measureOld(fleet) {
	const found = nothing();
	for (let draw = 0; draw < DRAWS; draw++) {
		const release = fleet.old.release(new Random(SEED, fleet.sites, draw));
		found.models.push(release.sites.size);
		found.covered.push(coveredBy([...release.sites.keys()], fleet));
		for (const [key, { value, margin }] of release.sites) found.sites.add(value, margin, fleet.haveIt.get(key) ?? 0);
		for (const [key, { value, margin }] of release.phones) found.phones.add(value, margin, fleet.phones.get(key) ?? 0);
		for (const [key, { value, margin }] of release.vendors) found.vendors.add(value, margin, fleet.phones.get(key) ?? 0);
		if (release.total) found.total.add(release.total.value, release.total.margin, fleet.phones.get("") ?? 0);
	}
	return found;
}
/** Share of the cells that move in a mixed month, and by how much. */
const MOVING = .1;
/** Pairs of months: of one fleet twice, and of one in which a tenth of the cells moved by a fifth. */
function measureArrows(fleet, draws) {
	const counts = {
		still: 0,
		months: 0,
		arrows: 0,
		wrong: 0,
		moved: 0,
		found: 0
	};
	for (let i = 0; i + 1 < draws.length; i += 2) {
		const before = draws[i];
		const { sites, phones } = arrowsBetween(before, draws[i + 1]);
		counts.months++;
		if (sites.size + phones.size > 0) counts.still++;
		const { sums, moving } = movedSums(fleet, i);
		const mixed = arrowsBetween(before, drawNoise(fleet, sums, `mixed ${SEED} ${fleet.sites} ${i}`));
		for (const [key, direction] of mixed.sites) {
			counts.arrows++;
			if (moving.get(key)?.direction !== direction) counts.wrong++;
		}
		for (const [key, { sites: of }] of moving) {
			if (!key.startsWith("[\"phone_model\"") || of < 180 || of > 220) continue;
			counts.moved++;
			if (mixed.sites.has(key)) counts.found++;
		}
	}
	return counts;
}
function movedSums({ sums }, draw) {
	const moving = /* @__PURE__ */ new Map();
	return {
		sums: sums.map((sum) => {
			const word = hash("sha256", `${SEED} ${draw} ${cellKey(sum)}`);
			const chance = Number.parseInt(word.slice(0, 8), 16) / 2 ** 32;
			if (chance >= MOVING || sum.query === "all" || sum.sites < 20) return sum;
			const up = chance < MOVING / 2;
			moving.set(cellKey(sum), {
				direction: up ? "up" : "down",
				sites: sum.sites
			});
			return {
				...sum,
				sites: Math.round(sum.sites * (up ? 1.2 : .8))
			};
		}),
		moving
	};
}
function row(fleet, tail, name, measured) {
	const { models, covered, sites, phones, vendors, total } = measured;
	return `| ${[...[
		fleet.sites.toLocaleString("en"),
		String(tail),
		name,
		`${median(models)} of ${fleet.haveIt.size}`
	], ...[
		`${(median(covered) * 100).toFixed(1)} %`,
		String(sites),
		String(phones),
		String(vendors),
		String(total)
	]].join(" | ")} |`;
}
const HEADINGS = [
	"sites",
	"tail",
	"releases",
	"phone models",
	"site-model pairs",
	"sites",
	"phones by model",
	"by maker",
	"all phones"
];
print("Error (median) and share within margin, of what each label names.\n");
print(`| ${HEADINGS.join(" | ")} |`);
print(`|${" --- |".repeat(HEADINGS.length)}`);
const arrows = [];
const all = {
	still: 0,
	months: 0,
	arrows: 0,
	wrong: 0,
	moved: 0,
	found: 0
};
for (const sites of FLEETS) for (const tail of TAILS) {
	const fleet = countFleet(sites, tail, SEED);
	const draws = Array.from({ length: DRAWS }, (_, i) => drawNoise(fleet, fleet.sums, `${SEED} ${sites} ${tail} ${i}`));
	print(row(fleet, tail, "before", measureOld(fleet)));
	print(row(fleet, tail, `cap ${fleet.cap}`, measureNew(fleet, draws)));
	const counts = measureArrows(fleet, draws);
	for (const key of Object.keys(all)) all[key] += counts[key];
	arrows.push(`${sites} ${tail}: ${JSON.stringify(counts)}`);
}
print(`\nArrows: ${JSON.stringify(all)}\n${arrows.join("\n")}\n`);
for (const [name, errors] of pooled) print(`${name}: ${errors.count} numbers, ${errors}`);
export {};
