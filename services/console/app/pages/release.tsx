import { useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import type { ReleaseRow, ReleasesAnswer } from '../lib/answers.ts';
import { getBytes, part } from '../lib/api.ts';
import { addMonths, monthName, monthYear } from '../lib/format.ts';
import { readRelease } from '../lib/release.ts';
import { useSession } from '../lib/session.ts';
import { type Asked, useApi } from '../lib/use-api.ts';
import type { Files } from '../lib/verify.ts';
import { Content } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { NoNoise, Nothing } from '../parts/states.tsx';
import { CheckPanel } from './release/check-panel.tsx';
import { HowMade } from './release/how-made.tsx';
import { InShort } from './release/in-short.tsx';
import { ModelTables } from './release/model-tables.tsx';
import { Title } from './release/title.tsx';

/** One release as its party reads it: each number with its margin, in the release's own words. */
export default function Release({ period, party }: { period?: string; party: string }) {
  const listed = useApi<ReleasesAnswer>('/v1/releases', { party });
  const all = listed.data?.releases ?? [];
  const months = [...new Set(all.map((one) => String(one.period)))].sort();
  const shown = period ?? months.at(-1);
  const release = all.filter((one) => one.period === shown).sort((a, b) => b.revision - a.revision)[0];
  useTitle(shown === undefined ? 'Releases' : `${party}, ${monthYear(shown)}`);
  if (!listed.data || shown === undefined || !release)
    return (
      <>
        <div class="title">
          <h1>{period === undefined ? 'Your releases' : `${party}, ${monthYear(period)}`}</h1>
        </div>
        <section class="panel" aria-label="Releases">
          <Content asked={listed} rows={8} what="The release">
            {() => (
              <Nothing title="There is no release yet.">
                The first is made a few days after the first month that {party} takes part in
                {period === undefined ? '' : `; there is none of ${monthYear(period)}`}.
              </Nothing>
            )}
          </Content>
        </section>
      </>
    );
  return <OneRelease release={release} months={months} />;
}

/** Every file of the release: what is read, exported and checked is one and the same. */
function useFiles({ period, party, revision, files }: ReleaseRow): Asked<Files> {
  return useQuery({
    queryKey: ['api', 'release', period, party, revision],
    queryFn: async ({ signal }) => {
      const path = `/v1/releases/${period}/${part(party)}`;
      const read = async ({ name }: { name: string }) =>
        [name, new Uint8Array(await getBytes(`${path}/${name}`, { revision }, signal))] as const;
      return new Map(await Promise.all(files.map(read))) as Files;
    },
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  }) as Asked<Files>;
}

function OneRelease({ release, months }: { release: ReleaseRow; months: readonly string[] }) {
  const { data: session } = useSession();
  const own = session?.manufacturer === release.party;
  const asked = useFiles(release);
  const document = useMemo(() => readRelease(asked.data?.get('release.json')), [asked.data]);
  const before = monthName(addMonths(release.period, -1));
  return (
    <>
      <Title release={release} months={months} own={own} files={asked.data} />
      {release.profile === 'threshold' ? (
        <NoNoise>
          A month released by threshold alone. What it reveals has no bound; its epsilon is “unbounded”. Do not pass it
          on.
        </NoNoise>
      ) : (
        <p class="notice">
          Every number is the truth plus or minus its margin: chance was added on purpose, once, so that nobody can be
          sure whether any one site is in it. Compare numbers, do not add them up.
        </p>
      )}
      <Content asked={asked} rows={8} what="The release">
        {() =>
          document ? (
            <>
              {document.answer !== undefined && <p class="answer">{document.answer}</p>}
              <InShort document={document} own={own} />
              <div class="cols">
                <div class="c8 stack">
                  <ModelTables document={document} before={before} own={own} />
                </div>
                <div class="c4 stack">
                  <CheckPanel files={asked.data} />
                  <HowMade document={document} />
                </div>
              </div>
            </>
          ) : (
            <Nothing title="release.json cannot be read.">
              Check the files: one may have been altered, or be of a newer version than this page.
            </Nothing>
          )
        }
      </Content>
    </>
  );
}
