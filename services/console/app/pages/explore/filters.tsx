import { Search } from 'lucide-preact';
import { memo } from 'preact/compat';
import { useEffect, useRef, useState } from 'preact/hooks';
import { EXPLORE_VIEWS, headline } from '../../lib/words.ts';
import { Seg, Select } from '../../parts/controls.tsx';
import { Icon } from '../../parts/icon.tsx';
import type { Question } from './question.ts';

/** Why a switch does not apply: it stays visible and says so. */
const NOT: Readonly<Record<string, string>> = {
  model: 'not with models',
  vendor: 'not with makers',
  platform: 'not with platforms',
  platform_vendor: 'not by platform',
  category: 'not with categories',
};

export const Filters = memo(function Filters({ question }: { question: Question }) {
  const { facets, state, set, view, has } = question;
  const any = { value: '', label: 'Any' };
  const vendors = (facets.data?.vendors ?? []).filter(
    ({ categories }) => state.category === undefined || categories.includes(state.category),
  );
  const not = NOT[view];
  return (
    <section class="panel" aria-label="Filters">
      <div class="filters">
        <Seg
          name="View"
          choices={EXPLORE_VIEWS.map(({ view: value, label }) => ({ value, label }))}
          value={view}
          choose={(next) => set({ view: next, sort: undefined, only: undefined, cell: undefined })}
        />
        <span class="sep" />
        <Select
          name="Category"
          value={state.category ?? 'phone'}
          choose={(category) => set({ category, vendor: undefined, only: undefined, cell: undefined })}
          choices={(facets.data?.categories ?? [{ category: 'phone' }]).map(({ category }) => ({
            value: category,
            label: headline(category),
          }))}
          disabled={has('category') && view !== 'category' ? undefined : not}
        />
        <Select
          name="Maker"
          value={state.vendor ?? ''}
          choose={(vendor) => set({ vendor, only: undefined })}
          choices={[any, ...vendors.map(({ vendor }) => ({ value: vendor, label: vendor }))]}
          disabled={has('vendor') && view !== 'vendor' ? undefined : not}
        />
        <Select
          name="Platform"
          value={state.platform ?? ''}
          choose={(platform) => set({ platform, only: undefined })}
          choices={[
            any,
            ...(facets.data?.platforms ?? []).map(({ platform }) => ({ value: platform, label: platform })),
          ]}
          disabled={has('platform') && view !== 'platform' ? undefined : not}
        />
        <NameField value={state.q ?? ''} type={(q) => set({ q }, 'replace')} />
      </div>
    </section>
  );
});

const AFTER_TYPING_MS = 200;

/** Typing replaces the address instead of adding to its history, once the typing pauses. */
function NameField({ value, type }: { value: string; type: (q: string) => void }) {
  const [text, setText] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const asked = useRef(value);
  // Another text than was asked for comes from elsewhere, as by Back; while our own comes, somebody may be typing on.
  useEffect(() => {
    if (value === asked.current) return;
    clearTimeout(timer.current);
    asked.current = value;
    setText(value);
  }, [value]);
  // Who is on another page by then has not asked for it there.
  useEffect(() => () => clearTimeout(timer.current), []);
  const ask = (q: string) => {
    asked.current = q;
    type(q);
  };
  return (
    <label class="field">
      <Icon of={Search} />
      <span class="vh">Name contains</span>
      <input
        type="search"
        placeholder="Name contains"
        maxLength={64}
        value={text}
        onInput={(event) => {
          const next = event.currentTarget.value;
          setText(next);
          clearTimeout(timer.current);
          timer.current = setTimeout(() => ask(next.trim()), AFTER_TYPING_MS);
        }}
      />
    </label>
  );
}
