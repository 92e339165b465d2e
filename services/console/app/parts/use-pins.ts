import { useQueryClient } from '@tanstack/preact-query';
import type { PinAnswer } from '../lib/answers.ts';
import { part, send } from '../lib/api.ts';
import { wordsOf } from './states.tsx';
import { say } from './toast.tsx';

/** Both say what came of it. */
export function usePins(): { pin: (address: string) => Promise<void>; unpin: (of: PinAnswer) => Promise<void> } {
  const client = useQueryClient();
  const done = async (act: Promise<unknown>, words: string) => {
    try {
      await act;
      say(words);
    } catch (thrown) {
      say(wordsOf(thrown).detail);
    }
    await client.invalidateQueries({ queryKey: ['api', '/v1/pins'] });
  };
  return {
    pin: (address) => done(send('POST', '/v1/pins', { address }), 'Pinned: it stands on the Overview.'),
    unpin: ({ id }) => done(send('DELETE', `/v1/pins/${part(id)}`), 'Taken off the Overview.'),
  };
}
