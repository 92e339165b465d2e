import { brotliDecompressSync } from 'node:zlib';
import type { Catalog } from '../../schemas/catalog.ts';
import type { EndOfLifeFile } from './end-of-life.ts';
import { main } from './main.ts';

/** Filled in by the build: the catalogue and the list of what is past its support, as JSON, brotli and base64. */
declare const ROLLCALL_CATALOGUE: string;
declare const ROLLCALL_VERSION: string;

/** Checked by its schemas when it was built: here it is only unpacked. */
function unpacked(): { catalog: Catalog; endOfLife: EndOfLifeFile } {
  return JSON.parse(brotliDecompressSync(Buffer.from(ROLLCALL_CATALOGUE, 'base64')).toString('utf8'));
}

// Who reads no further (`| head`) is no failure of the agent.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});

let known: ReturnType<typeof unpacked> | undefined;
const contents = () => (known ??= unpacked());

main({
  argv: process.argv.slice(2),
  env: process.env,
  io: {
    stdout: (text) => void process.stdout.write(text),
    stderr: (text) => void process.stderr.write(text),
  },
  loadCatalog: () => contents().catalog,
  endOfLife: () => contents().endOfLife,
  version: ROLLCALL_VERSION,
}).then((code) => {
  process.exitCode = code;
});
