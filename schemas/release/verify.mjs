// Checks the release in this folder: node verify.mjs [public-key.pem]
// Needs Node 18 or newer and nothing else. Exits with 0 when every byte is as its publisher signed it.
//
// Only a key that you took from the publisher's own site proves anything: compare the fingerprint that is printed with
// the one shown there (manifest.json says where). The same by hand, without this file:
//
//   openssl base64 -d -in manifest.sig -out manifest.sig.bin
//   openssl pkeyutl -verify -pubin -inkey ../public-key.pem -rawin -in manifest.json -sigfile manifest.sig.bin
//   grep -oE '[0-9a-f]{64}  [a-z.]+' manifest.json | sha256sum -c
import { createHash, createPublicKey, verify } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Until everything held.
process.exitCode = 2;

const folder = dirname(fileURLToPath(import.meta.url));
const faults = [];
const say = (line) => process.stdout.write(`${line}\n`);
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** The bytes of a file in this folder; undefined, and a fault, when it is not there. */
function read(name) {
  if (existsSync(join(folder, name))) return readFileSync(join(folder, name));
  faults.push(`${name} is missing`);
  return undefined;
}

/** The key that was named, or the one beside the releases. */
function findKey() {
  const near = [folder, join(folder, '..'), join(folder, '..', '..')].map((place) => join(place, 'public-key.pem'));
  const path = process.argv[2] ?? near.find((candidate) => existsSync(candidate));
  if (path === undefined) {
    faults.push('public-key.pem is missing: take it from the publisher and name it, node verify.mjs public-key.pem');
    return undefined;
  }
  try {
    const key = createPublicKey(readFileSync(path));
    if (key.asymmetricKeyType === 'ed25519') return { path, key };
  } catch {
    // Told below.
  }
  faults.push(`${path} holds no Ed25519 public key`);
  return undefined;
}

/** What the manifest says; undefined, and a fault, when it is no JSON. */
function parse(bytes) {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    faults.push('manifest.json is not JSON');
    return undefined;
  }
}

/** Plain Ed25519 over the bytes of manifest.json; the signature is 64 bytes in base64 and a newline. */
function checkSignature(manifest, text, { path, key }) {
  const signature = Buffer.from(text.toString('latin1'), 'base64');
  if (signature.length !== 64 || `${signature.toString('base64')}\n` !== text.toString('latin1'))
    faults.push('manifest.sig holds no Ed25519 signature in base64');
  else if (verify(null, manifest, key, signature) !== true)
    faults.push(`manifest.json or manifest.sig was changed, or ${path} is not the key that signed them`);
}

/** Every file that the manifest names has the digest that it gives, and there is no other file. */
function checkFiles(manifest) {
  for (const { name, bytes, sha256: expected } of manifest.files) {
    const content = read(name);
    if (content && (content.length !== bytes || sha256(content) !== expected)) faults.push(`${name} was changed`);
  }
  const known = [...manifest.files.map((file) => file.name), 'manifest.json', 'manifest.sig'];
  // The key may lie here too, and so may the signature as the lines above leave it.
  const others = ['public-key.pem', 'key-succession.json', 'manifest.sig.bin'];
  for (const name of readdirSync(folder))
    if (!known.includes(name) && !others.includes(name)) faults.push(`${name} is no file of the release`);
}

const manifestBytes = read('manifest.json');
const signatureText = read('manifest.sig');
const found = findKey();
const manifest = manifestBytes && parse(manifestBytes);

if (found) {
  const raw = Buffer.from(found.key.export({ format: 'jwk' }).x, 'base64url');
  say(`key ${found.path}, fingerprint ${sha256(raw)}`);
  if (manifest?.key?.fingerprint !== undefined && manifest.key.fingerprint !== sha256(raw))
    faults.push(`${found.path} is another key than manifest.json names`);
  if (manifestBytes && signatureText) checkSignature(manifestBytes, signatureText, found);
}
if (Array.isArray(manifest?.files)) checkFiles(manifest);
else faults.push('manifest.json names no files');

// Once more, apart from the above: a letter that was changed in this very file must not make it say that all is well.
const whole = manifest?.files?.every((file) => {
  const path = join(folder, file.name);
  return existsSync(path) && sha256(readFileSync(path)) === file.sha256;
});
if (faults.length === 0 && whole !== true) faults.push('a file was changed, and it may be verify.mjs itself');

for (const fault of faults) say(`FAULT: ${fault}`);
if (faults.length === 0 && whole === true) {
  say(`whole and signed: ${manifest.period}, for ${manifest.party}, revision ${manifest.revision}`);
  say(`compare the fingerprint with the one at ${manifest.key.publishedAt}`);
  process.exitCode = 0;
} else {
  process.exitCode ||= 1;
}
