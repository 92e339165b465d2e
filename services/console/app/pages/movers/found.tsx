import type { MoversAnswer, MoversRow } from '../../lib/answers.ts';
import { monthYear } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { capital, many, one } from '../../lib/words.ts';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import { CameAndWent } from './came-and-went.tsx';
import { FIRST, Moved } from './moved.tsx';
import type { Question } from './question.ts';

const PLATFORMS = 8;

export function Found({ question }: { question: Question }) {
  const asked = useApi<MoversAnswer>('/v1/movers', { ...question });
  const platforms = useApi<MoversAnswer>('/v1/movers', { view: 'platform', from: question.from, to: question.to });
  const { view, category } = question;
  const things = view === 'vendor' ? `Makers of ${many(category)}` : `${capital(one(category))} models`;
  const both = (answer: MoversAnswer) => answer.rows.filter((row) => row.sitesShareChange !== null);
  return (
    <div class="two">
      <Panel
        title={`${things} that rose`}
        sub={asked.data && subOf(asked.data, 'up')}
        badge={asked.data?.provisional ? <span class="badge prov">Provisional</span> : undefined}
        tools={<ExportMenu of={{ path: '/v1/movers', params: { ...question, direction: 'up', state: 'both' } }} />}
      >
        <Content asked={asked} rows={FIRST} what="What rose">
          {(answer) =>
            answer.provisional ? (
              <NoChanges answer={answer} />
            ) : (
              <Moved
                rows={both(answer).filter((row) => (row.sitesShareChange ?? 0) > 0)}
                view={view}
                most={mostOf(answer)}
                none="Nothing rose."
              />
            )
          }
        </Content>
      </Panel>
      <div class="stack">
        <Panel
          title={`${things} that fell`}
          sub={asked.data && subOf(asked.data, 'down')}
          tools={<ExportMenu of={{ path: '/v1/movers', params: { ...question, direction: 'down', state: 'both' } }} />}
        >
          <Content asked={asked} rows={6} what="What fell">
            {(answer) =>
              answer.provisional ? (
                <NoChanges answer={answer} />
              ) : (
                <Moved
                  rows={both(answer).filter((row) => (row.sitesShareChange ?? 0) < 0)}
                  view={view}
                  most={mostOf(answer)}
                  none="Nothing fell."
                />
              )
            }
          </Content>
        </Panel>
        <Panel
          title="Platforms"
          sub="The largest moves, of all sites"
          tools={
            <ExportMenu
              of={{ path: '/v1/movers', params: { view: 'platform', from: question.from, to: question.to } }}
            />
          }
        >
          <Content asked={platforms} rows={7} what="Platforms">
            {(answer) =>
              answer.provisional ? (
                <NoChanges answer={answer} />
              ) : (
                <Moved
                  rows={largest(both(answer))}
                  view="platform"
                  most={mostOf(answer)}
                  none="No platform is shown in both months."
                />
              )
            }
          </Content>
        </Panel>
        <CameAndWent answers={[asked.data, platforms.data]} />
      </div>
    </div>
  );
}

/** The largest moves, those up first. */
function largest(rows: readonly MoversRow[]): MoversRow[] {
  const size = (row: MoversRow) => Math.abs(row.sitesShareChange ?? 0);
  return [...rows]
    .sort((a, b) => size(b) - size(a))
    .slice(0, PLATFORMS)
    .sort((a, b) => (b.sitesShareChange ?? 0) - (a.sitesShareChange ?? 0));
}

function mostOf({ rows }: MoversAnswer): number {
  return Math.max(1e-9, ...rows.map((row) => Math.abs(row.sitesShareChange ?? 0) * 100));
}

function subOf(answer: MoversAnswer, direction: 'up' | 'down'): string {
  const moved = answer.rows.filter((row) => row.sitesShareChange !== null);
  const n = moved.filter((row) =>
    direction === 'up' ? (row.sitesShareChange ?? 0) > 0 : (row.sitesShareChange ?? 0) < 0,
  ).length;
  return `${n} of ${moved.length} that are shown in both months`;
}

function NoChanges({ answer }: { answer: MoversAnswer }) {
  return (
    <Nothing title="No change is shown while a month is filling.">
      {monthYear(answer.to)} holds fewer sites for its first weeks: comparing it with a full month misleads.
    </Nothing>
  );
}
