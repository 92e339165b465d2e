import { ROLES, type Role } from '../compose/role.ts';
import { loadConfig } from '../shared/config.ts';
import { type AddCommand, does } from './command.ts';

// What a command works with is loaded when it is run: help and the first word of a demo do not wait for a server.

const SERVERS: readonly { readonly name: string; readonly summary: string; readonly roles: readonly Role[] }[] = [
  { name: 'start', summary: 'everything in one process', roles: ROLES },
  { name: 'ingest', summary: 'take reports', roles: ['ingest'] },
  { name: 'aggregate', summary: 'move facts from the log to the store', roles: ['aggregate'] },
  { name: 'api', summary: 'answer product managers', roles: ['api'] },
];

export const addServers: AddCommand = (program, env) => {
  for (const { name, summary, roles } of SERVERS)
    program
      .command(name)
      .description(summary)
      .addHelpText('after', '\nIt takes no arguments: it is configured by the environment. See .env.example.')
      .action(
        does(async () => {
          const { serve } = await import('./server.ts');
          return serve(name, roles, env);
        }),
      );
};

export const addMigrate: AddCommand = (program, env) => {
  program
    .command('migrate')
    .description("bring the store's tables to the newest version")
    .action(
      does(async () => {
        const { openStore } = await import('../compose/adapters.ts');
        const { server } = await openStore(loadConfig(env).store);
        await server.migrate();
        await server.close();
        return 0;
      }),
    );
};
