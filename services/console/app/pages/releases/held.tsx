import type { HeldAnswer, HeldCell } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { addMonths, count, dayTime, margin, monthName } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { QUERY_WORDS } from '../../lib/words.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { MarginBar } from '../../parts/numbers.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { say } from '../../parts/toast.tsx';
import { NothingHeld } from './nothing-held.tsx';

/** Of every month whose deadline has not passed. */
export const ALL_HELD = { period: 'all' };

/** Numbers that moved so far that somebody looks before they are published. Noised ones only. */
export function HeldNumbers() {
  const asked = useApi<HeldAnswer>('/v1/held', ALL_HELD);
  return (
    <Content asked={asked} rows={6} what="Held numbers">
      {(answer) => {
        const { cells } = answer;
        const waiting = cells.filter(({ decision }) => decision === null);
        const decided = cells.filter(({ decision }) => decision !== null);
        return (
          <>
            {waiting.length === 0 && (
              <section class="panel" aria-label="Nothing is held">
                <NothingHeld first={answer.first} spaced />
              </section>
            )}
            {newNames(waiting).map(([period, cells]) => (
              <AllNewNames key={period} period={period} names={cells.length} />
            ))}
            <div class="grid-cards">
              {waiting.map((held) => (
                <Panel
                  key={keyOf(held)}
                  title={nameOf(held)}
                  sub={`${QUERY_WORDS[held.cell.query] ?? held.cell.query}, ${monthName(held.period)}`}
                >
                  <HeldCard held={held} titled />
                </Panel>
              ))}
            </div>
            {decided.length > 0 && (
              <Panel title="Decided" sub="The first word holds">
                <table>
                  <thead>
                    <tr>
                      <th scope="col">Number</th>
                      <th scope="col">Month</th>
                      <th scope="col">Decision</th>
                    </tr>
                  </thead>
                  <tbody>
                    {decided.map((held) => (
                      <tr key={keyOf(held)}>
                        <td>{nameOf(held)}</td>
                        <td>{monthName(held.period)}</td>
                        <td>{held.decision === 'approve' ? 'passed' : 'suppressed'}</td>
                      </tr>
                    ))}
                  </tbody>
                </table>
              </Panel>
            )}
          </>
        );
      }}
    </Content>
  );
}

export const keyOf = ({ period, cell }: HeldCell): string => JSON.stringify([period, cell]);

/** Two names or more that no release has shown, month by month: the first months have many. */
function newNames(waiting: readonly HeldCell[]): [string, HeldCell[]][] {
  const months = new Map<string, HeldCell[]>();
  for (const held of waiting)
    if (held.why === 'new-name') months.set(held.period, [...(months.get(held.period) ?? []), held]);
  return [...months].filter(([, cells]) => cells.length > 1);
}

/** One act for all of them; those that were decided one by one stay as they were decided. */
function AllNewNames({ period, names }: { period: string; names: number }) {
  const renew = useRenew();
  const decide = async (decision: 'approve' | 'suppress') => {
    await send('POST', '/v1/held/new-names', { period, decision });
    say(decision === 'approve' ? 'They pass. They follow as an amendment.' : 'They stay unpublished.');
    await renew();
  };
  return (
    <Panel title={`${monthName(period)}: ${names} names that no release has shown`}>
      <div class="card">
        <p class="note">New phones, or invented sites? They can be decided one by one below, or all at once.</p>
        <div class="act">
          <AskAgain
            label={`Let all ${names} pass`}
            title={`Let ${names} new names pass?`}
            confirm="Let them pass"
            main
            act={() => decide('approve')}
          >
            They follow as an amendment to every release that they belong to. The first word holds.
          </AskAgain>
          <AskAgain
            label={`Suppress all ${names}`}
            title={`Suppress ${names} new names?`}
            confirm="Suppress them"
            danger
            act={() => decide('suppress')}
          >
            They stay unpublished for good. The first word holds.
          </AskAgain>
        </div>
      </div>
    </Panel>
  );
}

function nameOf({ cell: { platform, vendor, model } }: HeldCell): string {
  return [platform, vendor, model].filter((word) => word !== '').join(' ');
}

/** Two bars with margins, the deadline, and the two decisions; both ask once more. */
export function HeldCard({ held, titled = false }: { held: HeldCell; titled?: boolean }) {
  const renew = useRenew();
  const { now, earlier, cell, period, deadline, margin: margins } = held;
  const most = Math.max(now.sites, earlier?.sites ?? 0) + margins.sites;
  const decide = async (decision: 'approve' | 'suppress') => {
    await send('POST', '/v1/held/decisions', { period, cell, decision });
    say(decision === 'approve' ? 'It passes. It follows as an amendment.' : 'It stays unpublished.');
    await renew();
  };
  const before = monthName(addMonths(period, -1));
  return (
    <div class="card">
      {!titled && (
        <p>
          <b>{nameOf(held)}</b> <span class="muted">{QUERY_WORDS[cell.query] ?? cell.query}</span>
        </p>
      )}
      <div class="hl">
        <span>{before}</span>
        {earlier ? (
          <MarginBar value={earlier.sites} margin={margins.sites} most={most} />
        ) : (
          <span class="muted">not published</span>
        )}
        <b>
          {count(earlier?.sites)} <small>{earlier ? margin(margins.sites || null) : ''}</small>
        </b>
        <span>{monthName(period)}</span>
        <MarginBar value={now.sites} margin={margins.sites} most={most} />
        <b>
          {count(now.sites)} <small>{margin(margins.sites || null)}</small>
        </b>
      </div>
      <p class="note">
        {question(held)}{' '}
        {held.limit.sites > 0 &&
          `Up to ${count(Math.round(held.limit.sites))} more or fewer would have passed unseen. `}
        You see noised numbers only.
      </p>
      <div class="act">
        <AskAgain
          label="Let it pass"
          title={`Let ${nameOf(held)} pass?`}
          confirm="Let it pass"
          main
          act={() => decide('approve')}
        >
          It follows as an amendment to every release that it belongs to. The first word holds: it cannot be taken back.
        </AskAgain>
        <AskAgain
          label="Suppress it"
          title={`Suppress ${nameOf(held)}?`}
          confirm="Suppress it"
          danger
          act={() => decide('suppress')}
        >
          It stays unpublished for good. The first word holds: it cannot be taken back.
        </AskAgain>
      </div>
      <p class="note muted">
        {deadline === null
          ? 'It can be decided when the month is released.'
          : `Undecided by ${dayTime(deadline)}, it stays unpublished.`}
      </p>
    </div>
  );
}

function question({ now, earlier, why }: HeldCell): string {
  if (why === 'new-name') return 'No release has shown this name. New, or invented sites?';
  if (why === 'equal-steps') return 'It moved with others by the same number: invented sites do that.';
  if (!earlier) return 'It was not published before. New, or invented sites?';
  const factor = now.sites / Math.max(1, earlier.sites);
  if (factor >= 1 && factor < 1.5)
    return 'More than the fleet’s own growth explains. A wave of new phones, or invented sites?';
  if (factor >= 1.5)
    return `${factor >= 2 ? `${Math.round(factor)} times as many` : 'Half as many again'} in a month. A real wave of new phones, or invented sites?`;
  return 'Far fewer in a month. Did they really go, or did sites stop reporting?';
}
