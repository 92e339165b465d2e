import type { FastifyInstance } from 'fastify';
import type { Check } from '../http/health.ts';

export const ROLES = ['ingest', 'aggregate', 'api', 'jobs'] as const;
export type Role = (typeof ROLES)[number];

/** What a role adds to its process. Building it begins nothing. */
export interface Served {
  /** Adds its routes, before the server listens. */
  serve?(app: FastifyInstance): void;
  /** Begins its work, when every role was built. */
  run?(): Promise<void>;
  /** The server is about to close: whoever waits for an answer gets it soon. */
  hurry?(): void;
  /** Ends its work, before anything that it was built over is closed. */
  close?(): Promise<void>;
  /** What readiness asks it besides. */
  readonly checks?: readonly Check[];
}

/** A role that works by itself. */
export interface Working extends Served {
  run(): Promise<void>;
  close(): Promise<void>;
}
