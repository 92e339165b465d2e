import { useState } from 'preact/hooks';
import { canCheck, type Files } from '../lib/verify.ts';
import { Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { CannotCheck, Commands, DropFiles, useCheck, VerdictView } from '../parts/verdict.tsx';

/** Is this file as it was signed? The browser alone answers; the files go nowhere. */
export default function Check() {
  const [files, take] = useState<Files>();
  const checking = useCheck(files);
  useTitle('Check a release');
  return (
    <>
      <div class="title">
        <div>
          <h1>Check a release</h1>
          <p>Whether its files are as they were signed. They stay in this browser: nothing is sent.</p>
        </div>
      </div>
      <div class="cols">
        <Panel title="The files" class="c7" sub="All files of one release together, as they were given to you">
          {canCheck() ? (
            <>
              <DropFiles take={take} large>
                Drop the files here, or <u>choose them</u>
              </DropFiles>
              {checking && <VerdictView checking={checking} />}
            </>
          ) : (
            <CannotCheck />
          )}
        </Panel>
        <Panel title="How it is checked" class="c5">
          <div class="prose">
            <p>
              <b>manifest.json</b> names every file with its length and its SHA-256 digest. <b>manifest.sig</b> is an
              Ed25519 signature over the bytes of the manifest. A byte that was changed anywhere is named here.
            </p>
            <p>
              The key is the server’s own, from /v1/signing-key. Compare its first 16 digits with those that the
              publisher printed elsewhere.
            </p>
            <Commands />
          </div>
        </Panel>
      </div>
    </>
  );
}
