import { useQuery, useQueryClient } from '@tanstack/preact-query';
import { Check } from 'lucide-preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { CountsAnswer, DeviceName, MappingPreview, MappingsAnswer, UnlistedAnswer } from '../lib/answers.ts';
import { ApiProblem, send } from '../lib/api.ts';
import { useFacets } from '../lib/facets.ts';
import { count, dayYear, list, monthYear, plural } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { CATEGORY_NAMES, headline, one } from '../lib/words.ts';
import { AskAgain } from '../parts/ask-again.tsx';
import { ExportMenu } from '../parts/export-menu.tsx';
import { Icon } from '../parts/icon.tsx';
import { useKey } from '../parts/keyboard.tsx';
import { Content, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { Nothing } from '../parts/states.tsx';
import { Suggest } from '../parts/suggest.tsx';
import { say } from '../parts/toast.tsx';

const MOST = 200;
type Row = UnlistedAnswer['rows'][number];

/** Names that no rule knows: a queue, and beside it one form. j and k walk, so that twenty take minutes. */
export default function Unlisted() {
  const asked = useApi<UnlistedAnswer>('/v1/catalog/unlisted', { limit: MOST });
  const [chosen, choose] = useState<string>();
  useTitle('Unlisted');
  const rows = useMemo(
    () =>
      [...(asked.data?.rows ?? [])].sort(
        (a, b) => Number(a.mappedTo !== null) - Number(b.mappedTo !== null) || b.sites - a.sites,
      ),
    [asked.data],
  );
  const at = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === chosen),
  );
  const row = rows[at];
  const walk = (by: number) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, at + by))];
    if (next) choose(keyOf(next));
  };
  useKey('j', rows.length > 1 ? () => walk(1) : undefined);
  useKey('k', rows.length > 1 ? () => walk(-1) : undefined);
  const open = rows.filter(({ mappedTo }) => mappedTo === null).length;
  return (
    <>
      <div class="title">
        <div>
          <h1>Unlisted names</h1>
          <p>
            Names that the catalogue does not know{asked.data ? `, in ${monthYear(asked.data.period)}` : ''}.{' '}
            <kbd>j</kbd> and <kbd>k</kbd> walk.
          </p>
        </div>
        <div class="ctl">
          <ExportMenu
            of={{ path: '/v1/catalog/unlisted', params: { limit: MOST } }}
            rows={asked.data?.rows.length}
            page
          />
        </div>
      </div>
      <div class="queue">
        <Panel
          title="The queue"
          sub={asked.data ? `${plural(open, 'name')} ${open === 1 ? 'waits' : 'wait'}` : undefined}
          method={
            asked.data
              ? `A name is shown from ${asked.data.threshold} sites on. Below that it could be somebody’s own.`
              : undefined
          }
        >
          <Content asked={asked} rows={8} what="The queue">
            {() =>
              rows.length === 0 ? (
                <Empty threshold={asked.data?.threshold ?? 20} />
              ) : (
                <Queue rows={rows} at={at} choose={choose} />
              )
            }
          </Content>
        </Panel>
        <div class="stack sticky">{row && <NameForm key={keyOf(row)} row={row} next={() => walk(1)} />}</div>
      </div>
      <Mappings />
    </>
  );
}

const keyOf = ({ category, vendor, model }: DeviceName): string => JSON.stringify([category, vendor, model]);
const wordsFor = ({ vendor, model }: DeviceName): string => [vendor, model].filter((word) => word !== '').join(' ');

function Empty({ threshold }: { threshold: number }) {
  return (
    <div class="empty spaced">
      <Icon of={Check} size={26} />
      <b>Every name is known</b>
      <p>No unknown name has {threshold} sites or more.</p>
    </div>
  );
}

function Queue({ rows, at, choose }: { rows: readonly Row[]; at: number; choose: (key: string) => void }) {
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Category</th>
          <th scope="col" class="num" aria-sort="descending">
            Sites
          </th>
          <th scope="col" class="w">
            State
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row, i) => (
          <tr key={keyOf(row)} class={i === at ? 'me' : ''} onClick={() => choose(keyOf(row))}>
            <td class="name">
              <button type="button" class="link" aria-current={i === at} onClick={() => choose(keyOf(row))}>
                <small>{row.vendor}</small> {row.model}
              </button>
            </td>
            <td>{one(row.category)}</td>
            <td class="num">{count(row.sites)}</td>
            <td class="w">
              {row.mappedTo === null ? <span class="muted">waits</span> : <span class="badge final">named</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the name is: category, maker and model, each with what the catalogue knows. Before saving it says what goes along. */
function NameForm({ row, next }: { row: Row; next: () => void }) {
  const facets = useFacets();
  const client = useQueryClient();
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
    await client.invalidateQueries({ queryKey: ['api'] });
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

const AFTER_TYPING_MS = 300;

/** Asks what would happen, once typing pauses. Nothing is written. */
function usePreview(body: unknown, ready: boolean) {
  const text = JSON.stringify(body);
  const [asked, ask] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => ask(text), AFTER_TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ['preview', asked],
    queryFn: () => send<MappingPreview>('POST', '/v1/catalog/mappings', JSON.parse(asked), { dryRun: true }),
    enabled: ready,
    retry: false,
    staleTime: 60_000,
  });
}

function Preview({ preview, problem, row }: { preview: MappingPreview | undefined; problem: unknown; row: Row }) {
  if (problem) return <p class="preview">{faultOf(problem)}</p>;
  if (!preview) return null;
  const along = preview.along.filter((name) => keyOf(name) !== keyOf(row));
  return (
    <div class="preview" role="status">
      {preview.sites !== null && `${plural(preview.sites, 'site')} so far. `}It holds from {monthYear(preview.since)} on
      in reports, and from the next count on in months that are open.
      {along.length > 0 && ` Goes along: ${list(along.map(wordsFor))}.`}
    </div>
  );
}

const REASONS: Readonly<Record<string, string>> = {
  'unknown-vendor': 'The catalogue does not know this maker. Tick the box below if it is one.',
  'already-listed': 'A rule of the catalogue knows this name already.',
  'personal-data': 'The name looks like somebody’s own.',
};

function faultOf(thrown: unknown): string {
  if (!(thrown instanceof ApiProblem)) return 'Something went wrong in this page.';
  const reason = thrown.errors[0]?.reason;
  return reason === undefined ? thrown.message : (REASONS[reason] ?? `${thrown.message} (${reason})`);
}

/** What was made of names before, each with a way back. */
function Mappings() {
  const asked = useApi<MappingsAnswer>('/v1/catalog/mappings', { limit: 1000 });
  const client = useQueryClient();
  const takeBack = async (from: DeviceName) => {
    await send('POST', '/v1/catalog/mappings', { ...from, to: null });
    say('Taken back.');
    await client.invalidateQueries({ queryKey: ['api'] });
  };
  return (
    <Panel
      title="Named before"
      sub={asked.data ? `Catalogue ${asked.data.catalogue}` : undefined}
      tools={
        <ExportMenu of={{ path: '/v1/catalog/mappings', params: { limit: 1000 } }} rows={asked.data?.mappings.length} />
      }
    >
      <Content asked={asked} rows={3} what="What was named">
        {({ mappings }) =>
          mappings.length === 0 ? (
            <Nothing title="Nothing was named yet.">What curators make of names stands here, with a way back.</Nothing>
          ) : (
            <div class="scroll" role="group" aria-label="Named before" tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Is</th>
                    <th scope="col">In reports from</th>
                    <th scope="col" class="w">
                      Said
                    </th>
                    <th scope="col">
                      <span class="vh">Take back</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {[...mappings].reverse().map((mapping, i) => (
                    <tr key={`${keyOf(mapping.from)}${mapping.addedAt}`}>
                      <td>
                        {wordsFor(mapping.from)} <span class="muted">{one(mapping.from.category)}</span>
                      </td>
                      <td>{mapping.to === null ? <span class="muted">taken back</span> : wordsFor(mapping.to)}</td>
                      <td>{monthYear(mapping.since)}</td>
                      <td class="w">
                        {dayYear(new Date(mapping.addedAt).toISOString())}{' '}
                        <span class="muted">by {mapping.addedBy}</span>
                      </td>
                      <td class="num">
                        {mayTakeBack(mappings, mappings.length - 1 - i) && (
                          <AskAgain
                            label="Take back"
                            title={`Take back what “${wordsFor(mapping.from)}” is?`}
                            confirm="Take it back"
                            danger
                            act={() => takeBack(mapping.from)}
                          >
                            It is an unlisted name again, from the next count on.
                          </AskAgain>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Content>
    </Panel>
  );
}

/** The newest of a name that no other name leads to: those go first. */
function mayTakeBack(mappings: MappingsAnswer['mappings'], place: number): boolean {
  const { from, to } = mappings[place] ?? {};
  if (!from || !to || newestOf(mappings, from) !== place) return false;
  return !mappings.some(
    (one, i) =>
      one.to && keyOf(one.to) === keyOf(from) && keyOf(one.from) !== keyOf(from) && newestOf(mappings, one.from) === i,
  );
}

/** The place of the name's newest mapping. */
function newestOf(mappings: MappingsAnswer['mappings'], from: DeviceName): number {
  return mappings.findLastIndex((one) => keyOf(one.from) === keyOf(from));
}
