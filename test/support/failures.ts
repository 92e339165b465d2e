import { expect } from 'vitest';
import { Failure } from '../../services/shared/failure.ts';
import { FAILURES, type FailureCode, isFailureCode } from '../../services/shared/failure-codes.ts';

/**
 * What the calls of an adapter rejected with, all of it: a contract suite opens its adapters through `watch` and asks in
 * the end whether each was a failure of the set and said of its retry what the set says. What a caller may not ask (a
 * RangeError) is a defect of the caller's and no failure.
 */
export class Thrown {
  readonly all: { readonly call: string; readonly thrown: unknown }[] = [];

  /** The adapter itself, with every rejection of its methods noted. */
  watch<T extends object>(adapter: T): T {
    return new Proxy(adapter, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name, target);
        if (typeof member !== 'function') return member;
        return (...given: unknown[]) => this.#noted(String(name), member.apply(target, given));
      },
    });
  }

  #noted<R>(call: string, result: R): R {
    if (result instanceof Promise) result.catch((thrown: unknown) => this.all.push({ call, thrown }));
    return result;
  }

  /** `seen`: codes that must be among them, so that the question was asked at all. */
  expectOfTheSet(...seen: readonly FailureCode[]): void {
    for (const { call, thrown } of this.all) {
      if (thrown instanceof RangeError) continue;
      expect(thrown, `${call} rejected with what is no failure`).toBeInstanceOf(Failure);
      const { code, retryable } = thrown as Failure;
      expect(isFailureCode(code), `${call} rejected with ${code}`).toBe(true);
      expect(retryable, `${call} rejected with ${code}`).toBe(FAILURES[code].retryable);
    }
    expect(this.all.map(({ thrown }) => (thrown as Failure).code)).toEqual(expect.arrayContaining([...seen]));
  }
}
