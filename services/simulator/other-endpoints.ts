import type { Category } from '../../schemas/report.ts';

/** Endpoints beside the phones. Of the sites, `share` have them: up to `most`, or `perPhone` for each phone. */
export interface EndpointKind {
  readonly category: Category;
  readonly share: number;
  readonly most: number;
  readonly perPhone?: number;
  readonly oui: string;
  /** [User-Agent pattern, weight] */
  readonly patterns: readonly (readonly [string, number])[];
}

export const ENDPOINT_KINDS: readonly EndpointKind[] = [
  {
    category: 'dect',
    share: 0.16,
    most: 6,
    oui: '7c2f80',
    patterns: [
      ['N510 IP PRO/42.{240-260}.00.000.000;{MAC}', 4],
      ['N510 IP PRO/42.{240-260}.00.000.000', 3],
      ['Gigaset N720 DM PRO/70.{100-118}.00.000.000', 2],
      ['N720-DM-PRO/70.{40-118}.00.000.000', 1],
      ['Yealink W60B 77.{81-85}.0.{20-60} {m:c}', 4],
      ['Yealink W70B 146.{85-87}.0.{15-30}', 5],
      ['Yealink W52P 25.{30-81}.0.{2-60}', 3],
      ['Mitel SIP-DECT (SW-Version=6.1SP1)', 1],
    ],
  },
  {
    category: 'ata',
    share: 0.3,
    most: 5,
    oui: '000b82',
    patterns: [
      ['Grandstream HT802 1.0.{17-55}.{5-9}', 7],
      ['Grandstream HT812 1.0.{17-55}.{5-9}', 3],
      ['HT-503  V1.1B 1.0.10.9  chip V2.2', 1],
      ['Cisco/SPA112-1.4.1SR{1-5}(00{2-4})', 4],
      ['Cisco/SPA122-1.4.1(00{2-4})', 2],
      ['Linksys/PAP2T-3.1.{15-22}(LS)', 2],
      ['Linksys/SPA2102-5.2.{5-13}', 1],
      ['OBIHAI/OBi202-3.2.2.{5000-8680}', 3],
    ],
  },
  {
    category: 'doorphone',
    share: 0.1,
    most: 4,
    oui: '0c383e',
    patterns: [
      ['Fanvil i16SV 2.{4-12}.{0-9}', 3],
      ['Fanvil i20S 2.{4-12}.{0-9} {mac}', 1],
      ['Algo-8201/5.{2-4}', 2],
      ['Algo-8180/5.{2-4}', 1],
    ],
  },
  {
    category: 'conference',
    share: 0.12,
    most: 8,
    oui: '0004f2',
    patterns: [
      ['Yealink CP960 73.{83-86}.0.{15-70}', 3],
      ['Yealink CP920 78.{84-86}.0.{15-70} {m:c}', 2],
      ['PolycomSoundStationIP-SSIP_6000-UA/4.0.{4-15}.{1000-1900}', 3],
      ['PolycomTrio-Trio_8800-UA/{5-6}.{4-9}.{1-3}.{1000-9999}', 2],
    ],
  },
  {
    category: 'softphone',
    share: 0.4,
    most: 400,
    perPhone: 0.25,
    oui: '',
    patterns: [
      ['Z 5.{2-6}.{1-20} v2.10.{15-20}.{2-8}', 6],
      ['Zoiper rev.{5000-5500}', 1],
      ['MicroSIP/3.{19-21}.{0-22}', 6],
      ['LinphoneAndroid/4.{2-5}.{0-3} (Mi A2 Lite) LinphoneSDK/4.4.{2-21}', 3],
      ["LinphoneiOS/4.{2-5}.{0-3} ({Anna|Ben|Chloe|Dario|Emil}'s iPhone) LinphoneSDK/4.4.{2-21}", 3],
      ['Linphone Desktop/4.{2-4}.{0-5} (Windows 10, Qt 5.15.2) LinphoneCore/4.4.{10-21}', 2],
      ['Bria {4|5} release {4-6}.{0-9}.{0-9} stamp {50000-99999}', 3],
      ['X-Lite release 5.{0-8}.{1-4} stamp {80000-99999}', 2],
      ['Sangoma Connect/1.{0-9}.{1-9}', 3],
      ['SIP.js/0.{7-21}.{0-8}', 3],
      ['Telephone 1.{2-6}', 1],
    ],
  },
  {
    category: 'gateway',
    share: 0.07,
    most: 3,
    oui: '00a0ba',
    patterns: [
      ['Audiocodes-Sip-Gateway-MP-114 FXS/v.6.60A.{241-342}.00{3-9}', 3],
      ['MP-124 FXS/v.6.60A.{241-342}.003', 1],
      [
        'SmartNode (Model:SN4316/JS; Serial:{MAC}; Software Version:R6.9 2016-07-05 H323 SIP FXS FXO; Hardware Version:2.3)',
        2,
      ],
      ['AVM FRITZ!Box 7490 113.07.{10-29} (May {10-28} 2020)', 4],
      ['Cisco-SIPGateway/IOS-15.{2-6}.{1-4}.M{1-9}', 2],
    ],
  },
];

/** Devices no list knows, of makers that it does: [name, weight]. The first ones are common enough to be seen by curators. */
export const ODD_DEVICES: readonly (readonly [string, number])[] = [
  ['Yealink HB-210 {2-3}.{0-9}.{0-9}', 40],
  ['Fanvil K7X Desk/{1-4}.{0-9}', 22],
  ['Algo BP12 Horn {1-3}.{0-9}.{1-9}', 14],
  ['Grandstream TW-40', 9],
  ['Akuvox K7 Panel/{1-9}.{0-9}', 6],
  ['Konftel QX9 Intercom', 4],
  ['Panasonic NC5 {1-2}.{0-9}.{0-9}', 3],
  ['Zultys EP4 Phone', 2],
];

/** Parts of the names of things that one site only has. */
export const ODD_WORDS: readonly (readonly string[])[] = [
  ['Yealink', 'Fanvil', 'Grandstream', 'Panasonic', 'Zultys', 'Akuvox', 'Konftel', 'Algo', 'Escene', 'Htek'],
  ['Speaker', 'Intercom', 'Panel', 'Terminal', 'Adapter', 'Horn', 'Strobe', 'Handset'],
];

/** What registers with a PBX and is no device of the site, or names itself after an address or a person's number. */
export const NOT_FOR_COUNTING: readonly string[] = [
  'Asterisk PBX {16-20}.{0-9}.{0-2}',
  'FPBX-16.0.{10-40}({16-18}.{0-9}.0)',
  'FreeSWITCH-mod_sofia/1.10.{1-9}',
  'kamailio (5.{3-6}.{0-4} (x86_64/linux))',
  'friendly-scanner',
  'sipcli/v1.8',
  'Lobby {mac}',
  'Frontdesk {m:c}',
  'Handset MAC:{M-C}',
  'Line 0{20-89} {1000000-9999999}',
];
