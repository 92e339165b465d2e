import { Pin, PinOff } from 'lucide-preact';
import { useLocation, useSearch } from 'wouter-preact';
import type { PinsAnswer } from '../lib/answers.ts';
import { useApi } from '../lib/use-api.ts';
import { isSameView } from '../lib/views.ts';
import { Icon } from './icon.tsx';
import { LinkDialog } from './link-dialog.tsx';
import { usePins } from './use-pins.ts';

const TYPED = 'A text that was typed is not kept: clear the name that is searched for';

/** Keeps the view that is shown: on the Overview, or as a link for somebody without a key. */
export function KeepView() {
  useLocation();
  const typed = new URLSearchParams(useSearch()).has('q') ? TYPED : undefined;
  const address = location.pathname + location.search;
  return (
    <>
      <PinButton address={address} not={typed} />
      <LinkDialog address={address} not={typed} />
    </>
  );
}

function PinButton({ address, not }: { address: string; not: string | undefined }) {
  const asked = useApi<PinsAnswer>('/v1/pins');
  const pinned = asked.data?.pins.find((one) => isSameView(one.address, address));
  const { pin, unpin } = usePins();
  return (
    <button
      type="button"
      class="btn"
      disabled={not !== undefined}
      title={not ?? (pinned ? 'Take it off the Overview' : 'Put it on the Overview')}
      onClick={() => (pinned ? unpin(pinned) : pin(address))}
    >
      <Icon of={pinned ? PinOff : Pin} />
      {pinned ? 'Pinned' : 'Pin'}
    </button>
  );
}
