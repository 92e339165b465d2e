import type { Collector, Reading } from '../reading.ts';
import { parseRegistrations } from './registrations.ts';

/** No device names itself at such length; what does is not worth a look. */
const MAX_USER_AGENT = 512;

/** The SIP endpoints of a file of registrations. Its text is read when the collector runs, so that it fails alone. */
export function endpoints(readText: () => string): Collector {
  return ({ clock, problem }) => {
    const { registrations, broken } = parseRegistrations(readText(), clock.now());
    const short = registrations.filter(({ userAgent }) => userAgent.length <= MAX_USER_AGENT);
    if (broken + registrations.length - short.length > 0) problem('malformed-lines');
    const owners = new Set(short.flatMap(({ aor }) => (aor === undefined ? [] : [aor])));
    return short.map(({ userAgent, aor }): Reading => {
      const owner = aor === undefined ? {} : { owner: ownerOf(aor, owners) };
      return { count: 1, candidates: [{ kind: 'user-agent', text: userAgent }], ...owner };
    });
  };
}

/** FreePBX gives extension 201 the pseudo-devices 90201 and 98201; where 201 itself is registered they are its own. */
function ownerOf(aor: string, owners: ReadonlySet<string>): string {
  const extension = /^9[08](\d{2,})$/.exec(aor)?.[1];
  return extension !== undefined && owners.has(extension) ? extension : aor;
}
