import { useState } from 'preact/hooks';
import type { ChoicesAnswer } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { now } from '../../lib/clock.ts';
import { addMonths, dayYear, monthYear } from '../../lib/format.ts';
import { useSession } from '../../lib/session.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { Select } from '../../parts/controls.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { NoNoise, Nothing } from '../../parts/states.tsx';
import { say } from '../../parts/toast.tsx';

const WORDS = { noised: 'with noise', threshold: 'by threshold alone' } as const;
const AHEAD = 6;

/** With noise, or by a threshold alone: chosen before a month begins, and loud ever after. */
export function Profile() {
  const asked = useApi<ChoicesAnswer>('/v1/release-profile');
  const { data: session } = useSession();
  return (
    <div class="cols">
      <Panel title="How months are released" class="c7" sub="In the order of the choices; before the first, with noise">
        <Content asked={asked} rows={3} what="The choices">
          {({ choices }) =>
            choices.length === 0 ? (
              <Nothing title="Every month is released with noise.">Nothing else was ever chosen.</Nothing>
            ) : (
              <table>
                <thead>
                  <tr>
                    <th scope="col">From</th>
                    <th scope="col">Released</th>
                    <th scope="col">Chosen</th>
                    <th scope="col">By</th>
                  </tr>
                </thead>
                <tbody>
                  {choices.map((choice) => (
                    <tr key={`${choice.since}${choice.at}`}>
                      <td>{monthYear(choice.since)}</td>
                      <td>
                        {WORDS[choice.profile]}{' '}
                        {choice.profile === 'threshold' && <span class="badge prov">NO NOISE</span>}
                      </td>
                      <td>{dayYear(choice.at)}</td>
                      <td>
                        <code>{choice.by}</code>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </Content>
      </Panel>
      <div class="c5 stack">
        <Panel title="What the choice means">
          <div class="card">
            <p class="note">
              With noise, nobody who reads a release can be sure whether any one site is in it. By threshold alone the
              numbers are exact, for fleets too small for noise.
            </p>
            <NoNoise>
              A month released by threshold alone. What it reveals has no bound; its epsilon is “unbounded”. The mark
              stands in the month’s row, on the manufacturer’s page, in the first line of every file and in the ledger.
              It cannot be switched off.
            </NoNoise>
            {session?.roles.includes('admin') ? (
              <Choose />
            ) : (
              <p class="note">An admin chooses it, for months that have not begun.</p>
            )}
          </div>
        </Panel>
      </div>
    </div>
  );
}

function Choose() {
  const renew = useRenew();
  const next = Array.from({ length: AHEAD }, (_, i) => addMonths(new Date(now()).toISOString().slice(0, 7), i + 1));
  const [since, setSince] = useState(next[0] ?? '');
  const [profile, setProfile] = useState<'noised' | 'threshold'>('noised');
  const choose = async () => {
    await send('POST', '/v1/release-profile', { since, profile });
    say(`From ${monthYear(since)} on: ${WORDS[profile]}.`);
    await renew();
  };
  return (
    <div class="act">
      <Select
        name="From"
        value={since}
        choose={setSince}
        choices={next.map((month) => ({ value: month, label: monthYear(month) }))}
      />
      <Select
        name="Released"
        value={profile}
        choose={(value) => setProfile(value as 'noised' | 'threshold')}
        choices={[
          { value: 'noised', label: 'with noise' },
          { value: 'threshold', label: 'by threshold alone' },
        ]}
      />
      <AskAgain
        label="Choose"
        title={`From ${monthYear(since)} on ${WORDS[profile]}?`}
        confirm="Choose it"
        danger={profile === 'threshold'}
        act={choose}
      >
        {profile === 'threshold'
          ? 'What these months reveal will have no bound, and every reader is told so.'
          : 'Numbers carry noise, each with its margin.'}
      </AskAgain>
    </div>
  );
}
