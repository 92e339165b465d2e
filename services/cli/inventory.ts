import { parseArgs } from 'node:util';
import { runInventory } from '../agent/commands.ts';
import { periodAt } from '../core/period.ts';
import { buildIdentifier } from '../identify/identifier.ts';
import { systemClock } from '../shared/clock.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import type { Command } from './command.ts';

/** What leaves the box, byte for byte, before anything does. */
export const inventoryCommand: Command = {
  name: 'inventory',
  usage: 'inventory [--registrations FILE] [--platform "FreePBX 17"] [--send URL]',
  summary: "print the report of this machine's hardware; post it with --send",
  async run(args) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        registrations: { type: 'string' },
        platform: { type: 'string' },
        send: { type: 'string' },
        root: { type: 'string' },
      },
    });
    const identifier = buildIdentifier(loadCatalog(), periodAt(systemClock.now()));
    const io = {
      stdout: (text: string) => void process.stdout.write(text),
      stderr: (text: string) => void process.stderr.write(text),
    };
    return runInventory(values, io, { identifier, clock: systemClock });
  },
};
