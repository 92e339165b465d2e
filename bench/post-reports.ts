import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { alternate, print } from './compare.ts';
import { requestsPerSecond } from './load.ts';
import { sampleReports } from './sample-reports.ts';
import { startOnCore } from './server-process.ts';

// POST /v1/reports with durable acknowledgement on one core, against a bare node:http server on the same core that
// reads and parses the same body. The generator has the other core.
const RUNS = 5;
const SECONDS = Number(process.argv[2] ?? 4);
const CONNECTIONS = 128;
const ROLES = ['ingest', 'start'] as const;

export async function benchPostReports(): Promise<void> {
  const bodies = sampleReports(2_000);
  print(`POST /v1/reports, ${bodies[0]?.length} bytes, ${CONNECTIONS} connections, one core, median of ${RUNS} runs`);
  for (const role of ROLES) {
    const directory = mkdtempSync(join(tmpdir(), 'rollcall-bench-'));
    const env = { PORT: '0', ROLLCALL_DATA_DIR: directory, ROLLCALL_ADMIN_KEY: 'bench-bench-bench-bench' };
    const ours = await startOnCore(0, '../services/main.cjs', [role], env);
    const control = await startOnCore(0, './control-server.js', [], {});
    const load = { bodies, connections: CONNECTIONS, seconds: SECONDS, expectedStatus: '202' };
    try {
      await requestsPerSecond({ ...load, url: ours.url, seconds: 2 });
      await requestsPerSecond({ ...load, url: control.url, seconds: 1 });
      const result = await alternate(
        RUNS,
        () => requestsPerSecond({ ...load, url: ours.url }),
        () => requestsPerSecond({ ...load, url: control.url }),
      );
      print(
        `  rollcall ${role.padEnd(7)} ${result.ours.toFixed(0)}/s   bare node:http ${result.control.toFixed(0)}/s   ratio ${result.ratio.toFixed(2)}`,
      );
    } finally {
      await ours.stop();
      await control.stop();
      rmSync(directory, { recursive: true, force: true });
    }
  }
}
