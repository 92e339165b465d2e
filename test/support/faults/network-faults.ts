import type { Random } from '../../../services/simulator/random.ts';
import type { TcpProxy } from '../tcp-proxy.ts';
import { type Faults, nothing } from './fault.ts';

/** What a network does to connections through a proxy. */
export function networkFaults(proxy: TcpProxy): Faults {
  const pass = async () => void (proxy.mode = 'pass');
  return {
    reset: { strike: async () => proxy.reset(), heal: nothing },
    // Half-open connections stay: nobody is told that the bytes are gone, also when the network is well again.
    silent: { strike: async () => void (proxy.mode = 'swallow'), heal: pass },
    refused: {
      async strike() {
        proxy.mode = 'refuse';
        proxy.reset();
      },
      heal: pass,
    },
    slow: {
      async strike(random: Random) {
        proxy.delayMs = random.int(100, 500);
      },
      async heal() {
        proxy.delayMs = 0;
      },
    },
  };
}
