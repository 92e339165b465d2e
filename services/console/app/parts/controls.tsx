import { ChevronDown, ChevronLeft, ChevronRight } from 'lucide-preact';
import type { FacetsAnswer } from '../lib/answers.ts';
import { addMonths, monthYear } from '../lib/format.ts';
import { Icon } from './icon.tsx';
import { useKey } from './keyboard.tsx';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Why it cannot be chosen now. */
  readonly not?: string | undefined;
}

/** One of a few. What does not apply stays visible and says why. */
export function Seg<T extends string>({
  name,
  choices,
  value,
  choose,
  small = false,
}: {
  name: string;
  choices: readonly Choice<T>[];
  value: T;
  choose: (value: T) => void;
  small?: boolean;
}) {
  return (
    <div class={`seg ${small ? 's' : ''}`} role="group" aria-label={name}>
      {choices.map(({ value: one, label, not }) => (
        <button
          key={one}
          type="button"
          aria-pressed={one === value}
          disabled={not !== undefined}
          {...(not === undefined ? {} : { title: not })}
          onClick={() => choose(one)}
        >
          {label}
          {not !== undefined && <span class="vh"> ({not})</span>}
        </button>
      ))}
    </div>
  );
}

/** The platform's own list, in the console's dress. */
export function Select({
  name,
  choices,
  value,
  choose,
  disabled,
  grow = false,
}: {
  name: string;
  choices: readonly Choice<string>[];
  value: string;
  choose: (value: string) => void;
  /** Why nothing can be chosen now. */
  disabled?: string | undefined;
  grow?: boolean;
}) {
  return (
    <label class={`sel ${grow ? 'grow' : ''} ${disabled === undefined ? '' : 'off'}`} title={disabled}>
      <em>{name}</em>
      {disabled !== undefined ? (
        <em class="why">{disabled}</em>
      ) : (
        <>
          <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
            {choices.map(({ value: one, label }) => (
              <option key={one} value={one} selected={one === value}>
                {label}
              </option>
            ))}
          </select>
          <Icon of={ChevronDown} size={14} />
        </>
      )}
    </label>
  );
}

/** The month that is looked at: one earlier, one later, or any. Keys p and n. */
export function MonthStepper({
  period,
  periods,
  choose,
}: {
  period: string;
  periods: readonly string[];
  choose: (period: string) => void;
}) {
  const inOrder = [...new Set([...periods, period])].sort();
  const at = inOrder.indexOf(period);
  const [earlier, later] = [inOrder[at - 1], inOrder[at + 1]];
  useKey('p', earlier === undefined ? undefined : () => choose(earlier));
  useKey('n', later === undefined ? undefined : () => choose(later));
  return (
    <div class="seg month" role="group" aria-label="Month">
      <button
        type="button"
        aria-label="Earlier month"
        disabled={earlier === undefined}
        onClick={() => earlier && choose(earlier)}
      >
        <Icon of={ChevronLeft} />
      </button>
      <select aria-label="Month" value={period} onChange={(event) => choose(event.currentTarget.value)}>
        {inOrder.toReversed().map((one) => (
          <option key={one} value={one} selected={one === period}>
            {monthYear(one)}
          </option>
        ))}
      </select>
      <button
        type="button"
        aria-label="Later month"
        disabled={later === undefined}
        onClick={() => later && choose(later)}
      >
        <Icon of={ChevronRight} />
      </button>
    </div>
  );
}

const DISTANCES = [
  { value: '1', label: '1 month', months: 1, key: '1' },
  { value: '3', label: '3 months', months: 3, key: '3' },
  { value: '12', label: '1 year', months: 12, key: 'y' },
] as const;

/** What is compared with. A year, or the first month there is, needs no parameter. */
function CompareWith({
  period,
  compare,
  provisional,
  periods,
  choose,
}: {
  period: string;
  /** As the address says; undefined for the default. */
  compare: string | undefined;
  provisional: boolean;
  periods: FacetsAnswer['periods'];
  choose: (compare: string | undefined) => void;
}) {
  const final = new Set(periods.filter((one) => !one.provisional).map((one) => String(one.period)));
  const open = provisional ? 'An open month shows no changes: it would be compared with a full one' : undefined;
  const choices = DISTANCES.map(({ value, label, months }) => {
    const other = addMonths(period, -months);
    const missing = months < 12 && !final.has(other) ? `${monthYear(other)} has no final numbers` : undefined;
    return { value, label, not: open ?? missing };
  });
  const take = (value: string) => choose(value === '12' ? undefined : addMonths(period, -Number(value)));
  const chosen =
    compare === undefined
      ? '12'
      : (DISTANCES.find(({ months }) => addMonths(period, -months) === compare)?.value ?? '');
  const usable = (value: string) => choices.some((one) => one.value === value && one.not === undefined);
  useKey('1', usable('1') ? () => take('1') : undefined);
  useKey('3', usable('3') ? () => take('3') : undefined);
  useKey('y', usable('12') ? () => take('12') : undefined);
  return <Seg name="Compare with" choices={choices} value={chosen} choose={take} />;
}

/** Both months of a page: the one that is looked at, and what it is compared with. Another month starts with the comparison that needs no parameter. */
export function MonthAndCompare({
  period,
  compare,
  provisional,
  periods,
  set,
}: {
  period: string;
  compare: string | undefined;
  provisional: boolean;
  periods: FacetsAnswer['periods'];
  set: (change: { period?: string; compare: string | undefined }) => void;
}) {
  return (
    <>
      <MonthStepper
        period={period}
        periods={periods.map((each) => each.period)}
        choose={(next) => set({ period: next, compare: undefined })}
      />
      <CompareWith
        period={period}
        compare={compare}
        provisional={provisional}
        periods={periods}
        choose={(next) => set({ compare: next })}
      />
    </>
  );
}
