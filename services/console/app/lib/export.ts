import { address, type Params } from './api.ts';

/** What is exported is what is shown: the same question, asked of the API in another form. */
export interface Exportable {
  readonly path: string;
  readonly params: Params;
  /** Forms beside JSON that the API has for it. */
  readonly forms?: readonly ('csv' | 'parquet')[];
}

/** As a command for a terminal. The key is not in it: it stands in a variable there. */
export function asCurl({ path, params }: Exportable): string {
  return `curl -H "Authorization: Bearer $ROLLCALL_KEY" '${location.origin}${address(path, params)}'`;
}

/** Has the browser save what the address answers; the cookie goes along, the page stays. */
export function download(href: string, name = ''): void {
  const link = document.createElement('a');
  link.href = href;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
}

export function saveBlob(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  download(url, name);
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyByHand(text);
  }
}

/** Without a secure context there is no clipboard to write to but the old one. */
function copyByHand(text: string): boolean {
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'vh';
  (document.querySelector('dialog[open]') ?? document.body).append(field);
  field.select();
  const done = document.execCommand('copy');
  field.remove();
  return done;
}
