/** fine: nothing to do. note: worth a look. bad: something does not work. unknown: it could not be looked at. */
type FindingState = 'fine' | 'note' | 'bad' | 'unknown';

/** One thing that was looked at, in one line. */
export interface Finding {
  /** Such as `store` or `disk /data`. */
  readonly what: string;
  readonly state: FindingState;
  /** What was seen. */
  readonly seen: string;
  /** What an operator does about it; '' when there is nothing to do. */
  readonly todo: string;
}

export const fine = (what: string, seen: string): Finding => ({ what, state: 'fine', seen, todo: '' });
export const note = (what: string, seen: string, todo: string): Finding => ({ what, state: 'note', seen, todo });
export const bad = (what: string, seen: string, todo: string): Finding => ({ what, state: 'bad', seen, todo });
export const unknown = (what: string, seen: string, todo = ''): Finding => ({ what, state: 'unknown', seen, todo });

const MARKS: Readonly<Record<FindingState, string>> = { fine: 'ok  ', note: 'note', bad: 'BAD ', unknown: '-   ' };

export function lineOf({ what, state, seen, todo }: Finding): string {
  return `${MARKS[state]} ${what}: ${seen}${todo === '' ? '' : `. ${todo}`}`;
}
