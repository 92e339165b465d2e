import { useQueryClient } from '@tanstack/preact-query';
import { useCallback } from 'preact/hooks';

/** After something was changed: every answer that is shown is asked for again. */
export function useRenew(): () => Promise<void> {
  const client = useQueryClient();
  return useCallback(() => client.invalidateQueries({ queryKey: ['api'] }), [client]);
}
