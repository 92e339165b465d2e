import { Download } from 'lucide-preact';
import { saveBlob } from '../lib/export.ts';
import type { ReleasedCell as Cell } from '../lib/release.ts';
import { Icon } from './icon.tsx';
import { Menu, PrintItem } from './menu.tsx';

/** One table of a release as CSV: its rows, with their margins. A month without noise says so in its first line. */
export function ExportFile({
  title,
  cells,
  name,
  noised,
}: {
  title: string;
  cells: readonly Cell[];
  name: (cell: Cell) => string;
  noised: boolean;
}) {
  const save = () => {
    const head = ['name', 'sites', 'sitesMargin', 'share', 'phones', 'phonesMargin'];
    const rows = cells.map((cell) => [
      name(cell),
      cell.sites,
      cell.sitesMargin,
      cell.share,
      cell.phones,
      cell.phonesMargin,
    ]);
    const lines = [...(noised ? [] : [['NO NOISE: released by threshold alone']]), head, ...rows];
    saveBlob(
      new Blob([lines.map((line) => `${line.map(field).join(',')}\r\n`).join('')], { type: 'text/csv' }),
      `${title.toLowerCase().replaceAll(' ', '-')}.csv`,
    );
  };
  return (
    <Menu
      class="quiet"
      label={
        <>
          <Icon of={Download} size={14} />
          Export
        </>
      }
    >
      {(close) => (
        <>
          <button
            type="button"
            class="menu-item"
            onClick={() => {
              save();
              close();
            }}
          >
            This table as CSV <span>{cells.length} rows</span>
          </button>
          <PrintItem close={close} />
        </>
      )}
    </Menu>
  );
}

/** Names hold no quote and begin with no sign that a spreadsheet takes for a formula. */
function field(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
