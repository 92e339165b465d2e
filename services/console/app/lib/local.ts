import { signal } from './signal.ts';

/** What is the reader's own and not the page's: kept by this browser, never in an address. */
const read = (name: string): string | null => {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
};
const write = (name: string, value: string): void => {
  try {
    localStorage.setItem(name, value);
  } catch {
    // A browser that keeps nothing still shows everything.
  }
};

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

export const theme = signal<Theme>(THEMES.find((one) => one === read('theme')) ?? 'system');
export const singleKeys = signal<boolean>(read('single-keys') !== 'off');

export function applyTheme(): void {
  const root = document.documentElement;
  if (theme.value === 'system') root.removeAttribute('data-theme');
  else root.setAttribute('data-theme', theme.value);
}

export function chooseTheme(next: Theme): void {
  theme.set(next);
  write('theme', next);
  applyTheme();
}
export function nextTheme(): void {
  chooseTheme(THEMES[(THEMES.indexOf(theme.value) + 1) % THEMES.length] ?? 'system');
}
export function chooseSingleKeys(on: boolean): void {
  singleKeys.set(on);
  write('single-keys', on ? 'on' : 'off');
}
