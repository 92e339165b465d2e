import { describe, expect, test } from 'vitest';
import { describeFailure, Failure, failureCodeOf } from '../../services/shared/failure.ts';
import { explanationOf, FAILURES, type FailureCode } from '../../services/shared/failure-codes.ts';
import { packageRoot } from '../../services/shared/package-root.ts';
import { readTree } from '../support/import-rule.ts';

const CANARY = 'c4n4ry-00:04:f2:aa:bb:cc';

/** Everything a log gets to see of a thrown value. */
const said = (thrown: unknown) => JSON.stringify(describeFailure(thrown));

describe('a failure', () => {
  test('says its code and whether to try again, and its message is its code', () => {
    const failure = new Failure('log-full', { limitBytes: 10 });
    expect(failure).toMatchObject({
      name: 'Failure',
      message: 'log-full',
      code: 'log-full',
      retryable: true,
      detail: { limitBytes: 10 },
    });
    expect(failure).toBeInstanceOf(Error);
    expect(new Failure('closed').detail).toEqual({});
  });

  test('keeps what caused it', () => {
    const cause = new Error(CANARY);
    expect(new Failure('store-unavailable', {}, { cause }).cause).toBe(cause);
  });
});

describe('the failures', () => {
  const codes = Object.keys(FAILURES) as FailureCode[];

  test('are one set: each is a short word, is explained, and says as every other throw of it whether to try again', () => {
    for (const code of codes) {
      expect(code).toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*$/);
      expect(explanationOf(code), code).toMatch(/^\S.+[.?]$/);
      expect(new Failure(code).retryable, code).toBe(FAILURES[code].retryable);
    }
  });

  test('are all thrown somewhere', () => {
    const product = [...readTree(packageRoot())].filter(([file]) => !file.endsWith('/failure-codes.ts'));
    const text = product.map(([, source]) => source).join('\n');
    // A fault of a webhook's URL becomes a code by its name.
    const isThrown = (code: string) =>
      text.includes(`'${code}'`) || text.includes(`'${code.replace(/^webhook-/, '')}'`);
    expect(codes.filter((code) => !isThrown(code))).toEqual([]);
  });

  test('do not explain what is none of them, and call it a defect', () => {
    expect([explanationOf('toString'), explanationOf('')]).toEqual(['', '']);
    expect([new Error('closed'), 'closed', undefined].map(failureCodeOf)).toEqual(['defect', 'defect', 'defect']);
    expect(failureCodeOf(new Failure('busy'))).toBe('busy');
  });
});

describe('what is said of a thrown value', () => {
  test('is its class, its code and its place in the code', () => {
    const described = describeFailure(new Failure('log-full'));
    expect(described).toMatchObject({ error: 'Failure', code: 'log-full' });
    expect(described.at).toMatch(/failure\.test\.ts:\d+:\d+/);
    expect(described.cause).toBeUndefined();
  });

  test('names the cause by class and code', () => {
    const cause = Object.assign(new TypeError(CANARY), { code: 'ECONNREFUSED' });
    expect(describeFailure(new Failure('store-unavailable', {}, { cause })).cause).toBe('TypeError ECONNREFUSED');
  });

  test('takes a number for a code, as ClickHouse gives it', () => {
    expect(describeFailure(Object.assign(new Error(CANARY), { code: 27 })).code).toBe('27');
  });

  test('is of a value that is no error its type alone', () => {
    expect(describeFailure(CANARY)).toEqual({ error: 'string' });
    expect(describeFailure({ message: CANARY })).toEqual({ error: 'object' });
    expect(describeFailure(undefined)).toEqual({ error: 'undefined' });
    expect(describeFailure(null)).toEqual({ error: 'object' });
    expect(describeFailure(4711)).toEqual({ error: 'number' });
  });
});

describe('no message is ever said', () => {
  test.each<[string, unknown]>([
    ['of an error', new Error(CANARY)],
    ['of an error of a class of its own', new (class StoreError extends Error {})(CANARY)],
    ['of a cause', new Failure('store-rejected', {}, { cause: new Error(CANARY) })],
    ['of the cause of a cause', new Error('x', { cause: new Error('y', { cause: new Error(CANARY) }) })],
    ['of a cause that is a text', new Error('x', { cause: CANARY })],
    ['of the errors of an aggregate', new AggregateError([new Error(CANARY)], CANARY)],
    ['of a syntax error that quotes its input', syntaxError(`{"token":"${CANARY}"`)],
    ['in a code', Object.assign(new Error('x'), { code: CANARY })],
    ['in a code with a line end', Object.assign(new Error('x'), { code: `A\n${CANARY}` })],
    ['in a code that is an object', Object.assign(new Error('x'), { code: { CANARY } })],
    ['in a code past forty characters', Object.assign(new Error('x'), { code: `c4n4ry${'x'.repeat(40)}` })],
    ['in other fields', Object.assign(new Error('x'), { type: CANARY, body: CANARY, detail: { CANARY } })],
    ['in the detail of a failure', new Failure('busy', { name: CANARY })],
    ['of several lines', new Error(`Code: 27\nrow 1: ${CANARY}\n${CANARY}`)],
    ['that looks like a place in the code', new Error(`Cannot parse input\n    at ${CANARY} (row 1)\n    at row 2`)],
    ['that looks like a place in a file', new Error(`x\n    at f (/services/${CANARY}.ts:1:1)`)],
    ['of a cause that looks like a place in the code', new Error('x', { cause: new Error(`y\n    at ${CANARY}`) })],
    ['in the name of an error', Object.assign(new Error('x'), { name: CANARY })],
    ['in the name of a cause', new Error('x', { cause: Object.assign(new Error('y'), { name: CANARY }) })],
    ['that was changed after the error was made', Object.assign(new Error('x'), { message: CANARY })],
  ])('%s', (_what, thrown) => {
    const text = said(thrown);
    expect(text).not.toContain(CANARY);
    expect(text).not.toContain('c4n4ry');
  });

  test('and the describing does not fail itself, whatever was thrown', () => {
    const circle = new Error('x');
    circle.cause = circle;
    const withoutStack = new Error('x');
    delete (withoutStack as { stack?: string }).stack;
    const oddStack = Object.assign(new Error('x'), { stack: 4711 });
    for (const thrown of [circle, withoutStack, oddStack, Object.create(null), Symbol('x'), () => {}, 10n])
      expect(() => describeFailure(thrown)).not.toThrow();
  });

  test('and no place names a directory outside the product', () => {
    expect(describeFailure(new Failure('busy')).at?.length).toBeLessThan(300);
    const failure = new Failure('busy');
    failure.stack = 'Failure: busy\n    at run (/opt/alice/rollcall/services/http/server.ts:1:2)';
    expect(describeFailure(failure).at).toBe('at run (services/http/server.ts:1:2)');
  });
});

function syntaxError(text: string): unknown {
  try {
    JSON.parse(text);
  } catch (thrown) {
    return thrown;
  }
  throw new Error('the text parsed');
}
