/** Files in one archive, stored as they are: no library, and a checksum of each. */

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (TABLE[(crc ^ byte) & 255] ?? 0) ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** 1980-01-01: the same files give the same archive. */
const DATE = (1 << 5) | 1;

type Part = {
  readonly header: Uint8Array<ArrayBuffer>;
  readonly central: Uint8Array<ArrayBuffer>;
  readonly content: Uint8Array<ArrayBuffer>;
};

/** APPNOTE 6.3.10, method 0. */
export function zip(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>): Blob {
  let offset = 0;
  const parts = [...files].map(([name, content]): Part => {
    const made = partOf(name, content, offset);
    offset += made.header.length + content.length;
    return made;
  });
  const size = parts.reduce((sum, { central }) => sum + central.length, 0);
  const end = record(22, [
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, parts.length],
    [2, parts.length],
    [4, size],
    [4, offset],
    [2, 0],
  ]);
  return new Blob(
    [...parts.flatMap(({ header, content }) => [header, content]), ...parts.map(({ central }) => central), end],
    { type: 'application/zip' },
  );
}

function partOf(name: string, content: Uint8Array<ArrayBuffer>, offset: number): Part {
  const title = new TextEncoder().encode(name);
  const common: Field[] = [
    [2, 20],
    [2, 0],
    [2, 0],
    [2, 0],
    [2, DATE],
    [4, crc32(content)],
    [4, content.length],
    [4, content.length],
    [2, title.length],
    [2, 0],
  ];
  const header = record(30 + title.length, [[4, 0x04034b50], ...common], title);
  const rest: Field[] = [
    [2, 0],
    [2, 0],
    [2, 0],
    [4, 0],
    [4, offset],
  ];
  return { header, content, central: record(46 + title.length, [[4, 0x02014b50], [2, 20], ...common, ...rest], title) };
}

type Field = readonly [size: 2 | 4, value: number];

/** Numbers little-endian, one after the other, then the tail. */
function record(size: number, fields: readonly Field[], tail: Uint8Array = new Uint8Array()): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const [width, value] of fields) {
    if (width === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += width;
  }
  bytes.set(tail, at);
  return bytes;
}
