import { Failure, failureCodeOf } from '../../shared/failure.ts';
import { explanationOf } from '../../shared/failure-codes.ts';
import type { Inventory, Resolution } from '../inventory.ts';
import { printable } from '../policy.ts';
import { NotSent } from '../send.ts';

/** What an inventory came to: counts and reasons, nothing raw. */
export function summaryOf({ platform, lines, refused, problems, container }: Inventory): string {
  const devices = lines.reduce((sum, { count }) => sum + count, 0);
  return [
    `platform: ${[platform.name, platform.version].join(' ').trim()}; ${lines.length} models, ${devices} devices`,
    ...(container ? [`in a container (${container.kind}): board and cards are its host's and are not reported`] : []),
    ...refused.map(({ source, reason, count }) => `not reported: ${count} of ${source} (${reason})`),
    ...problems.map(({ collector, code, hint }) => `could not read: ${collector} (${code})${hint ? `: ${hint}` : ''}`),
    '',
  ].join('\n');
}

/** Each raw text and what it became. For the owner's own screen: this is the only place where raw text is shown. */
export function resolutionsText(resolutions: readonly Resolution[]): string {
  const grouped = new Map<string, number>();
  for (const { raw, answer, count, source } of resolutions) {
    const text = `${source}: ${printable(raw).slice(0, 160)} -> ${answerText(answer)}${count === 0 && answer.kind !== 'refused' ? ' (the same device once more)' : ''}`;
    grouped.set(text, (grouped.get(text) ?? 0) + Math.max(1, count));
  }
  return Array.from(grouped, ([text, count]) => `${count > 1 ? `${count} x ` : ''}${text}\n`).join('');
}

function answerText(answer: Resolution['answer']): string {
  if (answer.kind === 'refused') return `not reported (${answer.reason})`;
  const name = [answer.category, answer.vendor, answer.model].filter((part) => part !== '').join(' ');
  return answer.kind === 'listed' ? name : `${name} (not in the catalogue)`;
}

/** What went wrong, by codes, and what to do about it. */
export function failureText(thrown: unknown): string {
  const code = failureCodeOf(thrown);
  const advice = `${explanationOf(code) === '' ? '' : ` (${explanationOf(code)})`}\n`;
  if (thrown instanceof NotSent) {
    const { status, type, errors = [] } = thrown.problem ?? {};
    const head = ['not sent:', code, status, type].filter((part) => part !== undefined).join(' ');
    return `${head}${advice}${errors.map(({ pointer, reason }) => `${pointer}: ${reason}\n`).join('')}`;
  }
  return `failed: ${code}${thrown instanceof Failure ? whatOf(thrown) : ''}${advice}`;
}

/** The owner's own: a field of the configuration, or the file of the state with why it cannot be used. */
function whatOf({ detail: { field, file, why } }: Failure): string {
  return printable([field, file, why && `(${why})`].map((part) => (part ? ` ${part}` : '')).join(''));
}
