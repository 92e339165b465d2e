import { ChevronDown, Download } from 'lucide-preact';
import { useRef } from 'preact/hooks';
import { type Caption, pngSize, savePng } from '../charts/png.ts';
import { address } from '../lib/api.ts';
import { asCurl, copy, download, type Exportable } from '../lib/export.ts';
import { plural } from '../lib/format.ts';
import { Icon } from './icon.tsx';
import { useKey } from './keyboard.tsx';
import { Menu, PrintItem } from './menu.tsx';
import { say } from './toast.tsx';

interface Exports {
  readonly of: Exportable;
  /** How many rows the table has in all, where it is known. */
  readonly rows?: number | undefined;
  readonly picture?: { readonly svg: preact.RefObject<SVGSVGElement>; readonly caption: Caption } | undefined;
  /** The page's own: key `.` opens it, and it prints. */
  readonly page?: boolean;
}

/** The same numbers as shown, in every form there is. */
export function ExportMenu({ of, rows, picture, page = false }: Exports) {
  const open = useRef<() => void>(() => {});
  useKey('.', page ? () => open.current() : undefined);
  const forms = of.forms ?? ['csv', 'parquet'];
  const save = (format: 'csv' | 'parquet', close: () => void) => {
    // A file without a limit is the whole list.
    download(address(of.path, { ...of.params, limit: undefined, offset: undefined, format }));
    close();
  };
  const size = picture?.svg.current ? pngSize(picture.svg.current) : undefined;
  return (
    <Menu
      class={page ? 'btn grow' : 'quiet'}
      opens={(show) => {
        open.current = show;
      }}
      label={
        <>
          <Icon of={Download} size={page ? 16 : 14} />
          Export
          {page && <Icon of={ChevronDown} size={14} />}
        </>
      }
    >
      {(close) => (
        <>
          {forms.includes('csv') && (
            <button type="button" class="menu-item" onClick={() => save('csv', close)}>
              This table as CSV <span>{rows === undefined ? '' : plural(rows, 'row')}</span>
            </button>
          )}
          {forms.includes('parquet') && (
            <button type="button" class="menu-item" onClick={() => save('parquet', close)}>
              As Parquet <span>{rows === undefined ? '' : plural(rows, 'row')}</span>
            </button>
          )}
          {picture && (
            <button
              type="button"
              class="menu-item"
              onClick={() => {
                if (picture.svg.current) void savePng(picture.svg.current, picture.caption);
                close();
              }}
            >
              Picture (PNG) <span>{size ? `${size.width} × ${size.height}` : ''}</span>
            </button>
          )}
          <button
            type="button"
            class="menu-item"
            onClick={async () => {
              const done = await copy(asCurl(of));
              close();
              say(
                done
                  ? 'Copied. The key is not in it: put yours into ROLLCALL_KEY.'
                  : 'The browser does not allow copying here.',
              );
            }}
          >
            Copy as API call <span>curl</span>
          </button>
          <PrintItem close={close} />
        </>
      )}
    </Menu>
  );
}
