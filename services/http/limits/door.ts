import type { IncomingMessage, Server, ServerResponse } from 'node:http';

interface Kept {
  readonly isShut: () => boolean;
  readonly turnedAway: () => void;
}

/**
 * Stands before the framework: what a path cannot take now is answered before anything is spent on it. Many times what a
 * server can do may come, and being refused must then cost a small part of being taken.
 */
export class Door {
  readonly #kept = new Map<string, Kept>();

  /** `turnedAway`: called for each that was. */
  keep(method: string, path: string, kept: Kept): void {
    this.#kept.set(`${method} ${path}`, kept);
  }

  /** Whether the request is not let in; then it counts as turned away. */
  turnsAway({ method, url }: IncomingMessage): boolean {
    const kept = this.#kept.get(`${method} ${url}`);
    if (!kept?.isShut()) return false;
    kept.turnedAway();
    return true;
  }
}

/** To be called first of all that listens to the server's requests. */
export function standAt(server: Server, door: Door, refuse: (response: ServerResponse) => void): void {
  const inside = server.listeners('request');
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    if (door.turnsAway(request)) return refuse(response);
    for (const listener of inside) listener.call(server, request, response);
  });
}
