import { type Attack, anchored, family, fewestBits, nearest, repeatedDifference } from './attacks.ts';
import { equalPresence, sums } from './count-attacks.ts';
import { each, MARKS, xor } from './marks.ts';

/** What a clever adversary tries on columns that should say nothing: key, version, presence and place. */
export const ATTACKS: ReadonlyMap<string, Attack> = new Map<string, Attack>([
  ...Object.entries(MARKS).flatMap(([name, mark]): [string, Attack][] => [
    [`nearest: ${name}`, nearest(mark)],
    [`to site: ${name}`, anchored(mark)],
    [`vendor: ${name}`, family(mark)],
  ]),
  [
    'to site: version against key / 32',
    anchored(
      MARKS.version!,
      each((f) => Math.floor(f.key / 32)),
    ),
  ],
  [
    'to site: key / 32 against version',
    anchored(
      each((f) => Math.floor(f.key / 32)),
      MARKS.version,
    ),
  ],
  ['to site: low 16 bits, version against key', anchored(MARKS['version, low 16 bits']!, MARKS['key, low 16 bits'])],
  ['to site: fewest bits, version', fewestBits((f) => f.version)],
  ['to site: fewest bits, key', fewestBits((f) => f.key)],
  ['to site: fewest bits, version XOR key', fewestBits((f) => xor(f.version, f.key))],
  [
    'to site: fewest bits, version against key',
    fewestBits(
      (f) => f.version,
      (f) => Math.floor(f.key / 32),
    ),
  ],
  [
    'repeated difference: version',
    repeatedDifference(
      (f) => f.version,
      (a, b) => a - b,
    ),
  ],
  [
    'repeated difference: key',
    repeatedDifference(
      (f) => f.key,
      (a, b) => a - b,
    ),
  ],
  ['repeated XOR: version', repeatedDifference((f) => f.version, xor)],
  ['repeated XOR: key', repeatedDifference((f) => f.key, xor)],
  ['sums: a vendor and its models', sums],
  ['equal numbers: vendor and platform_vendor', equalPresence],
]);
