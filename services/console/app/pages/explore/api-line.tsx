import { Copy } from 'lucide-preact';
import { address } from '../../lib/api.ts';
import { copy } from '../../lib/export.ts';
import { Icon } from '../../parts/icon.tsx';
import { say } from '../../parts/toast.tsx';

export function ApiLine({
  path,
  params,
}: {
  path: string;
  params: Readonly<Record<string, string | number | undefined>>;
}) {
  const text = `GET ${address(path, params)}`;
  return (
    <div class="api-line">
      <span>API</span>
      <code>{text}</code>
      <button
        type="button"
        class="quiet"
        onClick={async () =>
          say(
            (await copy(`${location.origin}${address(path, params)}`))
              ? 'The address of the answer is copied.'
              : 'The browser does not allow copying here.',
          )
        }
      >
        <Icon of={Copy} size={14} />
        Copy
      </button>
    </div>
  );
}
