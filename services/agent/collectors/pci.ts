import type { Category } from '../../../schemas/report.ts';
import { describeFailure } from '../../shared/failure.ts';
import type { MachineFiles } from '../files.ts';
import type { Collector, RawCandidate, Reading } from '../reading.ts';
import { knownCard } from './known-cards.ts';
import { type Labels, readLabels } from './pci-ids.ts';

const DEVICES = '/sys/bus/pci/devices';

/** Makers of telephony cards: whatever class their cards claim (DOMAIN: "class lies"). */
const TELEPHONY_VENDORS = new Set([
  'd161', // Digium
  '1923', // Sangoma
  'e159', // Tiger Jet: TDM400P, TE110P, X101P and their clones
  '1397', // Cologne Chip: Junghanns, beroNet, OpenVox
  '1b74', // OpenVox
  '0b0b', // Rhino
  '1133', // Eicon, Dialogic Diva
  '12c7', // Dialogic
]);

/** Telephony cards under the id of somebody else's chip. */
const TELEPHONY_DEVICES = new Set([
  '10ee:0205',
  '10ee:0210',
  '10ee:0314',
  '10ee:0405',
  '10ee:0410',
  '10ee:1004',
  '1057:5608',
  '10b5:0557',
  '10b5:4000',
  '10b5:d00d',
  '10b5:d33d',
  '10b5:d44d',
]);

interface PciFunction {
  readonly id: string;
  /** Empty when the card names none. */
  readonly subsystem: string;
  /** Six hex digits: class, subclass, interface. */
  readonly classCode: string;
  readonly category: Category;
}

/**
 * Telephony cards and network cards; a bridge, a disk or a screen is not ours to count. A card counts once however many
 * functions (ports) it has. A network card is known by its ids: its address is never read.
 */
export const pci: Collector = ({ files, problem, container }) => {
  // The host's cards: three containers on one host would make three of each.
  if (container) return [];
  const cards = new Map<string, PciFunction>();
  for (const address of files.list(DEVICES)) {
    try {
      const card = readFunction(files, address);
      if (card) cards.set(`${address.replace(/\.[0-7]$/, '')} ${card.id} ${card.subsystem}`, card);
    } catch (thrown) {
      problem(describeFailure(thrown).code ?? 'failed');
    }
  }
  const labels = readLabels(files, [...cards.values()], problem);
  return [...cards.values()].map(
    (card): Reading => ({ count: 1, candidates: candidatesOf(card, labels), shown: shownOf(card, labels) }),
  );
};

function readFunction(files: MachineFiles, address: string): PciFunction | undefined {
  const at = `${DEVICES}/${address}`;
  // A virtual function of a card that is counted itself.
  if (files.exists(`${at}/physfn`)) return undefined;
  const hex = (name: string) => files.text(`${at}/${name}`).trim().toLowerCase().replace(/^0x/, '');
  const id = `${hex('vendor')}:${hex('device')}`;
  const classCode = hex('class');
  const category = categoryOf(id, classCode);
  if (category === undefined) return undefined;
  const subsystem = `${hex('subsystem_vendor')}:${hex('subsystem_device')}`;
  return { id, subsystem: /^(?:0000:0000|ffff:ffff)$/.test(subsystem) ? '' : subsystem, classCode, category };
}

/** What is counted of a function with this id and class; undefined when nothing is. */
export function categoryOf(id: string, classCode: string): Category | undefined {
  if (TELEPHONY_DEVICES.has(id)) return 'pci';
  if (classCode.startsWith('0604')) return undefined;
  if (TELEPHONY_VENDORS.has(id.slice(0, 4))) return 'pci';
  return classCode.startsWith('02') ? 'nic' : undefined;
}

/**
 * `8086:1533 "Intel Corporation" "I210 ..."`, in front of it for a telephony card with its subsystem, which names the
 * model, and behind it for a network card as lspci -mm prints it: with the class, for labels that do not say what they are.
 */
function candidatesOf({ id, subsystem, classCode, category }: PciFunction, labels: Labels): RawCandidate[] {
  const quoted = (...names: (string | undefined)[]) =>
    names.includes(undefined) ? '' : names.map((name) => ` "${name}"`).join('');
  const known = knownCard(id);
  const device = labels.device(id) ?? known?.device;
  const vendor = labels.vendor(id) ?? known?.vendor;
  const forms = [`${id}${quoted(vendor, device)}`];
  if (category === 'pci' && subsystem !== '')
    forms.unshift(`${id} subsys ${subsystem}${quoted(labels.subsystem(id, subsystem)) || quoted(vendor, device)}`);
  if (category === 'nic' && vendor !== undefined && device !== undefined)
    forms.push(machineForm(id, classCode, vendor, device));
  return forms.map((text) => ({ kind: 'pci', text, unlistedAs: category }));
}

function shownOf({ id, subsystem }: PciFunction, labels: Labels): string {
  return [id, subsystem, labels.device(id) ?? knownCard(id)?.device ?? ''].filter((part) => part !== '').join(' ');
}

function machineForm(id: string, classCode: string, vendor: string, device: string): string {
  const kind = classCode.startsWith('0200') ? 'Ethernet controller' : 'Network controller';
  return `00:00.0 "${kind} [${classCode.slice(0, 4)}]" "${vendor} [${id.slice(0, 4)}]" "${device} [${id.slice(5)}]"`;
}
