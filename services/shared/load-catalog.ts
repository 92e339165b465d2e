import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
import { packageRoot } from './package-root.ts';

/**
 * Reads the catalogue shipped with this program. Throws when a file is missing or breaks its schema: the program
 * must not start with half a catalogue.
 */
export function loadCatalog(folder: string = join(packageRoot(), 'schemas', 'catalog')): Catalog {
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
