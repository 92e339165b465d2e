import { Plus } from 'lucide-preact';
import { useRef, useState } from 'preact/hooks';
import type { AgreementsAnswer } from '../../lib/answers.ts';
import { part, send } from '../../lib/api.ts';
import { useFacets } from '../../lib/facets.ts';
import { dayYear, list } from '../../lib/format.ts';
import { useApi } from '../../lib/use-api.ts';
import { useRenew } from '../../lib/use-renew.ts';
import { AskAgain } from '../../parts/ask-again.tsx';
import { FormEnd, faultOf } from '../../parts/form-end.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Content, Panel } from '../../parts/panel.tsx';
import { Nothing } from '../../parts/states.tsx';
import { say } from '../../parts/toast.tsx';

/** Who is given what. */
export function Agreements() {
  const asked = useApi<AgreementsAnswer>('/v1/agreements');
  const renew = useRenew();
  const end = async (party: string) => {
    await send('DELETE', `/v1/agreements/${part(party)}`);
    say(`The agreement with ${party} has ended.`);
    await renew();
  };
  return (
    <Panel
      title="Agreements"
      sub="Who is given releases, and what is in them"
      tools={<NewAgreement done={renew} />}
      method="An agreement that ends gives nothing new. What was given before, the party’s key can still download: revoke the key to end that too."
    >
      <Content asked={asked} rows={4} what="Agreements">
        {({ agreements }) =>
          agreements.length === 0 ? (
            <Nothing title="Nobody is given anything yet.">
              Make an agreement with a manufacturer: from the next release on it gets its numbers.
            </Nothing>
          ) : (
            <div class="scroll" role="group" aria-label="Agreements" tabIndex={0}>
              <table>
                <thead>
                  <tr>
                    <th scope="col">Party</th>
                    <th scope="col">Makers</th>
                    <th scope="col">Platforms</th>
                    <th scope="col">How it gets them</th>
                    <th scope="col" class="w">
                      Contact
                    </th>
                    <th scope="col" class="w">
                      Since
                    </th>
                    <th scope="col">
                      <span class="vh">End it</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {agreements.map((one) => (
                    <tr key={one.party}>
                      <th scope="row" class="strong">
                        {one.party}
                      </th>
                      <td>
                        {list(one.vendors)} {one.lineage && <span class="muted">and brands they own</span>}
                      </td>
                      <td>{one.platforms.length === 0 ? <span class="muted">–</span> : list(one.platforms)}</td>
                      <td>
                        {one.delivery.kind === 'download' ? (
                          'downloads them'
                        ) : (
                          <span title={one.delivery.url}>webhook, {new URL(one.delivery.url).host}</span>
                        )}
                      </td>
                      <td class="w">{one.contact}</td>
                      <td class="w">{dayYear(one.at)}</td>
                      <td class="num">
                        <AskAgain
                          label="End"
                          title={`End the agreement with ${one.party}?`}
                          confirm="End it"
                          danger
                          act={() => end(one.party)}
                        >
                          It is given nothing new. What it was given before it can still download.
                        </AskAgain>
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

function NewAgreement({ done }: { done: () => Promise<unknown> }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const facets = useFacets();
  const [fault, setFault] = useState<string>();
  const submit = async (event: Event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget as HTMLFormElement);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    const names = (name: string) =>
      text(name)
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== '');
    const url = text('url');
    const delivery = url === '' ? { kind: 'download' } : { kind: 'webhook', url };
    try {
      await send('POST', '/v1/agreements', {
        party: text('party'),
        vendors: names('vendors'),
        lineage: form.has('lineage'),
        platforms: names('platforms'),
        contact: text('contact'),
        delivery,
      });
      dialog.current?.close();
      say('Agreed. It holds from the next release on.');
      await done();
    } catch (thrown) {
      setFault(faultOf(thrown));
    }
  };
  return (
    <>
      <button type="button" class="btn" onClick={() => dialog.current?.showModal()}>
        <Icon of={Plus} />
        New agreement
      </button>
      <dialog ref={dialog} class="card-dialog" aria-labelledby="agreement-title">
        <h2 id="agreement-title">New agreement</h2>
        <form class="fields" onSubmit={submit}>
          <div>
            <label for="ag-party">Party</label>
            <input id="ag-party" name="party" required maxLength={64} />
            <p class="hint">The name that its key has: manufacturer:NAME.</p>
          </div>
          <div>
            <label for="ag-vendors">Makers whose numbers it gets</label>
            <input id="ag-vendors" name="vendors" list="known-vendors" />
            <datalist id="known-vendors">
              {facets.data?.vendors.map(({ vendor }) => (
                <option key={vendor} value={vendor} />
              ))}
            </datalist>
            <p class="hint">Several with commas between them.</p>
          </div>
          <label class="check-row">
            <input type="checkbox" name="lineage" defaultChecked /> And the brands they own
          </label>
          <div>
            <label for="ag-platforms">Platforms whose numbers it gets</label>
            <input id="ag-platforms" name="platforms" />
          </div>
          <div>
            <label for="ag-contact">Contact</label>
            <input id="ag-contact" name="contact" required maxLength={200} />
          </div>
          <div>
            <label for="ag-url">Webhook</label>
            <input id="ag-url" name="url" type="url" placeholder="https://…" />
            <p class="hint">Empty: it downloads its releases.</p>
          </div>
          <FormEnd fault={fault} submit="Agree" cancel={() => dialog.current?.close()} />
        </form>
      </dialog>
    </>
  );
}
