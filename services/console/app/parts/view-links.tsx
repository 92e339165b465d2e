import type { ViewLink, ViewLinksAnswer } from '../lib/answers.ts';
import { part, send } from '../lib/api.ts';
import { dayYear } from '../lib/format.ts';
import { useApi } from '../lib/use-api.ts';
import { useRenew } from '../lib/use-renew.ts';
import { wordsOfView } from '../lib/views.ts';
import { AskAgain } from './ask-again.tsx';
import { Content } from './panel.tsx';
import { Nothing } from './states.tsx';
import { say } from './toast.tsx';

const STATE: Readonly<Record<ViewLink['state'], readonly [look: string, word: string]>> = {
  live: ['badge final', 'live'],
  expired: ['badge', 'expired'],
  revoked: ['badge bad', 'revoked'],
  'key-gone': ['badge', 'maker gone'],
};
const GONE = 'The key that made it is no more, or the sign-in of whoever made it is not believed any more';

/** Links to views: a reader's own; to an admin, those of all. `whole`: with when they were opened, and whose they are. */
export function ViewLinks({ whole = false }: { whole?: boolean }) {
  const asked = useApi<ViewLinksAnswer>('/v1/view-links');
  const renew = useRenew();
  const revoke = async (id: string) => {
    await send('DELETE', `/v1/view-links/${part(id)}`);
    say('Revoked: it shows nothing any more.');
    await renew();
  };
  return (
    <Content asked={asked} rows={2} what="The list of links">
      {({ links }) =>
        links.length === 0 ? (
          <Nothing title="There is none.">A link to a view is made on the page of the view.</Nothing>
        ) : (
          <div class="scroll" role="group" aria-label="Links to views" tabIndex={0}>
            <table>
              <thead>
                <tr>
                  <th scope="col">View</th>
                  <th scope="col">State</th>
                  <th scope="col">Ends</th>
                  {whole && (
                    <>
                      <th scope="col">Opened</th>
                      <th scope="col">By</th>
                    </>
                  )}
                  <th scope="col">
                    <span class="vh">Revoke</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {links.map((link) => (
                  <LinkLine key={link.id} of={link} whole={whole} revoke={revoke} />
                ))}
              </tbody>
            </table>
          </div>
        )
      }
    </Content>
  );
}

function LinkLine({
  of: { id, address, state, expiresAt, lastOpenedDay, createdBy },
  whole,
  revoke,
}: {
  of: ViewLink;
  whole: boolean;
  revoke: (id: string) => Promise<void>;
}) {
  const { title, months } = wordsOfView(address);
  const [look, word] = STATE[state];
  return (
    <tr class={state === 'live' ? '' : 'gone-row'}>
      <th scope="row" class="strong" title={months}>
        {title}
      </th>
      <td>
        <span class={look} title={state === 'key-gone' ? GONE : undefined}>
          {word}
        </span>
      </td>
      <td>{dayYear(expiresAt)}</td>
      {whole && (
        <>
          <td>{lastOpenedDay === null ? <span class="muted">never</span> : dayYear(`${lastOpenedDay}T00:00:00Z`)}</td>
          <td>
            <code>{createdBy}</code>
          </td>
        </>
      )}
      <td class="num">
        {state === 'live' && (
          <AskAgain
            label="Revoke"
            title={`Revoke the link to ${title}?`}
            confirm="Revoke it"
            danger
            act={() => revoke(id)}
          >
            Whoever has it sees nothing any more, at once. It cannot be taken back.
          </AskAgain>
        )}
      </td>
    </tr>
  );
}
