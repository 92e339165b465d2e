import { send } from '../../../lib/api.ts';
import { monthYear } from '../../../lib/format.ts';
import { STEP_WORDS } from '../../../lib/words.ts';
import { AskAgain } from '../../../parts/ask-again.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { say } from '../../../parts/toast.tsx';
import { type PeriodRow, StateBadge } from './state-badge.tsx';

const STEPS = ['DRAINED', 'FROZEN', 'NOISED', 'VERIFIED', 'DESTROYED', 'RELEASED'] as const;

/** A close on its way or stopped: six steps, the failed one red, its code and what to do. */
export function Closing({ period, releaser, again }: { period: PeriodRow; releaser: boolean; again: () => void }) {
  const done = STEPS.indexOf(period.step as (typeof STEPS)[number]) + 1;
  const failed = period.failure !== null;
  const close = async () => {
    await send('POST', `/v1/periods/${period.period}/close`, {});
    say('The close was asked for. It goes on where it stood.');
    again();
  };
  return (
    <Panel
      title={`${monthYear(period.period)}: ${failed ? 'the close stopped' : 'closing'}`}
      badge={<StateBadge period={period} />}
    >
      <div class="card">
        <ol class="steps" aria-label={`${done} of ${STEPS.length} steps are done`}>
          {STEPS.map((step, i) => (
            <li key={step} class={i < done ? '' : i === done && failed ? 'stop' : 'todo'} title={STEP_WORDS[step]}>
              <span class="vh">
                {STEP_WORDS[step]}: {i < done ? 'done' : i === done && failed ? 'failed' : 'to do'}
              </span>
            </li>
          ))}
        </ol>
        <p class="note">
          {failed ? (
            <>
              <b>
                Stopped {done === 0 ? 'before the first step' : `after “${STEP_WORDS[STEPS[done - 1] ?? '']}”`}:{' '}
                {period.failure}.
              </b>{' '}
              {done >= 5 ? 'The facts are destroyed and' : 'Nothing was destroyed and'} nothing more was sent. It goes
              on where it stood.
            </>
          ) : (
            `${done} of ${STEPS.length} steps are done. It goes on by itself.`
          )}
        </p>
        {releaser && failed && (
          <div class="act">
            <AskAgain
              label="Close now"
              title={`Close ${monthYear(period.period)} now?`}
              confirm="Close it"
              main
              act={close}
            >
              Facts are destroyed, counts of too few sites dropped, releases made. What was done is not done again.
            </AskAgain>
            <a class="btn" href="/docs#POST-v1-periods-period-close">
              What to do
            </a>
          </div>
        )}
      </div>
    </Panel>
  );
}
