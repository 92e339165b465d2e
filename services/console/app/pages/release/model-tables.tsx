import { useMemo } from 'preact/hooks';
import { count } from '../../lib/format.ts';
import type { ReleaseShown } from '../../lib/release.ts';
import { Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import { CellTable } from './cell-table.tsx';
import { groupsOf } from './groups.ts';

/** One table for each kind of number that the release has. */
export function ModelTables({ document, before, own }: { document: ReleaseShown; before: string; own: boolean }) {
  const groups = useMemo(() => groupsOf(document, own), [document, own]);
  if (groups.length === 0)
    return (
      <Panel title="Numbers">
        <Nothing title="No number of this month stands out from the noise.">
          A model that is not here has too few sites, or none: the two are not told apart.
        </Nothing>
      </Panel>
    );
  return (
    <>
      {groups.map((group, i) => (
        <CellTable
          key={group.title}
          {...group}
          before={before}
          note={i === 0 ? noteOf(document) : undefined}
          noised={document.profile === 'noised'}
        />
      ))}
    </>
  );
}

function noteOf({ modelsFrom, mostPhones }: ReleaseShown): string {
  const from = modelsFrom === undefined ? 'too few sites to stand out' : `fewer than about ${count(modelsFrom)} sites`;
  const cap = mostPhones === undefined ? '' : ` Phones count at most ${mostPhones} of a model on a site.`;
  return `A model that is not here has ${from}, or none: the two are not told apart. A dash: too few phones to stand out from the noise.${cap}`;
}
