import { Link } from 'wouter-preact';
import type { ModelAnswer } from '../../lib/answers.ts';
import { count, plural } from '../../lib/format.ts';
import { many } from '../../lib/words.ts';
import { Panel } from '../../parts/panel.tsx';

export function MethodPanel({ answer, category }: { answer: ModelAnswer | undefined; category: string }) {
  return (
    <Panel title="Method">
      <dl class="meth">
        <dt>Counted</dt>
        <dd>
          {count(answer?.total.sites)} sites with {many(category)}
        </dd>
        <dt>State</dt>
        <dd>
          {answer?.provisional ? <span class="badge prov">Provisional</span> : <span class="badge final">Final</span>}{' '}
          exact, no noise
        </dd>
        <dt>Shown from</dt>
        <dd>{plural(answer?.threshold ?? 10, 'site')} on</dd>
        {answer?.catalogue && (
          <>
            <dt>Recognised as</dt>
            <dd>catalogue {answer.catalogue}</dd>
          </>
        )}
        <dt>Clear change</dt>
        <dd>
          more than twice the spread that chance gives a count of this size. <Link href="/method">Method</Link>
        </dd>
      </dl>
    </Panel>
  );
}
