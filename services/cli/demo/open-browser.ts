import { spawn } from 'node:child_process';
import type { Env } from '../command.ts';

/** How each system is asked for its browser. */
const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly [command: string, ...args: string[]]>>> = {
  darwin: ['open'],
  // start takes its first quoted word for a title.
  win32: ['cmd', '/c', 'start', ''],
  linux: ['xdg-open'],
};

/** The command that shows the page; undefined where no screen is. */
export function openerFor(platform: NodeJS.Platform, env: Env): readonly [string, ...string[]] | undefined {
  if (platform === 'linux' && !env.DISPLAY && !env.WAYLAND_DISPLAY) return undefined;
  return OPENERS[platform];
}

/** Starts the browser and leaves it. False where there is none: the link stands on the terminal in any case. */
export function openBrowser(link: string, env: Env, platform: NodeJS.Platform = process.platform): boolean {
  const [command, ...args] = openerFor(platform, env) ?? [];
  if (command === undefined) return false;
  const browser = spawn(command, [...args, link], { stdio: 'ignore', detached: true });
  // Not installed.
  browser.on('error', () => {});
  browser.unref();
  return true;
}
