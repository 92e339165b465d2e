import { createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { RELEASE_FILES } from '../../schemas/release-file.ts';
import { SignedSuccession } from '../../schemas/signing-key.ts';
import { deltaText, epsilonText } from '../releases/files/notice.ts';
import { fingerprintOf, keyIdOf } from '../releases/files/sign.ts';
import { followSuccessions } from '../releases/files/signing-keys.ts';
import { FAULT_REASONS, type Fault, type Verdict, type VerifiedRelease } from '../releases/files/verdict.ts';
import { verifyRelease } from '../releases/files/verify.ts';
import { type Command, UsageError } from './command.ts';
import { readRegular } from './release/read-regular.ts';

const USAGE = 'verify FILE… [--key PUBLIC.pem] [--json]';
const KEY_FILE = 'public-key.pem';
const SUCCESSION_FILE = 'key-succession.json';

/** Needs no server and no settings: whoever was given a release checks it on a machine of his own. */
export const verifyCommand: Command = {
  name: 'verify',
  usage: USAGE,
  summary: 'check a release: its files, its numbers and its signature',
  async run(args) {
    const { values, positionals } = readArguments(args);
    const folders = [...new Set(positionals.map(folderOf))];
    const verdicts = folders.map((folder) =>
      verifyRelease(filesIn(folder), signerKey(folder, keyFor(folder, values.key))),
    );
    for (const verdict of verdicts)
      process.stdout.write(
        values.json
          ? `${JSON.stringify(verdict)}\n`
          : inWords(verdict)
              .map((line) => `${line}\n`)
              .join(''),
      );
    return verdicts.every(({ ok }) => ok) ? 0 : 1;
  },
};

function readArguments(args: readonly string[]) {
  const options = { key: { type: 'string' }, json: { type: 'boolean' } } as const;
  try {
    const read = parseArgs({ args: [...args], options, allowPositionals: true });
    if (read.positionals.length > 0) return read;
  } catch {
    // Told below, as every other word that is not understood.
  }
  throw new UsageError(USAGE);
}

/** The folder of a release's file. Of another file nothing would be checked, so its name is refused. */
function folderOf(path: string): string {
  if (!existsSync(path)) throw new UsageError(`${path}: no such file`);
  if (statSync(path).isDirectory()) return resolve(path);
  if ((RELEASE_FILES as readonly string[]).includes(basename(path))) return resolve(dirname(path));
  throw new UsageError(`${path}: not a file of a release (${RELEASE_FILES.join(', ')})`);
}

/** Of a release's largest file: a hundred times what 20,000 cells take. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Of a key, a manifest and the statements of keys. */
const MOST_OF_SMALL = 1024 * 1024;

function filesIn(folder: string): Map<string, Uint8Array> {
  const there = RELEASE_FILES.filter((name) => existsSync(join(folder, name)));
  return new Map(there.map((name) => [name, readRegular(join(folder, name), MOST_BYTES)]));
}

/** A key that lies beside the files may have come with them, so it is said where it is from. */
function keyFor(folder: string, named: string | undefined): KeyObject {
  const path = named ?? keyNear(folder);
  if (path === undefined) throw new UsageError(`no ${KEY_FILE} beside the files: give one with --key`);
  const key = readKey(path);
  process.stderr.write(
    `key ${keyIdOf(key)} from ${path}, fingerprint ${fingerprintOf(key)}\n` +
      "Only a key from the publisher's own site proves anything: compare the fingerprint with the one given there.\n",
  );
  return key;
}

/** The key that the manifest names, where the given one vouches for it through the statements beside the files. */
function signerKey(folder: string, trusted: KeyObject): KeyObject {
  const path = join(folder, SUCCESSION_FILE);
  const wanted = /"fingerprint": "([0-9a-f]{64})"/.exec(manifestIn(folder))?.[1];
  if (wanted === undefined || !existsSync(path)) return trusted;
  const successions = z.array(SignedSuccession).safeParse(jsonIn(path));
  return (successions.success && followSuccessions(trusted, successions.data, wanted)) || trusted;
}

function manifestIn(folder: string): string {
  const path = join(folder, 'manifest.json');
  return existsSync(path) ? readRegular(path, MOST_OF_SMALL).toString('latin1') : '';
}

function jsonIn(path: string): unknown {
  try {
    return JSON.parse(readRegular(path, MOST_OF_SMALL).toString());
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    return undefined;
  }
}

function keyNear(folder: string): string | undefined {
  return [folder, join(folder, '..'), join(folder, '..', '..')].map((near) => join(near, KEY_FILE)).find(existsSync);
}

function readKey(path: string): KeyObject {
  try {
    const key = createPublicKey(readRegular(path, MOST_OF_SMALL));
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    // Told below.
  }
  throw new UsageError(`${path}: not an Ed25519 public key in PEM`);
}

function inWords(verdict: Verdict): string[] {
  return verdict.ok ? summary(verdict.release) : verdict.faults.map(faultLine);
}

function faultLine({ file, reason, detail }: Fault): string {
  return `${file} ${FAULT_REASONS[reason]}${detail === undefined ? '' : ` (${detail})`}`;
}

function summary(release: VerifiedRelease): string[] {
  const { period, party, revision, epsilon, delta, sampleSites, cells, keyId } = release;
  const unbounded = epsilon === 'unbounded' || delta === null;
  return [
    `whole and signed with the key ${keyId}`,
    `period   ${period}`,
    `for      ${party}${revision === 0 ? '' : `, amendment ${revision}`}`,
    `sites    ${sampleSites === null ? 'not published' : String(sampleSites)}`,
    `numbers  ${cells} cells`,
    `epsilon  ${unbounded ? 'unbounded: this release carries no noise' : `${epsilonText(epsilon)} at delta ${deltaText(delta)}`}`,
  ];
}
