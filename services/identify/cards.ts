import type * as z from 'zod';
import type { Card, CardFile } from '../../schemas/catalog.ts';
import type { Identity } from './identity.ts';
import { identityOf } from './listed.ts';
import { nameOf } from './name.ts';
import type { Names } from './names.ts';
import { type PciText, parsePci } from './pci-text.ts';
import type { Match, RuleSet } from './rules.ts';
import type { Shape } from './shape.ts';
import { BAD_NAME, EMPTY, NOT_A_DEVICE, proposed } from './unlisted.ts';
import type { Vendors } from './vendors.ts';

interface CardRules {
  readonly pci: RuleSet;
  readonly nic: RuleSet;
}

const UNKNOWN_DEVICE = / (?:unknown )?device ([0-9a-f]{4})$/i;
/** What `lspci -nn` prints before the number of such a device. */
const UNNAMED = /^device$/i;

/** Whether the device of a card is one of two: `TE205P/TE207P`. What a subsystem names is one. */
function isEither({ id, model }: Card): boolean {
  return model.includes('/') && !id.includes('/');
}

/** A label decides where the ids name nothing, or one of two cards. */
function saysMore({ vendor, model }: Card, named: Match): boolean {
  return model === '' || (vendor === named.vendor && model.split('/').includes(named.model));
}

/** Words of a label that no listed card has. */
const UNKNOWN_WORDS = 1;

/**
 * Telephony and network cards. Hex ids decide; labels drift between editions of pci.ids and are only read where no id
 * is known. Telephony goes by vendor id before class, because the class lies (a TE121 is an "Ethernet controller").
 */
export class Cards {
  private readonly byId: ReadonlyMap<string, Card>;
  private readonly telephony: ReadonlyMap<string, string>;
  /** Who makes nothing but telephony cards. */
  private readonly makers: ReadonlySet<string>;
  /** The vendor ids under which a maker's cards are known. */
  private readonly idsOf = new Map<string, Set<string>>();
  private readonly vendors: Vendors;
  private readonly rules: CardRules;
  private readonly names: Names;
  private readonly shape: Shape;

  constructor(
    pci: z.infer<typeof CardFile>,
    vendors: Vendors,
    rules: CardRules,
    { names, shape, period }: { readonly names: Names; readonly shape: Shape; readonly period: string },
  ) {
    this.byId = new Map(pci.cards.filter((card) => card.since <= period).map((card) => [card.id, card]));
    this.telephony = new Map(Object.entries(pci.telephony));
    this.makers = new Set(this.telephony.values());
    for (const { id, vendor } of this.byId.values())
      this.idsOf.set(vendor, (this.idsOf.get(vendor) ?? new Set()).add(id.slice(0, 4)));
    this.vendors = vendors;
    this.rules = rules;
    this.names = names;
    this.shape = shape;
  }

  raw(text: string): Identity {
    const read = parsePci(text);
    const made = once(() => this.splitMaker(read));
    const pci = this.withDevice(read, made);
    if (pci.vendor === undefined && pci.label === '') return EMPTY;
    const card = this.lookUp(pci);
    if (!card) return this.telephonyLabel(pci, made) ?? this.network(pci, made);
    const named = card.model === '' || isEither(card) ? this.byLabel(pci, made) : undefined;
    if (named && saysMore(card, named)) return identityOf(named, this.names, 'pci');
    if (card.model === '') return BAD_NAME;
    return { kind: 'listed', category: card.category, vendor: nameOf(card.vendor), model: nameOf(card.model) };
  }

  /** `Digium, Inc. Device 0810`: lspci prints the number of a device that its list does not hold. */
  private withDevice(pci: PciText, made: () => Made): PciText {
    const [, device] = pci.vendor === undefined ? (UNKNOWN_DEVICE.exec(pci.label) ?? []) : [];
    if (device === undefined) return pci;
    for (const vendor of this.idsOf.get(made().vendor ?? '') ?? [])
      if (this.byId.has(`${vendor}:${device.toLowerCase()}`)) return { ...pci, vendor, device: device.toLowerCase() };
    return pci;
  }

  /** The order of dahdi: with subvendor and subdevice, with subvendor, by itself; then any device of the vendor. */
  private lookUp({ usb, vendor, device, subvendor, subdevice }: PciText): Card | undefined {
    if (vendor === undefined) return undefined;
    const prefix = usb ? `usb ${vendor}` : vendor;
    const id = `${prefix}:${device}`;
    return (
      this.byId.get(`${id}/${subvendor}:${subdevice}`) ??
      this.byId.get(`${id}/${subvendor}`) ??
      this.byId.get(`${prefix}:*/${subvendor}`) ??
      this.byId.get(id) ??
      // The last digit of an Astribank's product id is the state of its firmware.
      (vendor === 'e4e4' && device ? this.byId.get(`usb e4e4:${device.slice(0, 3)}0`) : undefined)
    );
  }

  private telephonyLabel(pci: PciText, made: () => Made): Identity | undefined {
    const maker = pci.vendor === undefined ? undefined : this.telephony.get(pci.vendor);
    const found = maker === undefined ? this.byLabel(pci, made) : this.rules.pci.match(pci.label, maker);
    if (found) return identityOf(found, this.names, 'pci');
    const { vendor, label } = made();
    if (maker === undefined && vendor !== undefined && !this.makers.has(vendor)) return this.listedLabel(made());
    const owner = maker ?? vendor;
    if (owner === undefined) return undefined;
    const own = owner === vendor ? label : pci.label;
    return this.propose('pci', owner, UNNAMED.test(own) && pci.device ? `Device ${pci.device}` : own);
  }

  /** A label that is a listed telephony card's name, whatever its class says. */
  private listedLabel({ vendor, label }: Made): Identity | undefined {
    if (vendor === undefined || !this.names.has('pci', vendor)) return undefined;
    const known = this.names.find('pci', vendor, nameBefore(label));
    return known?.category === 'pci' ? known : undefined;
  }

  private propose(category: 'pci' | 'nic', vendor: string, label: string): Identity {
    const name = nameBefore(label);
    const known = this.names.find(category, vendor, name);
    return known ?? proposed(category, vendor, name, this.shape, { unknown: UNKNOWN_WORDS, alone: true });
  }

  private byLabel({ vendorLabel, label }: PciText, made: () => Made): Match | undefined {
    const whole = vendorLabel === '' ? label : `${vendorLabel} ${label}`;
    const found = this.rules.pci.match(whole);
    if (found) return found;
    const split = made();
    if (split.vendor === undefined) return whole === label ? undefined : this.rules.pci.match(label);
    const named = `${split.vendor} ${split.label}`;
    return (
      this.rules.pci.match(split.label, split.vendor) ?? (named === whole ? undefined : this.rules.pci.match(named))
    );
  }

  private network(pci: PciText, made: () => Made): Identity {
    if (pci.deviceClass !== '' && !/^02|ethernet|network/i.test(pci.deviceClass)) return NOT_A_DEVICE;
    const { vendor, label } = made();
    const found = vendor === undefined ? undefined : this.rules.nic.match(label, vendor);
    if (found) return identityOf(found, this.names, 'nic');
    if (pci.deviceClass === '' && !/ethernet|network|gigabit|[0-9]gb|wi-?fi|wireless/i.test(label)) return NOT_A_DEVICE;
    return vendor === undefined ? BAD_NAME : this.propose('nic', vendor, label);
  }

  /** The maker by its label, or by the words in front of the label where a tool prints both in one. */
  private splitMaker({ vendorLabel, label }: PciText): Made {
    if (vendorLabel !== '') return { vendor: this.vendors.find(vendorLabel), label };
    const split = this.vendors.split(label);
    return split ? { vendor: split.vendor, label: split.rest } : { vendor: undefined, label };
  }

  /** A line's vendor and model: the names that {@link raw} gives, or a label. */
  line(vendorText: string, model: string): Identity | undefined {
    const named = this.vendors.find(vendorText);
    const { vendor, label } =
      named === undefined && vendorText === ''
        ? this.splitMaker({ ...NOTHING, label: model })
        : { vendor: named, label: model };
    const known = this.names.find('pci', vendor ?? vendorText, nameOf(label));
    if (known) return known;
    const text = `${vendorText} ${model}`.trim();
    const card = this.rules.pci.match(text) ?? (vendor === undefined ? undefined : this.rules.pci.match(label, vendor));
    if (card) return identityOf(card, this.names, 'pci');
    if (vendor === undefined) return undefined;
    const nic = this.rules.nic.match(label, vendor);
    return nic ? identityOf(nic, this.names, 'nic') : undefined;
  }
}

/** A card's maker, as far as it is known, and its label without the maker. */
interface Made {
  readonly vendor: string | undefined;
  readonly label: string;
}

/** Worked out when it is asked for, and then no more. */
function once<T extends object>(work: () => T): () => T {
  let done: T | undefined;
  return () => (done ??= work());
}

/** What stands before a comment. */
function nameBefore(label: string): string {
  const comment = label.search(/[[("]/);
  return (comment < 0 ? label : label.slice(0, comment)).trim();
}

const NOTHING: PciText = {
  usb: false,
  vendor: undefined,
  device: undefined,
  subvendor: undefined,
  subdevice: undefined,
  deviceClass: '',
  vendorLabel: '',
  label: '',
};
