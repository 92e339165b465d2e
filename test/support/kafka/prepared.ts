import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What all nodes of all tests begin with. A Java process to format each folder, and to load the same 8,000 classes, is most of a node's start. */
export class PreparedKafka {
  readonly #dir: string;
  readonly #make: (dir: string) => Promise<void>;

  /** `dir` is kept between runs. `make` fills a folder: what a formatted node holds into `formatted`, the classes of a node that ran into `classes.jsa`. */
  constructor(dir: string, make: (dir: string) => Promise<void>) {
    this.#dir = dir;
    this.#make = make;
  }

  /** Several test files may come here at once: each makes its own, and the first is kept. */
  async ready(): Promise<void> {
    if (existsSync(this.#dir)) return;
    const own = `${this.#dir}.${process.pid}`;
    mkdirSync(own, { recursive: true });
    try {
      await this.#make(own);
      renameSync(own, this.#dir);
    } catch (failure) {
      if (!existsSync(this.#dir)) throw failure;
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  }

  /** A folder as `kafka-storage format` leaves it. */
  format(dir: string, nodeId: number, clusterId: string): void {
    cpSync(join(this.#dir, 'formatted'), dir, { recursive: true });
    const directoryId = randomBytes(16).toString('base64url');
    const properties = { version: '1', 'cluster.id': clusterId, 'node.id': nodeId, 'directory.id': directoryId };
    const lines = Object.entries(properties).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(dir, 'meta.properties'), lines.join(''));
  }

  /** Another Java than the one that wrote the classes does without them. */
  get javaOptions(): string[] {
    return ['-Xshare:auto', `-XX:SharedArchiveFile=${join(this.#dir, 'classes.jsa')}`];
  }
}
