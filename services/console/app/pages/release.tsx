import { useQuery } from '@tanstack/preact-query';
import { ChevronLeft, ChevronRight, Download, Info, Printer } from 'lucide-preact';
import { useMemo, useState } from 'preact/hooks';
import { Link, useLocation } from 'wouter-preact';
import type { ReleaseRow, ReleasesAnswer } from '../lib/answers.ts';
import { getBytes, part } from '../lib/api.ts';
import { saveBlob } from '../lib/export.ts';
import {
  addMonths,
  count,
  dayYear,
  margin,
  monthName,
  monthYear,
  ordinal,
  percent,
  plural,
  significant,
} from '../lib/format.ts';
import { type ReleasedCell as Cell, type ReleaseShown, readRelease } from '../lib/release.ts';
import { useSession } from '../lib/session.ts';
import { type Asked, useApi } from '../lib/use-api.ts';
import { canCheck, type Files } from '../lib/verify.ts';
import { many } from '../lib/words.ts';
import { zip } from '../lib/zip.ts';
import { ExportFile } from '../parts/export-file.tsx';
import { Icon } from '../parts/icon.tsx';
import { Arrow, MarginBar } from '../parts/numbers.tsx';
import { Content, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { NoNoise, Nothing } from '../parts/states.tsx';
import { CannotCheck, DropFiles, useCheck, VerdictView } from '../parts/verdict.tsx';

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
          Every number is the truth plus or minus its margin: chance was added on purpose, once, so that nobody can tell
          whether any one site is in it. Compare numbers, do not add them up.
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

function Title({
  release,
  months,
  own,
  files,
}: {
  release: ReleaseRow;
  months: readonly string[];
  own: boolean;
  files: Files | undefined;
}) {
  const { period, party, revision, at } = release;
  const [, navigate] = useLocation();
  const i = months.indexOf(period);
  const go = (to: string | undefined) => to !== undefined && navigate(`/releases/${to}/${part(party)}`);
  const version = revision === 0 ? 'first version' : `${ordinal(revision + 1)} version`;
  return (
    <div class="title">
      <div>
        {!own && (
          <p class="crumb">
            <Link href="/releases">Releases</Link> / {party}
          </p>
        )}
        <h1>{own ? `Your numbers in ${monthYear(period)}` : `${party} in ${monthYear(period)}`}</h1>
        <p>
          Release for {party}. Made {dayYear(at)}, {version}, signed.{' '}
          {release.profile === 'threshold' && <span class="badge prov">NO NOISE</span>}
        </p>
      </div>
      <div class="ctl">
        <div class="seg month" role="group" aria-label="Month">
          <button type="button" aria-label="Earlier month" disabled={i <= 0} onClick={() => go(months[i - 1])}>
            <Icon of={ChevronLeft} />
          </button>
          <select aria-label="Month" value={period} onChange={(event) => go(event.currentTarget.value)}>
            {months.toReversed().map((month) => (
              <option key={month} value={month} selected={month === period}>
                {monthYear(month)}
              </option>
            ))}
          </select>
          <button
            type="button"
            aria-label="Later month"
            disabled={i >= months.length - 1}
            onClick={() => go(months[i + 1])}
          >
            <Icon of={ChevronRight} />
          </button>
        </div>
        <button class="btn" type="button" onClick={() => window.print()}>
          <Icon of={Printer} />
          Print
        </button>
        <button
          class="btn main"
          type="button"
          disabled={!files}
          onClick={() => files && saveBlob(zip(files), `rollcall-${period}-${party}.zip`)}
        >
          <Icon of={Download} />
          All {release.files.length} files
        </button>
      </div>
    </div>
  );
}

function InShort({ document, own }: { document: ReleaseShown; own: boolean }) {
  const { fleet, vendors, cells, answer } = document;
  const main = vendors.find(({ sites }) => sites !== null) ?? vendors[0];
  const models = cells.filter(({ model }) => model !== '');
  // As the release says it: worked out of rounded numbers it would be another.
  const share = main?.share ?? (main?.sites && fleet.sites ? main.sites / fleet.sites : null);
  return (
    <section class="panel say" aria-label="In short">
      <div>
        <h2>Sites with phones of {own && vendors.length === 1 ? 'yours' : (main?.vendor ?? 'the maker')}</h2>
        <b>{count(main?.sites)}</b>
        {main?.sitesMargin != null && <small>{margin(main.sitesMargin)}</small>}
        <p>{share === null ? 'Too few to stand out from the noise.' : `${percent(share)} of all sites.`}</p>
      </div>
      <div>
        <h2>All sites</h2>
        <b>{count(fleet.sites)}</b>
        {fleet.sitesMargin != null && <small>{margin(fleet.sitesMargin)} sites</small>}
        <p>{answer === undefined ? 'On the platforms that are published.' : 'Every one that reports.'}</p>
      </div>
      <div>
        <h2>Models that are published</h2>
        <b>{count(models.length)}</b>
        <small>{own ? 'of yours' : 'of theirs'}</small>
        <p>The others have too few sites to be told apart from noise.</p>
      </div>
    </section>
  );
}

/** One table for each kind of number that the release has. */
function ModelTables({ document, before, own }: { document: ReleaseShown; before: string; own: boolean }) {
  const groups = useMemo(() => groupsOf(document, own), [document, own]);
  if (groups.length === 0)
    return (
      <Panel title="Numbers">
        <Nothing title="No number of this month stands out from the noise.">
          A model that is not here has too few sites, or none: the two are not told apart.
        </Nothing>
      </Panel>
    );
  return (
    <>
      {groups.map((group, i) => (
        <CellTable
          key={group.title}
          {...group}
          before={before}
          note={i === 0 ? noteOf(document) : undefined}
          noised={document.profile === 'noised'}
        />
      ))}
    </>
  );
}

function noteOf({ modelsFrom, mostPhones }: ReleaseShown): string {
  const from = modelsFrom === undefined ? 'too few sites to stand out' : `fewer than about ${count(modelsFrom)} sites`;
  const cap = mostPhones === undefined ? '' : ` Phones count at most ${mostPhones} of a model on a site.`;
  return `A model that is not here has ${from}, or none: the two are not told apart. A dash: too few phones to stand out from the noise.${cap}`;
}

interface Group {
  readonly title: string;
  readonly sub: string;
  readonly head: string;
  readonly cells: readonly Cell[];
  readonly name: (cell: Cell) => string;
  readonly phones: boolean;
}

function groupsOf({ cells, vendors }: ReleaseShown, own: boolean): Group[] {
  const brands = vendors.length > 1;
  const modelName = (cell: Cell) => (brands ? `${cell.vendor} ${cell.model}` : cell.model);
  const marks = 'Between the two marks of a bar is the truth, 95 times of 100';
  const of = (queries: readonly string[]) =>
    cells.filter(({ query }) => queries.includes(query)).toSorted((a, b) => b.sites - a.sites);
  const whose = own ? 'Your' : 'Their';
  // A party that may see a platform gets every maker's phones on it.
  const theirs = new Set([...vendors, ...of(['phone_model', 'endpoint_model'])].map(({ vendor }) => vendor));
  const onPlatforms = of(['platform_vendor']);
  const all: Group[] = [
    {
      title: `${whose} phone models`,
      sub: marks,
      head: 'Model',
      cells: of(['phone_model']),
      name: modelName,
      phones: true,
    },
    {
      title: `Where ${whose.toLowerCase()} phones are`,
      sub: 'Sites of a platform that have these phones',
      head: 'Platform',
      cells: onPlatforms.filter(({ vendor }) => theirs.has(vendor)),
      name: ({ platform, vendor }) => (brands ? `${platform}, ${vendor}` : platform),
      phones: false,
    },
    {
      title: 'Other makers on the platforms',
      sub: 'Sites of a platform that have phones of the maker',
      head: 'Platform and maker',
      cells: onPlatforms.filter(({ vendor }) => !theirs.has(vendor)),
      name: ({ platform, vendor }) => `${platform}, ${vendor}`,
      phones: false,
    },
    {
      title: `${whose} other endpoints`,
      sub: marks,
      head: 'Model',
      cells: of(['endpoint_model']),
      name: (cell) => `${modelName(cell)} (${many(cell.category)})`,
      phones: false,
    },
    {
      title: `${whose} cards and servers`,
      sub: marks,
      head: 'Name',
      cells: of(['pci_model', 'nic_model', 'cpu', 'memory', 'board']),
      name: (cell) => `${modelName(cell)} (${many(cell.category)})`,
      phones: false,
    },
    {
      title: 'Platforms',
      sub: 'Sites of each',
      head: 'Platform',
      cells: of(['platform']),
      name: ({ platform }) => platform,
      phones: false,
    },
  ];
  return all.filter((group) => group.cells.length > 0);
}

function CellTable({
  title,
  sub,
  head,
  cells,
  name,
  phones,
  before,
  note,
  noised,
}: Group & { before: string; note: string | undefined; noised: boolean }) {
  const most = Math.max(1, ...cells.map(({ sites, sitesMargin }) => sites + sitesMargin));
  return (
    <Panel
      title={title}
      sub={noised ? sub : 'Exact: a month without noise'}
      method={note}
      badge={noised ? undefined : <span class="badge prov">NO NOISE</span>}
      tools={<ExportFile title={title} cells={cells} name={name} noised={noised} />}
    >
      <table class="rel">
        <thead>
          <tr>
            <th scope="col">{head}</th>
            <th scope="col" class="dc">
              Sites, and their margin
            </th>
            <th scope="col" class="num" aria-sort="descending">
              Sites
            </th>
            <th scope="col" class="num">
              Share
            </th>
            {phones && (
              <th scope="col" class="num w">
                Phones
              </th>
            )}
            <th scope="col" class="chc">
              Since {before}
            </th>
          </tr>
        </thead>
        <tbody>
          {cells.map((cell) => (
            <tr key={`${cell.query}/${cell.platform}/${cell.category}/${cell.vendor}/${cell.model}`}>
              <td class="name">
                <b>{name(cell)}</b>
              </td>
              <td class="dc">
                <MarginBar value={cell.sites} margin={cell.sitesMargin} most={most} />
              </td>
              <td class="num">
                <b>{count(cell.sites)}</b> <span class="muted">{noised ? margin(cell.sitesMargin) : ''}</span>
              </td>
              <td class="num">{percent(cell.share)}</td>
              {phones && (
                <td class="num w">
                  {count(cell.phones)}{' '}
                  {cell.phones !== null && noised && <span class="muted">{margin(cell.phonesMargin)}</span>}
                </td>
              )}
              <td class="chc">
                <ChangeWords cell={cell} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Panel>
  );
}

/** In the words of the release. */
function ChangeWords({ cell: { change } }: { cell: Cell }) {
  if (change?.sites === 'up' || change?.sites === 'down')
    return (
      <span class={`chg ${change.sites}`}>
        <Arrow up={change.sites === 'up'} />
        {change.sites === 'up' ? 'rose' : 'fell'} from {count(change.beforeSites)}
      </span>
    );
  if (change?.sites === 'new') return <span class="badge">new here</span>;
  if (change?.sites === 'not-significant') return <span class="muted">no clear change</span>;
  return <span class="muted">–</span>;
}

function CheckPanel({ files }: { files: Files | undefined }) {
  const [other, take] = useState<Files>();
  const checking = useCheck(canCheck() ? (other ?? files) : undefined);
  return (
    <Panel title="Check it yourself" sub={other ? 'The files you dropped' : undefined}>
      {canCheck() ? (
        <>
          {checking && <VerdictView checking={checking} />}
          <DropFiles take={take}>Drop files of another release here to check them</DropFiles>
        </>
      ) : (
        <CannotCheck />
      )}
    </Panel>
  );
}

function HowMade({ document: { profile, method, mostPhones } }: { document: ReleaseShown }) {
  const rows: (readonly [string, string])[] = [
    ['Profile', profile === 'noised' ? 'with noise' : 'threshold alone: NO NOISE'],
    [
      'Epsilon, delta',
      method.epsilon === 'unbounded'
        ? 'unbounded'
        : `${significant(Number(method.epsilon))}, ${significant(method.delta)}`,
    ],
    ['Rounded to', `${plural(method.sitesRounding, 'site')}, ${plural(method.phonesRounding, 'phone')}`],
    ...(mostPhones === undefined
      ? []
      : [['A site counts with at most', `${plural(mostPhones, 'phone')} of a model`] as const]),
    ['Catalogue', method.catalogue],
  ];
  return (
    <Panel
      title="How it was made"
      tools={
        <Link class="quiet" href="/method">
          <Icon of={Info} size={14} />
          Method
        </Link>
      }
    >
      <dl class="kv">
        {rows.map(([what, value]) => [<dt key={what}>{what}</dt>, <dd key={`${what}-value`}>{value}</dd>])}
      </dl>
    </Panel>
  );
}
