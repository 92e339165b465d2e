import { ChevronLeft, ChevronRight, Download, Printer } from 'lucide-preact';
import { Link, useLocation } from 'wouter-preact';
import type { ReleaseRow } from '../../lib/answers.ts';
import { part } from '../../lib/api.ts';
import { saveBlob } from '../../lib/export.ts';
import { dayYear, monthYear, ordinal } from '../../lib/format.ts';
import type { Files } from '../../lib/verify.ts';
import { zip } from '../../lib/zip.ts';
import { Icon } from '../../parts/icon.tsx';

export function Title({
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
