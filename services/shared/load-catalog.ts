import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  CardFile,
  type Catalog,
  HostFile,
  Manifest,
  ModelFile,
  Reading,
  RuleFile,
  Vendor,
} from '../../schemas/catalog.ts';

/**
 * Reads the catalogue shipped with this program. Throws when a file is missing or breaks its schema: the program
 * must not start with half a catalogue.
 */
export function loadCatalog(folder: string = catalogFolder()): Catalog {
  const read = (name: string): unknown => JSON.parse(readFileSync(join(folder, name), 'utf8'));
  const manifest = Manifest.parse(read('manifest.json'));
  return {
    version: manifest.version,
    vendors: Vendor.array().parse(read('vendors.json')),
    rules: manifest.rules.map((name) => RuleFile.parse(read(name))),
    pci: CardFile.parse(read('pci.json')),
    host: HostFile.parse(read('host.json')),
    models: manifest.models.map((name) => ModelFile.parse(read(name))),
    reading: Reading.parse(read('reading.json')),
    sources: manifest.sources,
  };
}

/** schemas/catalog of the package this file belongs to, whether it runs from source or from dist/. */
function catalogFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) throw new Error('no package.json above the program: the catalogue cannot be found');
    folder = parent;
  }
  return join(folder, 'schemas', 'catalog');
}
