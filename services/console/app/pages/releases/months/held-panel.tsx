import { Check } from 'lucide-preact';
import { Link } from 'wouter-preact';
import type { HeldAnswer } from '../../../lib/answers.ts';
import type { Asked } from '../../../lib/use-api.ts';
import { Icon } from '../../../parts/icon.tsx';
import { Content, Panel } from '../../../parts/panel.tsx';
import { HeldCard, keyOf } from '../held.tsx';

export function HeldPanel({ asked }: { asked: Asked<HeldAnswer> }) {
  return (
    <Panel title="Held numbers">
      <Content asked={asked} rows={3} what="Held numbers">
        {(answer) => {
          const waiting = answer.cells.filter(({ decision }) => decision === null);
          if (waiting.length === 0)
            return (
              <div class="empty">
                <Icon of={Check} size={26} />
                <b>Nothing is held</b>
                <p>
                  {answer.first
                    ? 'There is no release before this one to compare it with, so that nothing of it is held.'
                    : 'No number grew beyond its noise and the fleet’s own churn, and no name is new.'}
                </p>
              </div>
            );
          return (
            <>
              {waiting.slice(0, 2).map((cell) => (
                <HeldCard key={keyOf(cell)} held={cell} />
              ))}
              {waiting.length > 2 && (
                <p class="card">
                  <Link href="/releases/held">All {waiting.length}</Link>
                </p>
              )}
            </>
          );
        }}
      </Content>
    </Panel>
  );
}
