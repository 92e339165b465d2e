import { useState } from 'preact/hooks';
import type { CountsAnswer, DeviceName } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { useFacets } from '../../lib/facets.ts';
import { plural } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { CATEGORY_NAMES, headline } from '../../lib/words.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Suggest } from '../../parts/suggest.tsx';
import { say } from '../../parts/toast.tsx';
import { faultOf } from './fault.ts';
import { type Row, wordsFor } from './name.ts';
import { Preview, usePreview } from './preview.tsx';

/** What the name is: category, maker and model, each with what the catalogue knows. Before saving it says what goes along. */
export function NameForm({ row, next }: { row: Row; next: () => void }) {
  const facets = useFacets();
  const renew = useRenew();
  const [category, setCategory] = useState(row.mappedTo?.category ?? row.category);
  const [vendor, setVendor] = useState(row.mappedTo?.vendor ?? row.vendor);
  const [model, setModel] = useState(row.mappedTo?.model ?? row.model);
  const [newVendor, setNew] = useState(false);
  const [fault, setFault] = useState<string>();
  const models = useApi<CountsAnswer>(vendor === '' ? undefined : '/v1/counts', {
    view: 'model',
    category,
    vendor,
    limit: 200,
    sort: 'name',
  });
  const from = { category: row.category, vendor: row.vendor, model: row.model };
  const body = { ...from, to: { category, vendor, model }, newVendor };
  const preview = usePreview(body, model.trim() !== '');
  const save = async (to: DeviceName | null) => {
    await send('POST', '/v1/catalog/mappings', to === null ? { ...from, to } : body);
    await renew();
    say(to === null ? 'Taken back.' : `${wordsFor(row)} is ${wordsFor(to)}.`);
  };
  const submit = async (event: Event) => {
    event.preventDefault();
    try {
      await save({ category, vendor, model });
      setFault(undefined);
      next();
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  };
  return (
    <Panel title={`What is “${wordsFor(row)}”?`} sub={`${plural(row.sites, 'site')} have it`}>
      <form class="fields card" onSubmit={submit}>
        <div>
          <label for="um-category">Category</label>
          <select
            id="um-category"
            value={category}
            onChange={(event) => setCategory(event.currentTarget.value as typeof category)}
          >
            {CATEGORY_NAMES.map((name) => (
              <option key={name} value={name} selected={name === category}>
                {headline(name)}
              </option>
            ))}
          </select>
        </div>
        <div class="pair">
          <div>
            <label for="um-vendor">Maker</label>
            <Suggest
              id="um-vendor"
              name="vendor"
              value={vendor}
              set={setVendor}
              known={facets.data?.vendors.map((known) => known.vendor) ?? []}
            />
          </div>
          <div>
            <label for="um-model">Model</label>
            <Suggest
              id="um-model"
              name="model"
              value={model}
              set={setModel}
              known={models.data?.rows.map((known) => known.model ?? '') ?? []}
              required
            />
          </div>
        </div>
        <label class="check-row">
          <input type="checkbox" checked={newVendor} onChange={(event) => setNew(event.currentTarget.checked)} />
          The catalogue does not know this maker yet
        </label>
        <Preview preview={preview.data} problem={preview.error} row={row} />
        {fault !== undefined && (
          <p class="err" role="alert">
            {fault}
          </p>
        )}
        <div class="act">
          <button class="btn main" type="submit" disabled={preview.isError}>
            Save and go on
          </button>
          {row.mappedTo !== null && (
            <AskAgain
              label="Take back"
              title={`Take back what “${wordsFor(row)}” is?`}
              confirm="Take it back"
              danger
              act={() => save(null)}
            >
              It is an unlisted name again, from the next count on.
            </AskAgain>
          )}
        </div>
      </form>
    </Panel>
  );
}
