import { Check } from 'lucide-preact';
import { Icon } from '../../parts/icon.tsx';

/** `first`: there is no release before. */
export function NothingHeld({ first, spaced = false }: { first: boolean; spaced?: boolean }) {
  return (
    <div class={`empty ${spaced ? 'spaced' : ''}`}>
      <Icon of={Check} size={26} />
      <b>Nothing is held</b>
      <p>
        {first
          ? 'There is no release before this one to compare it with, so that nothing of it is held.'
          : 'No number grew beyond its noise and the fleet’s own churn, and no name is new.'}
      </p>
    </div>
  );
}
