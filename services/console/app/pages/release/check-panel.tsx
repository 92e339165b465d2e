import { useState } from 'preact/hooks';
import { canCheck, type Files } from '../../lib/verify.ts';
import { Panel } from '../../parts/panel.tsx';
import { CannotCheck, DropFiles, useCheck, VerdictView } from '../../parts/verdict.tsx';

export function CheckPanel({ files }: { files: Files | undefined }) {
  const [other, take] = useState<Files>();
  const checking = useCheck(canCheck() ? (other ?? files) : undefined);
  return (
    <Panel title="Check it yourself" sub={other ? 'The files you dropped' : undefined}>
      {canCheck() ? (
        <>
          {checking && <VerdictView checking={checking} />}
          <DropFiles take={take}>Drop files of another release here to check them</DropFiles>
        </>
      ) : (
        <CannotCheck />
      )}
    </Panel>
  );
}
