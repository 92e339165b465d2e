/** Exit codes: everything went well; it was not sent, or not confirmed yet; the call itself was wrong. */
export const EXIT = { ok: 0, notSent: 1, usage: 2 } as const;

export interface CommandIo {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
}
