/**
 * Major versions of platforms that releases have numbers of, from and to: their lists are public and known before a
 * month begins. Of every other platform, and of versions that are not here, releases count the platform's name without
 * a version alone. `FreePBX 17` is a name of its own.
 */
export const PLATFORM_VERSIONS: Readonly<Record<string, readonly [from: number, to: number]>> = {
  FreePBX: [13, 18],
  PBXact: [14, 17],
  '3CX': [14, 20],
  Asterisk: [11, 23],
  FusionPBX: [4, 5],
  Issabel: [4, 5],
  VitalPBX: [3, 5],
  Elastix: [2, 5],
  trixbox: [2, 2],
  Switchvox: [6, 8],
  Wazo: [19, 25],
};
