import type { Category } from '../../schemas/report.ts';
import type { RawKind } from '../identify/identity.ts';
import type { Random } from './random.ts';
import { type Item, item } from './site.ts';

type Weighted = readonly (readonly [text: string, weight: number])[];

/** What is sold together: a CPU of the class, a board, a network card, memory in GiB. */
interface MachineClass {
  readonly weight: number;
  readonly cpus: Weighted;
  readonly boards: Weighted;
  readonly nics: Weighted;
  readonly memoryGiB: readonly number[];
}

const dmi = (maker: string, product: string) => `Manufacturer="${maker}" Product="${product}"`;

const MACHINES: readonly MachineClass[] = [
  {
    weight: 4,
    cpus: [
      ['Intel(R) Celeron(R) CPU  J1900  @ 1.99GHz', 4],
      ['Intel(R) Celeron(R) J4125 CPU @ 2.00GHz', 3],
      ['Intel(R) Atom(TM) CPU D525   @ 1.80GHz', 2],
      ['Intel(R) Celeron(R) CPU  N3150  @ 1.60GHz', 1],
    ],
    boards: [
      [dmi('Intel Corporation', 'D525MW'), 2],
      [dmi('Protectli', 'FW6'), 2],
      [dmi('PC Engines', 'apu4'), 1],
      [dmi('To be filled by O.E.M.', 'To be filled by O.E.M.'), 3],
    ],
    nics: [
      ['10ec:8168 "Realtek Semiconductor Co., Ltd." "RTL8111/8168/8411 PCI Express Gigabit Ethernet Controller"', 5],
      ['8086:1539 "Intel Corporation" "I211 Gigabit Network Connection"', 3],
    ],
    memoryGiB: [2, 4, 4, 8],
  },
  {
    weight: 4,
    cpus: [
      ['Intel(R) Core(TM) i5-6500 CPU @ 3.20GHz', 4],
      ['Intel(R) Core(TM) i3-7100 CPU @ 3.90GHz', 3],
      ['Intel(R) Core(TM) i7-8700 CPU @ 3.20GHz', 2],
      ['AMD Ryzen 5 3600 6-Core Processor', 2],
    ],
    boards: [
      [dmi('ASUSTeK COMPUTER INC.', 'PRIME A320M-K'), 3],
      [dmi('MSI', 'H110M PRO-VD (MS-7996)'), 3],
      [dmi('ASRock', 'B450M Pro4'), 2],
      [dmi('Gigabyte Technology Co., Ltd.', 'H110M-S2H'), 3],
    ],
    nics: [
      ['10ec:8168 "Realtek Semiconductor Co., Ltd." "RTL8111/8168/8411 PCI Express Gigabit Ethernet Controller"', 5],
      ['8086:15b8 "Intel Corporation" "Ethernet Connection (2) I219-V"', 4],
    ],
    memoryGiB: [4, 8, 8, 16],
  },
  {
    weight: 5,
    cpus: [
      ['Intel(R) Xeon(R) CPU E3-1220 v5 @ 3.00GHz', 4],
      ['Intel(R) Xeon(R) CPU E5-2620 v3 @ 2.40GHz', 3],
      ['Intel(R) Xeon(R) CPU           E5450  @ 3.00GHz', 1],
      ['Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz', 3],
    ],
    boards: [
      [dmi('Supermicro', 'X11SSH-F'), 3],
      [dmi('Supermicro', 'X7SPA-HF'), 1],
      [dmi('Dell Inc.', '0KP0FT'), 3],
      [dmi('HP', 'ProLiant DL360 Gen9'), 2],
    ],
    nics: [
      ['14e4:165f "Broadcom Inc. and subsidiaries" "NetXtreme BCM5720 Gigabit Ethernet PCIe"', 4],
      ['8086:1521 "Intel Corporation" "I350 Gigabit Network Connection"', 4],
      ['8086:1533 "Intel Corporation" "I210 Gigabit Network Connection"', 3],
    ],
    memoryGiB: [8, 16, 32, 64],
  },
];

const HYPERVISORS: readonly (readonly [system: string, nic: string, weight: number])[] = [
  [dmi('VMware, Inc.', 'VMware Virtual Platform'), '15ad:07b0 "VMware" "VMXNET3 Ethernet Controller"', 6],
  [dmi('QEMU', 'Standard PC (i440FX + PIIX, 1996)'), '1af4:1000 "Red Hat, Inc." "Virtio network device"', 5],
  [dmi('QEMU', 'Standard PC (Q35 + ICH9, 2009)'), '1af4:1041 "Red Hat, Inc." "Virtio 1.0 network device"', 3],
  [dmi('Microsoft Corporation', 'Virtual Machine'), '', 2],
  [dmi('Amazon EC2', 't3.micro'), '1d0f:ec20 "Amazon.com, Inc." "Elastic Network Adapter (ENA)"', 1],
  [dmi('Xen', 'HVM domU'), '', 1],
];

const TELEPHONY_CARDS: Weighted = [
  ['d161:8005 "Digium, Inc." "Wildcard TDM410 4-port analog card"', 6],
  ['d161:8003 "Digium, Inc." "Wildcard AEX2400 24-port analog card (PCI-Express)"', 1],
  ['d161:8006 "Digium, Inc." "Wildcard AEX410 4-port analog card (PCI-Express)"', 2],
  ['d161:8001 "Digium, Inc." "Wildcard TE122 single-span T1/E1/J1 card"', 2],
  ['d161:1420 "Digium, Inc." "Wildcard TE420 quad-span T1/E1/J1 card 3.3V (PCI-Express) (5th gen)"', 1],
  ['d161:800f "Digium, Inc." "Wildcard A4A 4-port analog card"', 2],
  ['1923:0300 "Sangoma Technologies Corp." "A101 single-port T1/E1"', 3],
  ['1b74:0115 "OpenVox Communication Co. Ltd." "D115P/D115E Single-port E1/T1 card"', 2],
  ['e159:0001 "Tiger Jet Network Inc. / ICP DAS" "Tiger3XX Modem/ISDN interface"', 2],
];

const GIB = 1024 ** 3;
const GUESTS = 0.45;
const CARDS = 0.2;

/** The machine a site's PBX runs on: make-believe in a guest, where the board says nothing. */
export function buyServer(random: Random): Item[] {
  const machine = random.weighted(MACHINES, ({ weight }) => weight);
  const parts = [hardware('cpu', 'cpu', choose(random, machine.cpus)), memory(random.pick(machine.memoryGiB))];
  if (random.chance(GUESTS)) {
    const [system, nic] = random.weighted(HYPERVISORS, ([, , weight]) => weight);
    parts.push(hardware('system', 'virtual', system));
    if (nic !== '') parts.push(hardware('pci', 'nic', nic));
    return parts;
  }
  parts.push(hardware('board', 'board', choose(random, machine.boards)));
  parts.push(hardware('pci', 'nic', choose(random, machine.nics), random.chance(0.3) ? 2 : 1));
  if (random.chance(CARDS))
    parts.push(hardware('pci', 'pci', choose(random, TELEPHONY_CARDS), random.chance(0.1) ? 2 : 1));
  return parts;
}

function memory(gib: number): Item {
  return hardware('memory', 'memory', String(gib * GIB));
}

function hardware(kind: RawKind, category: Category, text: string, count = 1): Item {
  return item({ kind, category, text, make: text }, count);
}

function choose(random: Random, options: Weighted): string {
  return random.weighted(options, ([, weight]) => weight)[0];
}
