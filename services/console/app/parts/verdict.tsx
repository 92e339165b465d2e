import { Check, Minus, TriangleAlert, X } from 'lucide-preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { SigningKeyAnswer } from '../lib/answers.ts';
import { ApiProblem, get } from '../lib/api.ts';
import { now } from '../lib/clock.ts';
import { bytes, dayTime, monthYear } from '../lib/format.ts';
import { type CheckedFile, checkRelease, type Files, type Verdict } from '../lib/verify.ts';
import { Icon } from './icon.tsx';

const FAULTS: Readonly<Record<NonNullable<CheckedFile['fault']>, string>> = {
  missing: 'is missing',
  size: 'was altered: another length than was signed',
  digest: 'was altered: not the bytes that were signed',
  signature: 'the signature does not fit',
  unreadable: 'cannot be read',
  'not-signed': 'is no part of what was signed',
};

export type Checking =
  | { readonly state: 'waiting' }
  | { readonly state: 'done'; readonly verdict: Verdict; readonly at: string }
  | { readonly state: 'failed'; readonly why: string };

/** The server's own key; undefined where it cannot be had. */
async function serverKey(): Promise<string | undefined> {
  try {
    const { pem } = await get<SigningKeyAnswer>('/v1/signing-key');
    return pem === '' ? undefined : pem;
  } catch (thrown) {
    if (thrown instanceof ApiProblem) return undefined;
    throw thrown;
  }
}

export async function check(files: Files): Promise<Checking> {
  try {
    const pem = await serverKey();
    if (pem === undefined && !files.has('public-key.pem'))
      return {
        state: 'failed',
        why: 'There is no key to check with: the server did not give its own. Drop public-key.pem with the files.',
      };
    return { state: 'done', verdict: await checkRelease(files, pem), at: new Date(now()).toISOString() };
  } catch {
    return {
      state: 'failed',
      why: 'This browser cannot check Ed25519 signatures. A newer one can; so can the command below.',
    };
  }
}

export function useCheck(files: Files | undefined): Checking | undefined {
  const [checking, set] = useState<Checking>();
  useEffect(() => {
    if (!files) return set(undefined);
    let current = true;
    set({ state: 'waiting' });
    void check(files).then((done) => current && set(done));
    return () => {
      current = false;
    };
  }, [files]);
  return checking;
}

/** What was found, file by file; the one that was altered by name. */
export function VerdictView({ checking }: { checking: Checking }) {
  if (checking.state === 'waiting')
    return (
      <p class="verd wait" role="status">
        Checking…
      </p>
    );
  if (checking.state === 'failed')
    return (
      <div class="verd no" role="alert">
        <Icon of={TriangleAlert} />
        <div>
          <b>It could not be checked.</b>
          {checking.why}
        </div>
      </div>
    );
  const { verdict, at } = checking;
  const wrong = verdict.files.filter(({ fault }) => fault !== undefined);
  return (
    <>
      <div class={`verd ${verdict.ok ? '' : 'no'}`} role="status">
        <Icon of={verdict.ok ? Check : TriangleAlert} />
        <div>
          <b>
            {verdict.ok
              ? 'The files are as they were signed'
              : `Not as it was signed: ${wrong.map(({ name }) => name).join(', ')}`}
          </b>
          {verdict.about &&
            `${verdict.about.party}, ${monthYear(verdict.about.period)}${verdict.about.revision > 0 ? `, revision ${verdict.about.revision}` : ''}. `}
          Checked in this browser, {dayTime(at)}. Nothing was sent.
        </div>
      </div>
      <ul class="files">
        {verdict.files.map((file) => (
          <FileLine key={file.name} file={file} />
        ))}
      </ul>
      <dl class="kv">
        <dt>Key</dt>
        <dd>
          <code>{verdict.keyId}</code>
        </dd>
        <dt>Where it is from</dt>
        <dd>
          {verdict.keyFrom === 'server' ? 'this server' : 'beside the files: ask the publisher whether it is theirs'}
        </dd>
      </dl>
    </>
  );
}

function FileLine({ file: { name, bytes: size, fault } }: { file: CheckedFile }) {
  return (
    <li class={fault === undefined ? '' : 'wrong'}>
      <Icon
        of={fault === undefined ? Check : fault === 'not-signed' ? Minus : X}
        class={fault === undefined ? 'ok' : 'no'}
      />
      <b>{name}</b>
      <span>{fault === undefined ? bytes(size ?? 0) : FAULTS[fault]}</span>
    </li>
  );
}

/** Takes the files of a release, dropped or chosen. */
export function DropFiles({
  take,
  large = false,
  children,
}: {
  take: (files: Files) => void;
  large?: boolean;
  children: preact.ComponentChildren;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const read = async (list: FileList | null | undefined) => {
    const found = await Promise.all(
      Array.from(list ?? [], async (file) => [file.name, new Uint8Array(await file.arrayBuffer())] as const),
    );
    if (found.length > 0) take(new Map(found));
    if (input.current) input.current.value = '';
  };
  return (
    <label
      class={`drop ${over ? 'over' : ''} ${large ? 'large' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void read(event.dataTransfer?.files);
      }}
    >
      {children}
      <input
        ref={input}
        class="vh"
        type="file"
        multiple
        aria-label="Files of a release"
        onChange={(event) => void read(event.currentTarget.files)}
      />
    </label>
  );
}

/** Where the page may not check: why, and what does. */
export function CannotCheck() {
  return (
    <div class="card">
      <div class="verd wait">
        <Icon of={TriangleAlert} />
        <div>
          <b>This page cannot check here.</b>
          Browsers allow it over https or on this machine alone, and this page came over plain http.
        </div>
      </div>
      <Commands />
    </div>
  );
}

export function Commands() {
  return (
    <>
      <p class="note">On any machine that has the files, with what is there already:</p>
      <pre class="command">
        node verify.mjs{'\n'}
        {'\n'}# or with openssl alone{'\n'}
        base64 -d manifest.sig &gt; manifest.sig.bin{'\n'}
        openssl pkeyutl -verify -pubin -inkey public-key.pem -rawin -in manifest.json -sigfile manifest.sig.bin
      </pre>
    </>
  );
}
