import type { MethodAnswer } from '../lib/answers.ts';
import { count, margin, oneDecimal, plural, significant } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { QUERY_WORDS } from '../lib/words.ts';
import { Content, Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';

/** How numbers are made, and how sure they are: the constants are the server's own. */
export default function Method() {
  const asked = useApi<MethodAnswer>('/v1/method');
  useTitle('Method');
  return (
    <>
      <div class="title">
        <div>
          <h1>Method</h1>
          <p>How the numbers are made, and how sure they are. The constants are read off the code that uses them.</p>
        </div>
      </div>
      <Content asked={asked} rows={12} what="The method">
        {(method) => (
          <div class="cols">
            <div class="c6 stack">
              <Counting method={method} />
              <Words />
            </div>
            <div class="c6 stack">
              <Changes method={method} />
              <Releases method={method} />
            </div>
            <div class="c12">
              <Noise method={method} />
            </div>
          </div>
        )}
      </Content>
    </>
  );
}

function Counting({ method }: { method: MethodAnswer }) {
  return (
    <Panel title="What staff see: exact counts">
      <div class="prose">
        <p>
          One phone system is a site, however many phones it has. A number is shown from{' '}
          {plural(method.threshold, 'site')} on; a name that the catalogue does not know from{' '}
          {plural(method.unlistedThreshold, 'site')} on. What is below is held back, and said to be.
        </p>
        <p>
          While a month is open, a number changes only when at least {plural(method.guard, 'site')} changed it. A month
          takes reports until {oneDecimal(method.graceHours).replace('.0', '')} hours after its end, and is final after{' '}
          {oneDecimal(method.closesAfterHours)}.
        </p>
        <p>
          A site can have several makers, so shares of sites add up to more than 100&#x202f;%. Devices add up. A
          platform’s sites do too: a site has one.
        </p>
      </div>
    </Panel>
  );
}

function Changes({ method }: { method: MethodAnswer }) {
  return (
    <Panel title="When a change is clear">
      <div class="prose">
        <p>{method.clear.rule}</p>
        <p>
          With <i>e</i> = sites then × all sites now ÷ all sites then, a change is clear when |sites now − <i>e</i>|
          &gt; {method.clear.spreads}·√(sites now + <i>e</i>). It is strict on purpose: the same sites report again, so
          chance is smaller than it assumes.
        </p>
        <p>
          Under {method.clear.fewSites} sites in one of two months it is called “few sites”, and its bar is pale. No
          change is shown for a month that is filling.
        </p>
      </div>
    </Panel>
  );
}

function Releases({ method: { release } }: { method: MethodAnswer }) {
  return (
    <Panel title="What manufacturers get: noise on every number">
      <div class="prose">
        <p>
          Chance is added on purpose, once, so that nobody can be sure whether any one site is in a number. The truth is
          within the margin 95 times of 100.
        </p>
      </div>
      <dl class="kv">
        <dt>Epsilon of a month, and of twelve</dt>
        <dd>
          {significant(release.month.epsilon)}, {significant(release.year.epsilon)}
        </dd>
        <dt>Delta</dt>
        <dd>{significant(release.month.delta)}</dd>
        <dt>Rounded to</dt>
        <dd>
          {plural(release.sitesRounding, 'site')}, {plural(release.phonesRounding, 'phone')}
        </dd>
        <dt>A site counts with at most</dt>
        <dd>{plural(release.mostPhonesOfASite, 'phone')} of a model</dd>
        <dt>A held number can be decided for</dt>
        <dd>{plural(release.heldDays, 'day')}</dd>
      </dl>
    </Panel>
  );
}

function Noise({ method }: { method: MethodAnswer }) {
  return (
    <Panel
      title="The noise on each number"
      sub="Rho adds up over numbers and months (zero-concentrated differential privacy)"
    >
      <div class="scroll" role="group" aria-label="The noise on each number" tabIndex={0}>
        <table>
          <thead>
            <tr>
              <th scope="col">Number</th>
              <th scope="col" class="num">
                Variance
              </th>
              <th scope="col" class="num">
                Rho
              </th>
              <th scope="col" class="num">
                Margin
              </th>
              <th scope="col" class="num">
                Published from
              </th>
            </tr>
          </thead>
          <tbody>
            {method.noise.map((line) => (
              <tr key={`${line.query}/${line.number}`}>
                <td>
                  {line.number === 'phones'
                    ? (QUERY_WORDS[line.query] ?? line.query).replace('sites', 'phones')
                    : (QUERY_WORDS[line.query] ?? line.query)}
                </td>
                <td class="num">{count(line.variance)}</td>
                <td class="num">{line.rho.toPrecision(2)}</td>
                <td class="num">{margin(line.margin)}</td>
                <td class="num">about {count(Math.round(line.from))}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}

const MEANINGS: readonly (readonly [string, string])[] = [
  ['held back', 'Fewer sites have it than are shown.'],
  ['gone or held back', 'Fewer than ten sites, or none: the two are not told apart.'],
  ['provisional', 'The month is still filling: its numbers can change until it is closed.'],
  ['margin', 'The truth is within it, 95 times of 100.'],
  ['no clear change', 'Could be noise. Do not report it as a rise.'],
  ['epsilon', 'Bounds what anybody can learn about whether one site took part. Smaller is safer.'],
  ['exact, for staff', 'Do not pass exact numbers on: the promise to owners ends where they are shared.'],
  ['NO NOISE', 'A month released by threshold alone. What it reveals has no bound.'],
];

function Words() {
  return (
    <Panel title="Words">
      <dl class="meth">
        {MEANINGS.map(([word, meaning]) => [<dt key={word}>{word}</dt>, <dd key={`${word}-meaning`}>{meaning}</dd>])}
      </dl>
    </Panel>
  );
}
