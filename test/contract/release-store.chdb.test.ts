import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { openEmbeddedClients } from '../../services/adapters/clickhouse/client/open-embedded.ts';
import { describeReleaseStore } from './release-store.suite.ts';

const directory = mkdtempSync(join(tmpdir(), 'rollcall-releases-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describeReleaseStore({ name: 'chdb', open: () => openEmbeddedClients(directory), directory: () => directory });
