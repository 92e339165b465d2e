/** What nobody may find in any answer: whose phone it is, where it stands, how it is called. */
export const SECRETS = [
  'erikamuster',
  'anna',
  'schmidt',
  'mueller',
  'reception',
  'berlin',
  'lindenweg',
  '4711',
  '0011aabbccdd',
  '112233445566',
  'kunde',
] as const;

export type MutationKind = 'head' | 'tail' | 'separator' | 'letters' | 'truncation' | 'order';

export interface Mutation {
  readonly kind: MutationKind;
  readonly name: string;
  readonly of: (text: string, vendor: string) => string;
}

const head = (text: string): Mutation => ({ kind: 'head', name: JSON.stringify(text), of: (of) => text + of });
const tail = (text: string): Mutation => ({ kind: 'tail', name: JSON.stringify(text), of: (of) => of + text });
const change = (kind: MutationKind, name: string, of: Mutation['of']): Mutation => ({ kind, name, of });

const LOOK_ALIKE: Readonly<Record<string, string>> = { a: 'а', c: 'с', e: 'е', o: 'о', A: 'А', B: 'В', C: 'С', E: 'Е' };

/** How strings that nobody here wrote differ from those that somebody did. */
export const MUTATIONS: readonly Mutation[] = [
  ...[
    '4711 ',
    'ErikaMuster ',
    'Anna-Schmidt_',
    'Reception: ',
    'Mueller, Anna ',
    '0011aabbccdd ',
    '11:22:33:44:55:66;',
  ].map(head),
  ...['<sip:4711@kunde> ', 'FileTransport ', 'Mozilla/5.0 (X11; Linux x86_64) ', 'CPE/1.0 '].map(head),
  ...[' 66.86.0.15', '/7.1', '/V7.1', '-V1.2', ' build 12', ' release 5.1', '_S_2_1', ' / 3.2', '_build_13', ' v2'].map(
    tail,
  ),
  ...[
    ' (Anna Schmidt)',
    ';mac=0011aabbccdd',
    ' SN/11223344',
    ' Lindenweg',
    ' ext 4711',
    '|Berlin|4711',
    ' 11:22:33:44:55:66',
  ].map(tail),
  change('separator', 'underscores', (text) => text.replaceAll(' ', '_')),
  change('separator', 'blanks for slashes', (text) => text.replaceAll('/', ' ')),
  change('separator', 'two blanks', (text) => text.replaceAll(' ', '  ')),
  change('separator', 'tabs', (text) => text.replaceAll(' ', '\t')),
  change('separator', 'no-break blanks', (text) => text.replaceAll(' ', '\u00a0')),
  change('separator', 'blanks around', (text) => `  ${text}\u00a0`),
  change('letters', 'upper case', (text) => text.toUpperCase()),
  change('letters', 'lower case', (text) => text.toLowerCase()),
  change('letters', 'look-alikes', (text) => text.replace(/[aceoABCE]/g, (c) => LOOK_ALIKE[c] ?? c)),
  change('letters', 'zero width', (text) => Array.from(text).join('\u200b')),
  change('letters', 'soft hyphens', (text) => text.replace(/(...)/g, '$1\u00ad')),
  change('letters', 'full width', (text) =>
    text.replace(/[!-~]/g, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0)),
  ),
  change('letters', 'wide hyphens', (text) => text.replaceAll('-', '\u2011')),
  change('truncation', 'twenty characters', (text) => text.slice(0, 20)),
  change('truncation', 'the last character', (text) => text.slice(0, -1)),
  change('order', 'the vendor twice', (text, vendor) => `${vendor} ${text}`),
  change('order', 'firmware first', (text) => `66.86.0.15 ${text}`),
];
