import { ApiProblem } from '../lib/api.ts';

/** The end of a form in a dialog: what is wrong with what was sent, and the two ways on. */
export function FormEnd({ fault, submit, cancel }: { fault: string | undefined; submit: string; cancel: () => void }) {
  return (
    <>
      {fault !== undefined && (
        <p class="err" role="alert">
          {fault}
        </p>
      )}
      <div class="act">
        <button class="btn main" type="submit">
          {submit}
        </button>
        <button class="btn" type="button" onClick={cancel}>
          Cancel
        </button>
      </div>
    </>
  );
}

/** In words, with the parts that are at fault. */
export function faultOf(thrown: unknown): string {
  if (!(thrown instanceof ApiProblem)) return 'Something went wrong in this page.';
  return [thrown.message, ...thrown.errors.map(({ pointer, reason }) => `${pointer ?? ''}: ${reason}`)].join(' ');
}
