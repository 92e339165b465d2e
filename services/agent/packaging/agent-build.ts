import { statSync } from 'node:fs';
import { buildBundle } from './build-bundle.ts';

const file = await buildBundle();
process.stdout.write(`${file}: ${statSync(file).size} bytes\n`);
