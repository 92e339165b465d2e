import { Link } from 'wouter-preact';
import type { HeldAnswer } from '../../../lib/answers.ts';
import type { Asked } from '../../../lib/use-api.ts';
import { Content, Panel } from '../../../parts/panel.tsx';
import { HeldCard, keyOf } from '../held.tsx';
import { NothingHeld } from '../nothing-held.tsx';

export function HeldPanel({ asked }: { asked: Asked<HeldAnswer> }) {
  return (
    <Panel title="Held numbers">
      <Content asked={asked} rows={3} what="Held numbers">
        {(answer) => {
          const waiting = answer.cells.filter(({ decision }) => decision === null);
          if (waiting.length === 0) return <NothingHeld first={answer.first} />;
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
