/** [name inside the User-Agent, firmware, share within the maker, its change a month as an exponent, month it is sold from] */
export type PhoneModel = readonly [name: string, firmware: string, weight: number, trend: number, since?: number];

export interface PhoneMaker {
  readonly name: string;
  /** Of all sites, in the first month; roughly percent. */
  readonly share: number;
  /** Change of the share a month, as an exponent. */
  readonly trend: number;
  readonly oui: string;
  /** Of its User-Agents; `{model}` and `{fw}` are filled first. Repeated ones are likelier. */
  readonly shapes: readonly string[];
  readonly models: readonly PhoneModel[];
}

/** Shapes as in the wild (DOMAIN.md section 4): provisioning strings with addresses are rarer than SIP ones. */
export const PHONE_MAKERS: readonly PhoneMaker[] = [
  {
    name: 'Yealink',
    share: 34,
    trend: 0.02,
    oui: '805ec0',
    shapes: [
      'Yealink {model} {fw}',
      'Yealink {model} {fw}',
      'Yealink {model} {fw} {mac}',
      'Yealink {model} {fw} {m:c}',
    ],
    models: [
      ['SIP-T46S', '66.86.0.{10-25}', 16, -0.04],
      ['SIP-T42S', '66.86.0.{10-25}', 10, -0.04],
      ['SIP-T46G', '28.83.0.{30-130}', 8, -0.08],
      ['SIP-T46U', '108.86.0.{20-90}', 12, 0.08],
      ['SIP-T43U', '108.86.0.{20-90}', 10, 0.06],
      ['SIP-T33G', '124.86.0.{40-118}', 11, 0.05],
      ['SIP-T31P', '124.86.0.{40-118}', 7, 0.03],
      ['SIP-T54W', '96.86.0.{15-100}', 13, 0.06],
      ['SIP-T53W', '96.86.0.{15-100}', 6, 0.03],
      ['SIP-T57W', '96.86.0.{15-100}', 4, 0.04],
      ['SIP-T21P_E2', '52.84.0.{15-140}', 7, -0.05],
      ['SIP-T23G', '44.84.0.{15-140}', 5, -0.05],
      ['SIP-T19P_E2', '53.84.0.{15-140}', 4, -0.05],
      ['SIP-T58', '58.86.0.{5-60}', 2, 0.01],
    ],
  },
  {
    name: 'Polycom',
    share: 16,
    trend: -0.05,
    oui: '0004f2',
    shapes: [
      'PolycomVVX-{model}-UA/{fw}',
      'PolycomVVX-{model}-UA/{fw}',
      'FileTransport PolycomVVX-{model}-UA/{fw}_{mac}',
    ],
    models: [
      ['VVX_450', '6.{3-4}.{0-5}.{1000-9999}', 12, 0.02],
      ['VVX_250', '6.{3-4}.{0-5}.{1000-9999}', 9, 0.02],
      ['VVX_350', '6.{3-4}.{0-5}.{1000-9999}', 5, 0.01],
      ['VVX_411', '5.9.{0-7}.{1000-9999}', 10, -0.04],
      ['VVX_410', '5.9.{0-7}.{1000-9999}', 6, -0.06],
      ['VVX_311', '5.9.{0-7}.{1000-9999}', 6, -0.05],
      ['VVX_300', '5.8.{0-5}.{1000-9999}', 3, -0.08],
      ['VVX_601', '5.9.{0-7}.{1000-9999}', 4, -0.02],
    ],
  },
  {
    name: 'Poly Edge',
    share: 3,
    trend: 0.14,
    oui: '482567',
    shapes: ['PolyEdge-{model}-UA/{fw}', 'PolyEdge-{model}-UA/{fw}_{mac}'],
    models: [
      ['Edge_E350', '8.{0-2}.{0-3}.{100-4999}', 4, 0.03],
      ['Edge_E220', '8.{0-2}.{0-3}.{100-4999}', 3, 0],
      ['Edge_E450', '8.{0-2}.{0-3}.{100-4999}', 3, 0],
    ],
  },
  {
    name: 'SoundPoint',
    share: 3,
    trend: -0.12,
    oui: '0004f2',
    shapes: ['PolycomSoundPointIP-{model}-UA/{fw}', 'FileTransport PolycomSoundPointIP-{model}-UA/{fw}'],
    models: [
      ['SPIP_335', '4.0.{4-15}.{1000-1900}', 3, 0],
      ['SPIP_550', '4.0.{4-15}.{1000-1900}', 2, 0],
      ['SPIP_650', '4.0.{4-15}.{1000-1900}', 1, 0],
    ],
  },
  {
    name: 'Grandstream',
    share: 13,
    trend: 0.02,
    oui: '000b82',
    shapes: [
      'Grandstream {model} {fw}',
      'Grandstream {model} {fw}',
      'Grandstream Model HW {model} SW {fw} DevId {mac}',
    ],
    models: [
      ['GXP2170', '1.0.{9-11}.{10-90}', 9, -0.02],
      ['GXP2135', '1.0.{9-11}.{10-130}', 7, -0.02],
      ['GXP1625', '1.0.{4-7}.{10-130}', 8, -0.03],
      ['GXP1628', '1.0.{4-7}.{10-130}', 5, -0.03],
      ['GXP1405', '1.0.{4-8}.{4-25}', 3, -0.1],
      ['GRP2612', '1.0.{5-13}.{10-90}', 6, 0.08],
      ['GRP2614', '1.0.{5-13}.{10-90}', 6, 0.08],
    ],
  },
  {
    name: 'Cisco SPA',
    share: 9,
    trend: -0.08,
    oui: '0002fd',
    shapes: ['Cisco/{model}-{fw}', 'Cisco/{model}-{fw}', 'Cisco/{model}-{fw} ({MAC})(CBT{10000000-99999999}9)'],
    models: [
      ['SPA504G', '7.{4-6}.{1-9}', 8, 0],
      ['SPA508G', '7.{4-6}.{1-9}', 3, 0],
      ['SPA525G2', '7.{4-6}.{1-9}', 4, 0],
      ['SPA303', '7.{4-6}.{1-9}', 4, 0],
      ['SPA502G', '7.{4-6}.{1-9}', 2, 0],
    ],
  },
  {
    name: 'Cisco CP',
    share: 5,
    trend: 0,
    oui: 'a0239f',
    shapes: ['Cisco-CP-{model}-3PCC/{fw}', 'Cisco-CP-{model}-3PCC/{fw}_{mac}'],
    models: [
      ['8841', '{11-12}.{0-3}.{1-7}', 4, 0],
      ['8851', '{11-12}.{0-3}.{1-7}', 4, 0],
      ['7841', '{11-12}.{0-3}.{1-7}', 3, -0.02],
      ['6841', '{11-12}.{0-3}.{1-7}', 1, 0.02],
    ],
  },
  {
    name: 'Snom',
    share: 7,
    trend: -0.01,
    oui: '000413',
    shapes: [
      'snom{model}/{fw}',
      'snom{model}/{fw}',
      'Mozilla/4.0 (compatible; snom{model}-SIP {fw} 2010.12 {MAC} SXM:0 UXM:0)',
    ],
    models: [
      ['D785', '10.1.{54-198}.{11-20}', 4, 0.04],
      ['D717', '10.1.{54-198}.{11-20}', 4, 0.05],
      ['D385', '10.1.{54-198}.{11-20}', 2, 0.02],
      ['D345', '10.1.{54-198}.{11-20}', 2, 0],
      ['D120', '10.1.{39-54}.{11-15}', 2, 0.02],
      ['370', '8.7.5.{13-48}', 2, -0.12],
      ['821', '8.7.5.{13-48}', 1, -0.12],
    ],
  },
  {
    name: 'Fanvil',
    share: 6,
    trend: 0.06,
    oui: '0c383e',
    shapes: ['Fanvil {model} {fw}', 'Fanvil {model} {fw} {mac}'],
    models: [
      ['X3S', '2.{4-14}.{0-10}', 5, -0.03],
      ['X4', '2.{10-12}.{2-9}.{6000-7900}', 4, -0.02],
      ['X5U', '2.{4-12}.{0-10}', 4, 0.02],
      ['X6U', '2.{4-12}.{0-10}', 2, 0.02],
      ['X4U', '2.{4-12}.{0-10}', 3, 0.03],
      ['V64', '2.{4-12}.{0-10}', 1, 0.1],
    ],
  },
  {
    name: 'Sangoma',
    share: 5,
    trend: 0.01,
    oui: '000fd3',
    shapes: ['Sangoma {model} {fw}', 'Sangoma {model} {fw} {MAC}'],
    models: [
      ['S500', 'V2.0.4.{30-90}', 3, -0.06],
      ['S305', 'V3.0.4.{30-90}', 4, -0.03],
      ['S705', 'V3.0.4.{30-90}', 3, -0.03],
      ['P330', '4_{20-30}_{0-9}', 4, 0.08],
      ['P320', '4_{20-30}_{0-9}', 3, 0.08],
    ],
  },
  {
    name: 'Digium',
    share: 2,
    trend: -0.1,
    oui: '000fd3',
    shapes: ['Digium {model} {fw}'],
    models: [
      ['D65', '2_{6-9}_{0-19}', 2, 0],
      ['D40', '1_4_{0-6}_{0-9}_{50000-59999}', 2, 0],
    ],
  },
  {
    name: 'Mitel',
    share: 3,
    trend: -0.02,
    oui: '1400e9',
    shapes: ['Mitel {model}/{fw}', 'Mitel{model} MAC:{M-C} V:{fw}-SIP'],
    models: [
      ['6930', '6.{2-4}.0.{100-999}', 3, 0.02],
      ['6940', '6.{2-4}.0.{100-999}', 2, 0],
      ['6920', '6.{2-4}.0.{100-999}', 3, 0.02],
    ],
  },
  {
    name: 'Aastra',
    share: 4,
    trend: -0.1,
    oui: '00085d',
    shapes: ['Aastra {model}/{fw}', 'Aastra{model} MAC:{M-C} V:{fw}-SIP'],
    models: [
      ['6867i', '4.{2-5}.0.{10-99}', 4, 0],
      ['6731i', '3.{2-3}.1.{1000-4999}', 3, -0.05],
      ['6757i', '3.{2-3}.1.{1000-4999}', 2, -0.05],
      ['6865i', '4.{2-5}.0.{10-99}', 2, 0],
    ],
  },
  {
    name: 'Htek',
    share: 1.5,
    trend: 0.02,
    oui: '001fc1',
    shapes: ['Htek {model} {fw}', 'Htek {model} {fw} {m:c}'],
    models: [
      ['UC924E', 'V3.0.4.{1-9}', 2, 0],
      ['UC903', '2.0.4.{2-40}', 1, 0],
    ],
  },
  {
    name: 'Gigaset',
    share: 1,
    trend: 0,
    oui: '7c2f80',
    shapes: ['Gigaset {model} {fw} {M-C}', 'Gigaset {model} {fw}'],
    models: [
      ['Maxwell 3', '2.{30-49}.{0-9}', 1, 0],
      ['Maxwell Basic', '2.{30-49}.{0-9}', 1, 0],
    ],
  },
  {
    name: 'Avaya',
    share: 1.5,
    trend: -0.03,
    oui: '109819',
    shapes: ['Avaya {model} IP Phone {fw} {mac}'],
    models: [
      ['J179', '4.0.{8-13}.{0-2}.{0-9}', 2, 0],
      ['J139', '4.0.{8-13}.{0-2}.{0-9}', 1, 0],
    ],
  },
];
