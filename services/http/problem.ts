/** RFC 9457 problem details. `type` is stable; nothing in it repeats what was sent. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly extra?: Readonly<Record<string, unknown>>;
}

/** An answer that is no success, thrown by handlers. */
export class HttpProblem extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super(problem.type);
    this.name = 'HttpProblem';
    this.problem = problem;
  }
}
