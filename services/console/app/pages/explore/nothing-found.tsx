import type { CountsAnswer } from '../../lib/answers.ts';
import { monthYear } from '../../lib/format.ts';
import { capital, one } from '../../lib/words.ts';
import { EmptyMonth } from '../../parts/empty-month.tsx';
import { Nothing } from '../../parts/states.tsx';
import type { Question } from './question.ts';

export function NothingFound({ answer, question }: { answer: CountsAnswer; question: Question }) {
  const { state, set, filters } = question;
  if (answer.total.sites === null && state.q === undefined)
    return (
      <EmptyMonth
        period={answer.period}
        threshold={answer.threshold}
        look={(period) => set({ period, compare: undefined })}
      />
    );
  const what = filters.category === undefined ? 'Nothing' : `No ${one(filters.category)}`;
  return (
    <Nothing
      title={
        state.q === undefined
          ? `${capital(what)} is shown.`
          : `${what === 'Nothing' ? 'Nothing' : `${what} here`} has “${state.q}” in its name.`
      }
      action={
        <button
          class="btn"
          type="button"
          onClick={() => set(state.q === undefined ? { vendor: undefined, platform: undefined } : { q: undefined })}
        >
          {state.q === undefined ? 'Take the filters back' : 'Clear the text'}
        </button>
      }
    >
      In {monthYear(answer.period)}. A name that fewer than {answer.threshold} sites have is not found.
    </Nothing>
  );
}
