/** Checks a release where it is read: digests and signature by WebCrypto, nothing sent anywhere. */

export type FileFault = 'missing' | 'size' | 'digest' | 'signature' | 'unreadable' | 'not-signed';

export interface CheckedFile {
  readonly name: string;
  readonly bytes: number | undefined;
  readonly fault: FileFault | undefined;
}

export interface Verdict {
  readonly ok: boolean;
  readonly files: readonly CheckedFile[];
  readonly about:
    | { readonly period: string; readonly party: string; readonly revision: number; readonly profile: string }
    | undefined;
  /** The first 16 digits of the fingerprint of the key that fits, or of the one that was tried. */
  readonly keyId: string;
  /** Whether the key was the server's own or lay beside the files. */
  readonly keyFrom: 'server' | 'files';
}

export type Files = ReadonlyMap<string, Uint8Array<ArrayBuffer>>;

/** Whether this page may use WebCrypto: browsers allow it over https and on this machine alone. */
export function canCheck(): boolean {
  return globalThis.crypto?.subtle !== undefined;
}

const SIGNATURE = 'manifest.sig';
const MANIFEST = 'manifest.json';
const KEY = 'public-key.pem';
/** Releases of before 2027 were signed with these bytes in front. */
const EARLIER_DOMAIN = new TextEncoder().encode('rollcall.manifest/1\n');

interface Vouched {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}
interface ManifestHead {
  readonly files: readonly Vouched[];
  readonly period?: string;
  readonly party?: string;
  readonly revision?: number;
  readonly profile?: string;
}

/** `serverPem` undefined when the server's key is not to be had: then one beside the files is taken. */
export async function checkRelease(files: Files, serverPem: string | undefined): Promise<Verdict> {
  const manifest = readManifest(files.get(MANIFEST));
  const keys = [
    ...(serverPem ? [{ from: 'server' as const, key: await importKey(serverPem) }] : []),
    ...(files.has(KEY) ? [{ from: 'files' as const, key: await importKey(text(files.get(KEY))) }] : []),
  ];
  const fitting = await firstFitting(keys, files);
  const signed = fitting !== undefined;
  const vouched = await Promise.all((manifest?.files ?? []).map((one) => checkFile(one, files)));
  const others = [...files].filter(
    ([name]) => name !== MANIFEST && name !== SIGNATURE && !vouched.some((one) => one.name === name),
  );
  const checked: CheckedFile[] = [
    ...vouched,
    { name: MANIFEST, bytes: files.get(MANIFEST)?.length, fault: faultOfManifest(files, manifest, signed) },
    { name: SIGNATURE, bytes: files.get(SIGNATURE)?.length, fault: faultOfSignature(files, signed) },
    ...others
      .filter(([name]) => !BESIDE.has(name))
      .map(([name, content]): CheckedFile => ({ name, bytes: content.length, fault: 'not-signed' })),
  ];
  const used = fitting ?? keys[0];
  return {
    ok: signed && manifest !== undefined && checked.every(({ fault }) => fault === undefined),
    files: checked,
    about: manifest
      ? {
          period: manifest.period ?? '',
          party: manifest.party ?? '',
          revision: manifest.revision ?? 0,
          profile: manifest.profile ?? '',
        }
      : undefined,
    keyId: used ? (await fingerprint(used.key)).slice(0, 16) : '',
    keyFrom: used?.from ?? 'server',
  };
}

/** What may lie in the folder without being signed: the key, and the script that checks. */
const BESIDE = new Set([KEY, 'verify.mjs']);

function readManifest(content: Uint8Array | undefined): ManifestHead | undefined {
  try {
    const head = JSON.parse(text(content)) as ManifestHead;
    return Array.isArray(head.files) && head.files.length > 0 ? head : undefined;
  } catch {
    return undefined;
  }
}

async function checkFile({ name, bytes, sha256 }: Vouched, files: Files): Promise<CheckedFile> {
  const content = files.get(name);
  if (!content) return { name, bytes: undefined, fault: 'missing' };
  if (content.length !== bytes) return { name, bytes: content.length, fault: 'size' };
  return { name, bytes, fault: (await digest(content)) === sha256 ? undefined : 'digest' };
}

function faultOfManifest(files: Files, manifest: ManifestHead | undefined, signed: boolean): FileFault | undefined {
  if (!files.has(MANIFEST)) return 'missing';
  if (!manifest) return 'unreadable';
  return signed ? undefined : 'signature';
}

function faultOfSignature(files: Files, signed: boolean): FileFault | undefined {
  if (!files.has(SIGNATURE)) return 'missing';
  if (!signatureOf(files.get(SIGNATURE))) return 'unreadable';
  return signed ? undefined : 'signature';
}

type Candidate = { readonly from: 'server' | 'files'; readonly key: CryptoKey };

async function firstFitting(keys: readonly Candidate[], files: Files): Promise<Candidate | undefined> {
  const [content, signature] = [files.get(MANIFEST), signatureOf(files.get(SIGNATURE))];
  if (!content || !signature) return undefined;
  for (const one of keys)
    for (const bytes of [content, joined(EARLIER_DOMAIN, content)])
      if (await crypto.subtle.verify('Ed25519', one.key, signature, bytes)) return one;
  return undefined;
}

/** 64 bytes as they are, or base64 of them with or without a newline. */
function signatureOf(content: Uint8Array<ArrayBuffer> | undefined): Uint8Array<ArrayBuffer> | undefined {
  if (!content) return undefined;
  if (content.length === 64) return content;
  try {
    const bytes = fromBase64(text(content).trim());
    return bytes.length === 64 ? bytes : undefined;
  } catch {
    return undefined;
  }
}

async function importKey(pem: string): Promise<CryptoKey> {
  const body = pem.replace(/-----[A-Z ]+-----|\s/g, '');
  return crypto.subtle.importKey('spki', fromBase64(body), 'Ed25519', true, ['verify']);
}

async function fingerprint(key: CryptoKey): Promise<string> {
  return digest(new Uint8Array(await crypto.subtle.exportKey('raw', key)));
}

async function digest(content: Uint8Array<ArrayBuffer>): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function text(content: Uint8Array | undefined): string {
  return new TextDecoder().decode(content);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function fromBase64(encoded: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
}
