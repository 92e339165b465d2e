import { type Reader, type Registration, ranOut, registrationOf } from './registration.ts';

/** `pjsip show contact AOR/URI`, one after another: ` name   : value` rows below a header of their own. */
export const pjsipContact: Reader = ({ lines, nowMs }) => {
  if (!lines.some((line) => /^\s*user_agent\s+: /.test(`${line} `))) return undefined;
  const blocks = blocksOf(lines, /^\s*ParameterName\s+:/, /^\s*([a-z0-9_]+)\s+:(?: (.*))?$/, 'user_agent');
  const registrations = blocks.map((block) => pjsipRow(block, nowMs)).filter((row) => row !== undefined);
  return { format: 'pjsip-contact', registrations, broken: 0 };
};

function pjsipRow(block: ReadonlyMap<string, string>, nowMs: number): Registration | undefined {
  const userAgent = block.get('user_agent') ?? '';
  if (userAgent === '' || ranOut(block.get('expiration_time'), nowMs)) return undefined;
  return registrationOf({ userAgent, aor: block.get('endpoint'), uri: block.get('uri'), via: block.get('via_addr') });
}

/** `sip show peer NAME`, one after another: each begins with `* Name       : NAME`. */
export const sipPeer: Reader = ({ lines }) => {
  if (!lines.some((line) => /^\s*Useragent\s+:/.test(line))) return undefined;
  const blocks = blocksOf(lines, /^\s*\* Name\s+:/, /^\s*(?:\* )?([A-Za-z][A-Za-z. >-]*?)\s*:(?: (.*))?$/, 'Useragent');
  const registrations = blocks.map((block) => sipRow(block)).filter((row) => row !== undefined);
  return { format: 'sip-peer', registrations, broken: 0 };
};

function sipRow(block: ReadonlyMap<string, string>): Registration | undefined {
  const userAgent = block.get('Useragent') ?? '';
  // Expire counts down; -1 is a peer that is not registered.
  if (userAgent === '' || (/^-/.test(block.get('Expire') ?? '') && block.get('Dynamic') !== 'No')) return undefined;
  return registrationOf({
    userAgent,
    aor: block.get('Name'),
    uri: block.get('Reg. Contact'),
    via: block.get('Addr->IP'),
  });
}

/**
 * The first value of each label in each block. Where no line begins a block, a search (`| grep Useragent`) took them out: then each line
 * of the label that names the phone is one.
 */
function blocksOf(lines: readonly string[], begins: RegExp, row: RegExp, names: string): Map<string, string>[] {
  if (!lines.some((line) => begins.test(line)))
    return lines.flatMap((line) => {
      const [, label, value = ''] = row.exec(line) ?? [];
      return label === names ? [new Map([[label, value.trim()]])] : [];
    });
  const blocks: Map<string, string>[] = [];
  for (const line of lines) {
    if (begins.test(line)) blocks.push(new Map());
    const [, label, value] = row.exec(line) ?? [];
    const block = blocks.at(-1);
    if (label !== undefined && block && !block.has(label)) block.set(label, (value ?? '').trim());
  }
  return blocks;
}
