import { ApiProblem } from '../../lib/api.ts';

const REASONS: Readonly<Record<string, string>> = {
  'unknown-vendor': 'The catalogue does not know this maker. Tick the box below if it is one.',
  'already-listed': 'A rule of the catalogue knows this name already.',
  'personal-data': 'The name looks like somebody’s own.',
};

export function faultOf(thrown: unknown): string {
  if (!(thrown instanceof ApiProblem)) return 'Something went wrong in this page.';
  const reason = thrown.errors[0]?.reason;
  return reason === undefined ? thrown.message : (REASONS[reason] ?? `${thrown.message} (${reason})`);
}
