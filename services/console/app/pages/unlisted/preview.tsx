import { useQuery } from '@tanstack/preact-query';
import { useEffect, useState } from 'preact/hooks';
import type { MappingPreview } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { list, monthYear, plural } from '../../lib/format.ts';
import { faultOf } from './fault.ts';
import { keyOf, type Row, wordsFor } from './name.ts';

const AFTER_TYPING_MS = 300;

/** Asks what would happen, once typing pauses. Nothing is written. */
export function usePreview(body: unknown, ready: boolean) {
  const text = JSON.stringify(body);
  const [asked, ask] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => ask(text), AFTER_TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return useQuery({
    queryKey: ['preview', asked],
    queryFn: () => send<MappingPreview>('POST', '/v1/catalog/mappings', JSON.parse(asked), { dryRun: true }),
    enabled: ready,
    retry: false,
    staleTime: 60_000,
  });
}

export function Preview({
  preview,
  problem,
  row,
}: {
  preview: MappingPreview | undefined;
  problem: unknown;
  row: Row;
}) {
  if (problem) return <p class="preview">{faultOf(problem)}</p>;
  if (!preview) return null;
  const along = preview.along.filter((name) => keyOf(name) !== keyOf(row));
  return (
    <div class="preview" role="status">
      {preview.sites !== null && `${plural(preview.sites, 'site')} so far. `}It holds from {monthYear(preview.since)} on
      in reports, and from the next count on in months that are open.
      {along.length > 0 && ` Goes along: ${list(along.map(wordsFor))}.`}
    </div>
  );
}
