import type { DeviceName, MappingsAnswer } from '../../lib/answers.ts';
import { send } from '../../lib/api.ts';
import { dayYear, monthYear } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { one } from '../../lib/words.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { ExportMenu } from '../../parts/export-menu.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import { say } from '../../parts/toast.tsx';
import { keyOf, wordsFor } from './name.ts';

/** What was made of names before, each with a way back. */
export function Mappings() {
  const asked = useApi<MappingsAnswer>('/v1/catalog/mappings', { limit: 1000 });
  const renew = useRenew();
  const takeBack = async (from: DeviceName) => {
    await send('POST', '/v1/catalog/mappings', { ...from, to: null });
    say('Taken back.');
    await renew();
  };
  return (
    <Panel
      title="Named before"
      sub={asked.data ? `Catalogue ${asked.data.catalogue}` : undefined}
      tools={
        <ExportMenu of={{ path: '/v1/catalog/mappings', params: { limit: 1000 } }} rows={asked.data?.mappings.length} />
      }
    >
      <Content asked={asked} rows={3} what="What was named">
        {({ mappings }) =>
          mappings.length === 0 ? (
            <Nothing title="Nothing was named yet.">What curators make of names stands here, with a way back.</Nothing>
          ) : (
            <div class="scroll" role="group" aria-label="Named before" tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Name</th>
                    <th scope="col">Is</th>
                    <th scope="col">In reports from</th>
                    <th scope="col" class="w">
                      Said
                    </th>
                    <th scope="col">
                      <span class="vh">Take back</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {[...mappings].reverse().map((mapping, i) => (
                    <tr key={`${keyOf(mapping.from)}${mapping.addedAt}`}>
                      <td>
                        {wordsFor(mapping.from)} <span class="muted">{one(mapping.from.category)}</span>
                      </td>
                      <td>{mapping.to === null ? <span class="muted">taken back</span> : wordsFor(mapping.to)}</td>
                      <td>{monthYear(mapping.since)}</td>
                      <td class="w">
                        {dayYear(new Date(mapping.addedAt).toISOString())}{' '}
                        <span class="muted">by {mapping.addedBy}</span>
                      </td>
                      <td class="num">
                        {mayTakeBack(mappings, mappings.length - 1 - i) && (
                          <AskAgain
                            label="Take back"
                            title={`Take back what “${wordsFor(mapping.from)}” is?`}
                            confirm="Take it back"
                            danger
                            act={() => takeBack(mapping.from)}
                          >
                            It is an unlisted name again, from the next count on.
                          </AskAgain>
                        )}
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )
        }
      </Content>
    </Panel>
  );
}

/** The newest of a name that no other name leads to: those go first. */
function mayTakeBack(mappings: MappingsAnswer['mappings'], place: number): boolean {
  const { from, to } = mappings[place] ?? {};
  if (!from || !to || newestOf(mappings, from) !== place) return false;
  return !mappings.some(
    (one, i) =>
      one.to && keyOf(one.to) === keyOf(from) && keyOf(one.from) !== keyOf(from) && newestOf(mappings, one.from) === i,
  );
}

/** The place of the name's newest mapping. */
function newestOf(mappings: MappingsAnswer['mappings'], from: DeviceName): number {
  return mappings.findLastIndex((one) => keyOf(one.from) === keyOf(from));
}
