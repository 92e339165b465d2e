import { parseArgs } from 'node:util';
import { assemble } from '../agent/assemble.ts';
import { runInventory } from '../agent/commands/inventory.ts';
import { loadConfig } from '../agent/config.ts';
import { loadCatalog } from '../shared/load-catalog.ts';
import type { Command } from './command.ts';

/** What leaves the box, byte for byte, before anything does: the agent's own code, for who has the service at hand. */
export const inventoryCommand: Command = {
  name: 'inventory',
  usage: 'inventory [--registrations FILE] [--platform "FreePBX 17"] [--send URL] [--withdraw]',
  summary: "print the report of this machine's hardware; post it with --send, take it back with --withdraw",
  async run(args, env) {
    const { values } = parseArgs({
      args: [...args],
      options: {
        registrations: { type: 'string' },
        platform: { type: 'string' },
        send: { type: 'string' },
        withdraw: { type: 'boolean' },
        root: { type: 'string' },
        state: { type: 'string' },
        ca: { type: 'string' },
      },
    });
    const io = {
      stdout: (text: string) => void process.stdout.write(text),
      stderr: (text: string) => void process.stderr.write(text),
    };
    const { send } = values;
    const deps = assemble({
      env,
      config: loadConfig({ ...values }),
      root: values.root ?? '/',
      catalog: loadCatalog,
      statePath: values.state,
      say: io.stderr,
    });
    return runInventory({ ...values, send }, io, { ...deps, send: { ...deps.send, maxAttempts: 4 } });
  },
};
