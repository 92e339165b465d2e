import { Info } from 'lucide-preact';
import { Link } from 'wouter-preact';
import { plural, significant } from '../../lib/format.ts';
import type { ReleaseShown } from '../../lib/release.ts';
import { Icon } from '../../parts/icon.tsx';
import { Panel } from '../../parts/panel.tsx';

export function HowMade({ document: { profile, method, mostPhones } }: { document: ReleaseShown }) {
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
