import { Panel } from '../parts/panel.tsx';
import { useTitle } from '../parts/shell.tsx';
import { ViewLinks } from '../parts/view-links.tsx';
import { Audit } from './access/audit.tsx';
import { Keys } from './access/keys.tsx';

/** Who has a key, and who did what. */
export default function Access() {
  useTitle('Access');
  return (
    <>
      <div class="title">
        <div>
          <h1>Access</h1>
          <p>Who has a key, and who did what</p>
        </div>
      </div>
      <Keys />
      <Panel
        title="Links to views"
        sub="What somebody without a key may see"
        method="Each shows one view of final months, ends by itself, and with the key that made it. Its token is stored nowhere."
      >
        <ViewLinks whole />
      </Panel>
      <Audit />
    </>
  );
}
