import type { OverviewAnswer } from '../../lib/answers.ts';

export function PartFailed({ answer, part, again }: { answer: OverviewAnswer; part: string; again: () => unknown }) {
  const type = answer.problems.find((problem) => problem.part === part)?.type ?? 'unknown';
  return (
    <div class="msg" role="alert">
      <p>
        <b>This panel could not be loaded.</b>
        <br />
        The other panels are not concerned.
      </p>
      <div class="row">
        <button class="btn" type="button" onClick={() => again()}>
          Try again
        </button>
        <span class="muted">{type}</span>
      </div>
    </div>
  );
}
