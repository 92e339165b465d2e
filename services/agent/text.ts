/** The text of what an owner hands over: UTF-8 or UTF-16 with or without a mark, broken bytes read as U+FFFD. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const order = utf16Order(buffer);
  if (order === undefined) return new TextDecoder().decode(buffer);
  const even = Buffer.from(buffer.subarray(0, buffer.length - (buffer.length % 2)));
  const text = (order === 'big' ? even.swap16() : even).toString('utf16le');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
}

/** By the byte order mark; without one by the zero bytes that Latin text has in every other place. */
function utf16Order(bytes: Buffer): 'little' | 'big' | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'little';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'big';
  const zeros = [0, 0];
  const looked = Math.min(bytes.length, 512);
  for (let at = 0; at < looked; at++) if (bytes[at] === 0) zeros[at % 2]!++;
  const enough = looked / 4;
  if (looked < 4 || Math.max(...zeros) <= enough) return undefined;
  return zeros[1]! > zeros[0]! ? 'little' : 'big';
}

const ESCAPES = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g;

/** Without what a terminal makes of colours and cursors. A sequence that was cut loses its escape character only. */
export function withoutEscapes(text: string): string {
  return text.replace(ESCAPES, '').replaceAll('\u001b', '').replaceAll('\ufeff', '');
}

/** `pbx*CLI> `, `freeswitch@pbx> `, `[root@pbx ~]# `, `root@pbx:~# `: said by a shell, not by the command in it. */
const PROMPT = /^(?:\S{1,64}\*CLI>|freeswitch@\S{1,64}>|\[?[\w.-]{1,32}@[\w.-]{1,64}[ :][^#$>]{0,64}[#$]) ?/;

/** The lines of a pasted terminal, without escapes and prompts. */
export function linesOf(text: string): string[] {
  return withoutEscapes(text)
    .split(/\r\n|\n|\r/)
    .map((line) => line.replace(PROMPT, ''));
}
