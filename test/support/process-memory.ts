import { closeSync, openSync, readFileSync, readSync } from 'node:fs';

const STEP = 1024 * 1024;

/**
 * How often the text stands in the memory of a process of this user's, as bytes of one or of two a character (the
 * engine has strings of both). Every readable mapping is read: heaps, stacks and what was freed.
 */
export function timesInMemory(pid: number, text: string): number {
  const forms = [Buffer.from(text, 'latin1'), Buffer.from(text, 'utf16le')];
  const memory = openSync(`/proc/${pid}/mem`, 'r');
  // Steps overlap by less than the text: each place is seen whole, and none twice.
  const bytes = Buffer.alloc(STEP + 2 * text.length);
  let times = 0;
  try {
    for (const { from, to } of mappings(pid))
      for (let at = from; at < to; at += STEP) {
        const step = bytes.subarray(0, readAt(memory, bytes, at, Math.min(bytes.length, to - at)));
        for (const form of forms) times += timesIn(step.subarray(0, STEP + form.length - 1), form);
      }
  } finally {
    closeSync(memory);
  }
  return times;
}

function mappings(pid: number): { from: number; to: number }[] {
  return [...readFileSync(`/proc/${pid}/maps`, 'utf8').matchAll(/^([0-9a-f]+)-([0-9a-f]+) r.*$/gm)]
    .filter(([line]) => !/\[v(?:var|dso|syscall)/.test(line))
    .map(([, from = '', to = '']) => ({ from: Number.parseInt(from, 16), to: Number.parseInt(to, 16) }));
}

/** 0 where the system does not let it be read: a mapping that has gone meanwhile, or a device's. */
function readAt(memory: number, bytes: Buffer, at: number, length: number): number {
  try {
    return readSync(memory, bytes, 0, length, at);
  } catch {
    return 0;
  }
}

export function timesIn(bytes: Buffer, form: Buffer): number {
  let times = 0;
  for (let at = bytes.indexOf(form); at >= 0; at = bytes.indexOf(form, at + 1)) times++;
  return times;
}
