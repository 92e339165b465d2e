import type { Registration } from '../formats/registration.ts';
import type { Reading } from '../reading.ts';
import { withoutEscapes } from '../text.ts';

/** No device names itself at such length; what does is not worth a look. */
const MAX_USER_AGENT = 512;

export interface EndpointReadings {
  readonly readings: readonly Reading[];
  readonly tooLong: number;
}

/** The SIP endpoints that are registered, with what tells one device in several addresses of record from several devices. */
export function endpointReadings(registrations: readonly Registration[]): EndpointReadings {
  const short = registrations.filter(({ userAgent }) => userAgent.length <= MAX_USER_AGENT);
  const owners = new Set(short.flatMap(({ aor }) => (aor === undefined ? [] : [aor])));
  const readings = short.map(({ userAgent, aor, host, via }): Reading => {
    const text = withoutEscapes(userAgent);
    return {
      count: 1,
      candidates: [{ kind: 'user-agent', text }],
      shown: text,
      ...(aor === undefined ? {} : { owner: ownerOf(aor, owners) }),
      marks: marksOf(text),
      ...(host === undefined || via === undefined ? {} : { place: `${host} ${via}` }),
    };
  });
  return { readings, tooLong: registrations.length - short.length };
}

/** FreePBX gives extension 201 the pseudo-devices 90201 and 98201; where 201 itself is registered they are its own. */
function ownerOf(aor: string, owners: ReadonlySet<string>): string {
  const extension = /^9[089](\d{2,})$/.exec(aor)?.[1];
  return extension !== undefined && owners.has(extension) ? extension : aor;
}

const ADDRESS =
  /(?<![0-9a-z])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-z])|(?<![0-9a-z])[0-9a-f]{12}(?![0-9a-z])/gi;
const SERIAL = /(?:\bS\/?N|\bSerial(?: ?(?:No|Number))?)[ .:=/#]+([A-Z0-9-]{6,32})/gi;

/**
 * Hardware addresses and serial numbers inside a User-Agent: the same one in two addresses of record is one device. They
 * are compared in memory and go nowhere. Twelve digits that are all decimal may be a build's date.
 */
function marksOf(userAgent: string): string[] {
  const addresses = Array.from(userAgent.matchAll(ADDRESS), ([found]) => found.replace(/[:-]/g, '').toLowerCase());
  const serials = Array.from(userAgent.matchAll(SERIAL), ([, serial]) => serial!.toLowerCase());
  return [...addresses.filter((address) => !/^\d+$/.test(address) || userAgent.includes(':')), ...serials];
}
